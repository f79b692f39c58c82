import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

@Suite struct ExternalDataTests {
  private let folder: TemporaryFolder
  /// `w.bin` holds 1, 2, 3, 4 as float32.
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.path + "/model"
    try FileManager.default.createDirectory(atPath: model + "/sub", withIntermediateDirectories: true)
    let bytes = [Float(1), 2, 3, 4].flatMap { littleEndian($0.bitPattern) }
    for name in ["model/w.bin", "model/sub/w.bin", "outside.bin", "model/linked.bin"] { try folder.write(name, bytes) }
  }

  private func read(_ entries: [(String, String)], extents: [Int] = [2]) throws(ONNXFileError) -> [Float]? {
    let bytes = Wire.model(initializer: Wire.external("w", entries, extents: extents))
    return try ONNXFile.read(bytes: bytes, folder: model).graph.initializers["w"]?.array(of: Float.self)
  }

  private func sentence(_ entries: [(String, String)], extents: [Int] = [2]) -> String {
    do { return "read \(try read(entries, extents: extents) ?? [])" } catch { return "\(error.kind): \(error.sentence)" }
  }

  @Test func readsWhatIsSound() throws {
    #expect(try read([("location", "w.bin")]) == [1, 2])
    #expect(try read([("location", "w.bin"), ("offset", "8"), ("length", "8")]) == [3, 4])
    #expect(try read([("location", "sub/w.bin"), ("offset", "4"), ("checksum", "0")]) == [2, 3])
    #expect(try read([("location", "w.bin"), ("offset", "16"), ("length", "0")], extents: [0]) == [])
    let path = try folder.write("model/m.onnx", Wire.model(initializer: Wire.external("w", [("location", "w.bin")])))
    #expect(try ONNXFile.read(at: path).graph.initializers["w"]?.array(of: Float.self) == [1, 2])
  }

  @Test func sharesARangeButNotAPartOfIt() throws {
    func names(_ second: [(String, String)]) throws -> [String] {
      let tensors = [Wire.external("a", [("location", "w.bin")], extents: [4]), Wire.external("b", second, extents: [4])]
      let graph = try ONNXFile.read(bytes: Wire.model(Wire.graph(initializers: tensors)).bytes, folder: model).graph
      #expect(graph.initializers["a"]?.array(of: Float.self) == [1, 2, 3, 4])
      #expect(graph.initializers["b"]?.array(of: Float.self) == [1, 2, 3, 4])
      return graph.initializerOrder
    }
    #expect(try names([("location", "w.bin"), ("offset", "0")]) == ["a", "b"])
    let overlapping = [Wire.external("a", [("location", "w.bin")], extents: [4]), Wire.external("b", [("location", "w.bin")], extents: [1])]
    #expect(throws: ONNXFileError(.malformed, "The initializer 'b' and others take overlapping parts of their data file.")) {
      try ONNXFile.read(bytes: Wire.model(Wire.graph(initializers: overlapping)).bytes, folder: model)
    }
  }

  @Test(arguments: ["../outside.bin", "sub/../w.bin", "./w.bin", "/etc/passwd", "", "sub//w.bin", "sub/", ".."])
  func refusesPathsThatAreNotPlain(_ location: String) {
    #expect(
      sentence([("location", location)])
        == "malformed: The initializer 'w' has its data outside the model's folder; only a plain path below that folder is accepted, without '.' and '..'."
    )
  }

  @Test func refusesLinks() throws {
    let files = FileManager.default
    try files.createSymbolicLink(atPath: model + "/leaf.bin", withDestinationPath: "w.bin")
    try files.createSymbolicLink(atPath: model + "/parent", withDestinationPath: "sub")
    try files.linkItem(atPath: model + "/linked.bin", toPath: folder.path + "/elsewhere.bin")
    #expect(
      sentence([("location", "leaf.bin")])
        == "malformed: The initializer 'w' has its data in the file 'leaf.bin' beside the model, but it is a symbolic link, or lies behind one.")
    #expect(sentence([("location", "parent/w.bin")]).hasSuffix("but it is a symbolic link, or lies behind one."))
    #expect(
      sentence([("location", "linked.bin")])
        == "malformed: The initializer 'w' has its data in the file 'linked.bin', which is a hard link: it has another name elsewhere.")
  }

  @Test(.timeLimit(.minutes(1))) func refusesWhatIsNoFile() throws {
    try folder.makePipe("model/fifo")
    #expect(sentence([("location", "sub")]).hasSuffix("but it is not a regular file."))
    #expect(sentence([("location", "fifo")]).hasSuffix("but it is not a regular file."))
    #expect(sentence([("location", "none.bin")]).hasPrefix("notFound: The initializer 'w' has its data in the file 'none.bin'"))
    #expect(sentence([("location", "w.bin/x")]).hasPrefix("notFound"))
    #expect(sentence([("location", String(repeating: "n", count: 5000))]).hasPrefix("unreadable"))
  }

  @Test(arguments: ["-1", "1e3", "+4", "", " 4", "99999999999999999999", "0x10"])
  func refusesNumbersThatAreNone(_ text: String) {
    for key in ["offset", "length"] {
      #expect(
        sentence([("location", "w.bin"), (key, text)])
          == "malformed: The initializer 'w' has the \(key) '\(text)' in its data file; a number from 0 on is accepted.")
    }
  }

  @Test func refusesRangesBeyondTheFile() {
    for offset in [9, 16, 17, Int.max] {
      #expect(
        sentence([("location", "w.bin"), ("offset", "\(offset)")])
          == "malformed: The initializer 'w' is to take 8 bytes from byte \(offset) of its data file, which has 16.")
    }
    #expect(
      sentence([("location", "w.bin"), ("length", "16")])
        == "malformed: The initializer 'w' has 16 bytes of external data, but float32 of shape 2 needs 8.")
    #expect(sentence([("location", "w.bin")], extents: [1 << 30]).contains("is to take 4294967296 bytes"))
  }

  @Test func refusesOtherDescriptions() {
    #expect(sentence([("location", "w.bin"), ("basepath", "/etc")]).contains("unknown key 'basepath'"))
    #expect(sentence([("location", "w.bin"), ("location", "w.bin")]).contains("the key 'location' twice"))
    #expect(sentence([("offset", "0")]) == "malformed: The initializer 'w' does not say which file its data is in.")
    let both = Wire.external("w", [("location", "w.bin")]).bytes(9, [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(throws: ONNXFileError(.malformed, "The initializer 'w' has its data both in another file and in raw_data.")) {
      try ONNXFile.read(bytes: Wire.model(initializer: both), folder: model)
    }
    #expect(throws: ONNXFileError.self) { try ONNXFile.read(bytes: Wire.model(initializer: Wire.external("w", [("location", "w.bin")]))) }
  }
}

/// Files that are mapped, and models larger than 2 GiB.
@Suite struct LargeFileTests {
  @Test func mapsFilesOfWeights() throws {
    let folder = try TemporaryFolder()
    let bytes = [Float(1), 2, 3, 4].flatMap { littleEndian($0.bitPattern) }
    try folder.write("w.bin", bytes)
    var limits = ONNXLimits()
    limits.mappingByteCount = 16
    // Mapped weights are not copied, so that they count for nothing.
    limits.tensorByteCount = 4
    func read(_ entries: [(String, String)], _ extents: [Int], type: Int = 1) throws -> Tensor? {
      let tensor = Wire.external("w", entries, extents: extents, type: type)
      return try ONNXFile.read(bytes: Wire.model(initializer: tensor), folder: folder.path, limits: limits).graph.initializers["w"]
    }
    let tensor = try #require(try read([("location", "w.bin"), ("offset", "4")], [3]))
    // The file may go; what is mapped stays.
    try folder.remove("w.bin")
    #expect(tensor.array(of: Float.self) == [2, 3, 4])
    #expect(tensor.storage.byteCount == 16)
    try folder.write("w.bin", bytes)
    // Not at a multiple of the size of an element: copied, and counted.
    #expect(try read([("location", "w.bin"), ("offset", "2")], [1])?.storage.byteCount == 4)
    #expect(throws: ONNXFileError.self) { try read([("location", "w.bin"), ("offset", "2")], [2]) }
    #expect(throws: ONNXFileError.self) { try read([("location", "w.bin"), ("offset", "4")], [4]) }
    #expect(try read([("location", "w.bin"), ("offset", "0")], [4], type: 9)?.array(of: Bool.self) == [false, false, true, true])
  }

  /// A model of 2.2 GB, most of it a description that nobody reads, which takes no place on the disk.
  @Test func readsBeyondTwoGibibytes() throws {
    let folder = try TemporaryFolder()
    let count = 2_200_000_000
    let head = Wire.model(initializer: Wire.tensor("w", type: 7, [1]).packed(7, [5]))
    let path = try folder.write("m.onnx", head + WireMessage.varint(6 << 3 | 2) + WireMessage.varint(UInt64(count)))
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: try file.seekToEnd() + UInt64(count))
    try file.seekToEnd()
    try file.write(contentsOf: Data(WireMessage().message(14, WireMessage().text(1, "k").text(2, "v")).bytes))
    try file.close()
    let model = try ONNXFile.read(at: path)
    #expect(model.graph.initializers["w"]?.integers == [5])
    #expect(model.metadata == ["k": "v"])
  }
}
