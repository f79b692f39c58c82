import CarpusTensors

/// Weights that lie in other files, in the model's own folder or below it.
///
/// A model decides which files are opened here, so nothing is taken on trust: names are plain, no symbolic link is followed,
/// no file is read that has a second name elsewhere, and a range is read once, however many tensors share it.
///
/// Source: ONNX, "External Data" and "Security".
struct ExternalData {
  private struct Range: Hashable {
    let location: String
    let offset: Int
    let byteCount: Int
    let elementType: ElementType
  }

  /// `nil` for a model that does not come from a file.
  private let folderPath: String?
  private var folder: OpenFolder?
  private var known: [Range: Tensor] = [:]
  private var mapped: [String: TensorStorage] = [:]
  /// Files from this size on are mapped.
  private let mappingByteCount: Int
  private var taken: [String: Int] = [:]

  init(folder: String?, mappingByteCount: Int) {
    folderPath = folder
    self.mappingByteCount = mappingByteCount
  }

  /// - Parameter budget: of what is copied into memory.
  mutating func tensor(
    _ type: ElementType, _ shape: Shape, at entries: [(key: String, value: String)], _ owner: Subject, _ budget: inout TensorBudget
  ) throws(ONNXFileError) -> Tensor {
    let needed = shape.count * type.byteCount
    let (location, offset, length) = try place(entries, owner)
    if let length { try require(length, needed, "bytes of external data", type, shape, owner) }
    let range = Range(location: location, offset: offset, byteCount: needed, elementType: type)
    if let tensor = known[range] { return tensor.reshaped(shape) }
    let file = try open(location, owner)
    guard offset <= file.byteCount, needed <= file.byteCount - offset else {
      throw ONNXFileError(
        .malformed, "\(owner) is to take \(needed) bytes from byte \(offset) of its data file, which has \(file.byteCount).")
    }
    guard needed <= file.byteCount - taken[location, default: 0] else {
      throw ONNXFileError(.malformed, "\(owner) and others take overlapping parts of their data file.")
    }
    taken[location, default: 0] += needed
    // Truth values are looked at one by one, and elements must lie at multiples of their size.
    let isMapped = file.byteCount >= mappingByteCount && type != .bool && offset % type.byteCount == 0
    if !isMapped { try budget.charge(type, shape, owner) }
    do throws(OpenFile.Failure) {
      let tensor = isMapped ? try part(of: file, location, offset, type, shape) : try copy(file, offset, type, shape)
      known[range] = tensor
      return tensor
    } catch { throw ONNXFileError(.unreadable, "The data file of \(owner) could not be read: \(error.words).") }
  }

  private mutating func part(
    of file: OpenFile, _ location: String, _ offset: Int, _ type: ElementType, _ shape: Shape
  ) throws(OpenFile.Failure) -> Tensor {
    if let storage = mapped[location] { return Tensor(elementType: type, shape: shape, storage: storage, offset: offset) }
    let storage = try file.mapped()
    mapped[location] = storage
    return Tensor(elementType: type, shape: shape, storage: storage, offset: offset)
  }

  private func copy(_ file: OpenFile, _ offset: Int, _ type: ElementType, _ shape: Shape) throws(OpenFile.Failure) -> Tensor {
    let storage = TensorStorage(byteCount: shape.count * type.byteCount)
    var target = storage.mutableSpan(of: UInt8.self, offset: 0, count: storage.byteCount)
    try file.read(at: offset, into: &target)
    return Tensor(elementType: type, shape: shape, normalizing: storage)
  }

  private func place(
    _ entries: [(key: String, value: String)], _ owner: Subject
  ) throws(ONNXFileError) -> (location: String, offset: Int, length: Int?) {
    var values: [String: String] = [:]
    for (key, value) in entries {
      guard ["location", "offset", "length", "checksum"].contains(key) else {
        throw ONNXFileError(.malformed, "\(owner) describes its data file with the unknown key \(quoted(key)).")
      }
      guard values.updateValue(value, forKey: key) == nil else {
        throw ONNXFileError(.malformed, "\(owner) describes its data file with the key \(quoted(key)) twice.")
      }
    }
    guard let location = values["location"] else {
      throw ONNXFileError(.malformed, "\(owner) does not say which file its data is in.")
    }
    let names = location.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard names.allSatisfy({ !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }) else {
      throw ONNXFileError(
        .malformed,
        "\(owner) has its data outside the model's folder; only a plain path below that folder is accepted, without '.' and '..'.")
    }
    return (location, try number(values["offset"], "offset", owner) ?? 0, try number(values["length"], "length", owner))
  }

  private func number(_ text: String?, _ key: String, _ owner: Subject) throws(ONNXFileError) -> Int? {
    guard let text else { return nil }
    guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = Int(text) else {
      throw ONNXFileError(.malformed, "\(owner) has the \(key) \(quoted(text)) in its data file; a number from 0 on is accepted.")
    }
    return number
  }

  private mutating func open(_ location: String, _ owner: Subject) throws(ONNXFileError) -> OpenFile {
    guard let folderPath else {
      throw ONNXFileError(.unsupported, "\(owner) lies in another file, but the model was not read from a folder.")
    }
    let file: OpenFile
    do throws(OpenFile.Failure) {
      if folder == nil { folder = try OpenFolder(path: folderPath) }
      guard let folder else { throw .notFound }
      file = try OpenFile(location, beneath: folder)
    } catch {
      let kind: ONNXFileError.Kind =
        switch error {
        case .notFound: .notFound
        case .symbolicLink, .notRegular: .malformed
        case .system: .unreadable
        }
      throw ONNXFileError(kind, "\(owner) has its data in the file \(quoted(location)) beside the model, but \(error.words).")
    }
    guard file.linkCount <= 1 else {
      throw ONNXFileError(
        .malformed, "\(owner) has its data in the file \(quoted(location)), which is a hard link: it has another name elsewhere.")
    }
    return file
  }
}
