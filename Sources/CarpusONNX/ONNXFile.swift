package import CarpusGraphs
import CarpusTensors

/// Reads ONNX files that may come from anybody: every byte is looked at before memory is given for it.
package struct ONNXFile {
  /// Reads a model, and its weights from files beside it.
  ///
  /// - Throws: what is wrong, where, and what would be accepted.
  package static func read(at path: String, limits: ONNXLimits = ONNXLimits()) throws(ONNXFileError) -> ONNXModel {
    let source = try open(path, limits)
    return try read(source, folder: folder(of: path), limits)
  }

  /// Reads a model from memory; `folder` is where its external data lies.
  package static func read(bytes: [UInt8], folder: String? = nil, limits: ONNXLimits = ONNXLimits())
    throws(ONNXFileError) -> ONNXModel
  {
    try read(.memory(bytes), folder: folder, limits)
  }

  /// Reads a file that holds one value, as ONNX's backend test suite keeps operands and results.
  ///
  /// - Parameter type: what the file holds, which it does not say itself.
  package static func readValue(at path: String, as type: ONNXType, limits: ONNXLimits = ONNXLimits()) throws(ONNXFileError) -> RunValue {
    let kind: MessageKind =
      switch type {
      case .sequence: .sequence
      case .optional: .optional
      default: .tensor
      }
    let source = try open(path, limits)
    return try unpacked(kind, source, limits).value(TensorReader(source: source, folder: folder(of: path), limits: limits)).typed(as: type.valueType)
  }

  private static func read(_ source: ByteSource, folder: String?, _ limits: ONNXLimits) throws(ONNXFileError) -> ONNXModel {
    try unpacked(.model, source, limits).model(TensorReader(source: source, folder: folder, limits: limits))
  }

  private static func unpacked(
    _ kind: MessageKind, _ source: ByteSource, _ limits: ONNXLimits
  ) throws(ONNXFileError) -> UnpackedMessage {
    let skeleton = try WireScan.skeleton(of: source, schema: kind.schema, limits: limits)
    return try UnpackedMessage(kind, skeleton, budget: limits.memory(forFileOf: source.byteCount))
  }

  private static func open(_ path: String, _ limits: ONNXLimits) throws(ONNXFileError) -> ByteSource {
    let file: OpenFile
    do { file = try OpenFile(path: path) } catch {
      switch error {
      case .notFound: throw ONNXFileError(.notFound, "There is no such file.")
      default: throw ONNXFileError(.unreadable, "The file cannot be read: \(error.words).")
      }
    }
    guard file.byteCount <= limits.fileByteCount else {
      throw ONNXFileError(
        .tooLarge,
        """
        The file has \(file.byteCount) bytes; files of up to \(limits.fileByteCount) are read.
        """)
    }
    return .file(file)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
