import CarpusImaging

/// A file of regions, and those of its folder that it speaks of.
public struct RegionDocument: Sendable {
  /// The file's name without its folder.
  public let name: String
  public let bytes: [UInt8]
  /// The bytes of another file of the same folder, `nil` where there is none. Asked with plain names only.
  public let companion: @Sendable (String) throws(RegionError) -> [UInt8]?

  public init(
    name: String, bytes: [UInt8], companion: @escaping @Sendable (String) throws(RegionError) -> [UInt8]? = { _ throws(RegionError) in nil }
  ) {
    self.name = name
    self.bytes = bytes
    self.companion = companion
  }

  /// The name without its last extension.
  var stem: String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }

  /// A file of the same folder that a file names; a name with a folder in it would leave the folder.
  func file(_ name: String) throws(RegionError) -> [UInt8] {
    let isPlain = !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".." && !name.utf8.contains { $0 == 0 || $0 == 47 || $0 == 92 }
    guard isPlain else { throw .malformed(at: RegionName.cleaned(name), "a plain file name without folders is needed") }
    guard let bytes = try companion(name) else { throw .missingFile(RegionName.cleaned(name)) }
    return bytes
  }

  /// The first of several files of the folder that is there.
  func first(of names: [String]) throws(RegionError) -> [UInt8] {
    for name in names { if let bytes = try companion(name) { return bytes } }
    throw .missingFile(RegionName.cleaned(names.first ?? ""))
  }

  /// The text of the file.
  func text() throws(RegionError) -> String {
    guard bytes.count <= RegionLimits.bytes else { throw .tooMuch("bytes", bytes.count, limit: RegionLimits.bytes) }
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    guard let text = String(validating: bytes[start...], as: UTF8.self), !text.utf8.contains(0) else {
      throw .malformed(at: "", "the text is not UTF-8")
    }
    return text
  }

  func labels(_ bytes: [UInt8], of name: String) throws(RegionError) -> LabelImage {
    do { return try LabelImage(pngBytes: bytes) } catch { throw .malformed(at: RegionName.cleaned(name), error.description) }
  }
}
