import CarpusKit
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// What a user may get wrong: each gets a sentence and an exit code, and leaves nothing behind.
@Suite struct BadInputTests {
  private let folder: TemporaryFolder
  private let model = Fixtures.url("Networks/pooled_linear/model.onnx").path
  private let input = Fixtures.url("Networks/pooled_linear/input.npy").path
  private let hand = Fixtures.url("Radiographs/hand.png").path
  private let regions = Fixtures.url("Radiographs/hand.coco.json").path

  init() throws { folder = try TemporaryFolder() }

  private func expect(_ code: Int32, _ words: String..., from arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let outcome = try Command.run(arguments)
    #expect(outcome.code == code, "\(outcome.errors)", sourceLocation: sourceLocation)
    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation) }
    #expect(!outcome.errors.contains(folder.url.path), "a path was printed: \(outcome.errors)", sourceLocation: sourceLocation)
  }

  private func explain(_ more: String...) -> [String] { ["explain", model, "--output", folder.path("out")] + more }

  @Test func usage() throws {
    try expect(64, "--image or --tensor", from: explain())
    try expect(64, "no method", "hirescam", from: explain("--image", hand, "--method", "eigencam"))
    try expect(64, "no output 'class'", "'score'", from: explain("--image", hand, "--target", "class:3"))
    try expect(64, "not one of 0…0", from: explain("--image", hand, "--target", "score:1"))
    try expect(64, "nearest", from: explain("--image", hand, "--layer", "nowhere"))
    try expect(64, "not a feature map", from: explain("--image", hand, "--layer", "score"))
    try expect(64, "--size", from: explain("--image", hand, "--size", "12"))
    try expect(64, "no input 'x'", from: ["run", model, "--input", input, "--output-dir", folder.path("out"), "--output", "score"].map { $0 == input ? "x=\(input)" : $0 })
  }

  @Test func filesThatAreNotThere() throws {
    try expect(66, "none.onnx", from: ["inspect", folder.path("none.onnx")])
    try expect(66, "none.png", from: explain("--image", folder.path("none.png")))
    try expect(66, "none.json", from: explain("--image", hand, "--regions", folder.path("none.json")))
    try expect(66, "none.npy", from: ["run", model, "--input", folder.path("none.npy"), "--output-dir", folder.path("out")])
  }

  @Test func modelsThatAreDamaged() throws {
    let whole = try Data(contentsOf: URL(filePath: model))
    for length in [0, 1, 2, 10, 100, whole.count / 2, whole.count - 1] {
      try expect(65, "cut.onnx", from: ["inspect", try folder.write(whole.prefix(length), to: "cut.onnx")])
    }
    // A graph inside an attribute inside a graph, and so on: field 7 of the model, then 1, 5 and 6 in turn.
    var nested: [UInt8] = []
    for level in 0..<10_000 { nested = [[0x3a], [0x0a], [0x2a], [0x32]][level % 4] + length(nested.count) + nested }
    try expect(65, "deep.onnx", from: ["inspect", try folder.write([0x3a] + length(nested.count) + nested, to: "deep.onnx")])
  }

  private func length(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = count
    repeat {
      bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  @Test func tensorsThatDoNotFit() throws {
    let short = folder.path("short.npy"), double = folder.path("double.npy"), nan = folder.path("nan.npy")
    try TensorFiles.write(Tensor(zeros: .float32, shape: [1, 3, 64]), to: short)
    try TensorFiles.write(Tensor(zeros: .float64, shape: [1, 3, 64, 48]), to: double)
    try TensorFiles.write(Tensor([Float](repeating: .nan, count: 9216), shape: [1, 3, 64, 48]), to: nan)
    try expect(65, "1×3×64", from: ["run", model, "--input", short, "--output-dir", folder.path("out")])
    try expect(65, "float64", from: ["run", model, "--input", double, "--output-dir", folder.path("out")])
    try expect(65, "not a finite number", from: explain("--tensor", nan))
    try expect(65, from: ["run", model, "--input", hand, "--output-dir", folder.path("out")])
  }

  @Test func radiographsThatAreDamaged() throws {
    var lying = try Data(contentsOf: URL(filePath: hand))
    lying.replaceSubrange(16..<20, with: [0x7f, 0xff, 0xff, 0xff])
    try expect(65, "lying.png", from: explain("--image", try folder.write(lying, to: "lying.png")))
    let whole = try Data(contentsOf: URL(filePath: hand))
    try expect(65, "cut.png", from: explain("--image", try folder.write(whole.prefix(whole.count / 2), to: "cut.png")))
    try expect(69, "JPEG", from: explain("--image", try folder.write([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46], to: "hand.png")))
  }

  @Test func regionsThatDoNotFit() throws {
    func coco(width: Int, box: String) throws -> String {
      let text = """
        {"images": [{"id": 1, "file_name": "hand.png", "width": \(width), "height": 640}],
         "categories": [{"id": 1, "name": "wrist"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": \(box)}]}
        """
      return try folder.write(text.utf8, to: "regions.json")
    }
    try expect(65, "511×640", "512×640", from: explain("--image", hand, "--regions", try coco(width: 511, box: "[1, 2, 30, 40]")))
    try expect(65, "wrist", "outside", from: explain("--image", hand, "--regions", try coco(width: 512, box: "[1000, 2, 30, 40]")))
    try expect(65, from: explain("--image", hand, "--regions", try folder.write("{".utf8, to: "regions.json")))
  }

  @Test func foldersThatCannotBeWritten() throws {
    let file = try folder.write([1], to: "file")
    try expect(73, "out", from: ["explain", model, "--image", hand, "--output", file + "/out"])
    try expect(73, "file", from: ["run", model, "--input", input, "--output-dir", file])
  }

  @Test func nothingIsWrittenWhenSomethingIsWrong() throws {
    _ = try Command.run(explain("--image", hand, "--regions", folder.path("none.json")))
    let written = try? FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
    #expect(written?.isEmpty ?? true)
  }
}
