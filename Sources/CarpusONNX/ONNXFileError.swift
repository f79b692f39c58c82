/// Why an ONNX file could not be read.
public struct ONNXFileError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// There is no such file.
    case notFound
    /// The system does not let us read it.
    case unreadable
    /// It is not an ONNX file, is damaged, or asks for what no sound file asks for.
    case malformed
    /// It is sound, but uses something that is not read here.
    case unsupported
    /// It exceeds one of the `ONNXLimits`.
    case tooLarge
  }

  public let kind: Kind
  /// What is wrong and where. Never names the file itself, which the caller knows.
  public let sentence: String

  package init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }

  public var description: String { sentence }
}

/// How much a file may ask for before anything is allocated for it.
package struct ONNXLimits: Sendable {
  /// Bytes of the file itself, without external data. Libraries for protocol buffers end at 2 GiB; the format does not.
  package var fileByteCount = 1 << 40
  /// Messages inside each other. The specification sets no bound; 64 allows some twenty graphs in graphs.
  package var nesting = 64
  /// Bytes that unpacking may need, without weights: so many for each byte of the file …
  package var memoryPerFileByte = 4
  /// … and so many more.
  package var additionalMemory = 64 << 20
  /// Files of external data of this many bytes and more are mapped, not copied.
  package var mappingByteCount = 1 << 30
  /// Bytes of all tensors that are copied into memory.
  package var tensorByteCount = 16 << 30

  package init() {}

  /// - Parameter byteCount: of the file; what lies beyond 2 GiB can only be weights, and brings nothing.
  func memory(forFileOf byteCount: Int) -> Int { additionalMemory + memoryPerFileByte * min(byteCount, 1 << 31) }
}

/// Text from a file, fit for a message: no control characters, at most 80 characters.
func printable(_ text: String) -> String {
  let short = text.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format ? "\u{fffd}" : Character(scalar)
  }
  return String(short) + (text.unicodeScalars.count > 80 ? "…" : "")
}

func quoted(_ name: String) -> String { "'\(printable(name))'" }

/// What a message is about; put into words only when there is one.
enum Subject: CustomStringConvertible {
  case tensor
  case initializer(String)
  case attribute(String, node: Int, name: String, operatorType: String)

  var description: String {
    switch self {
    case .tensor: "The tensor"
    case .initializer(let name): "The initializer \(quoted(name))"
    case .attribute(let attribute, let node, let name, let type):
      "The attribute \(quoted(attribute)) of node \(node) (\(name.isEmpty ? "" : quoted(name) + ", ")\(printable(type)))"
    }
  }
}
