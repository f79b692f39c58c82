import CarpusImaging
import CarpusScoring
import Testing

@Suite struct ModelCardTests {
  static let text = """
    {"schema": "carpus-model/1", "name": "honest", "description": "Of two hands.", "file": "honest.onnx",
     "sha256": "\(String(repeating: "0aF9", count: 16))",
     "input": {"name": "radiograph", "size": [256, 384], "channels": 1, "range": {"kind": "percentile", "lower": 0.5, "upper": 99.5},
       "resize": {"fit": "letterbox", "filter": "bilinear-antialias", "padding": 0.25}, "hands": "both", "laterality": "as-is",
       "inverted": false, "mean": [0.5], "standardDeviation": [0.25]},
     "outputs": [{"name": "score", "kind": "score", "unit": "SvdH points", "scale": [0, 280], "factor": 2, "offset": 10, "clamp": true},
       {"name": "severity", "kind": "classes", "activation": "softmax", "scale": "ten-classes"}],
     "target": {"output": "score", "index": 0}, "layer": "relu"}
    """

  private func read(_ replacements: (String, String)...) throws(CardError) -> ModelCard {
    var text = Self.text
    for (old, new) in replacements {
      precondition(text.contains(old), "\(old)")
      text = text.replacing(old, with: new, maxReplacements: 1)
    }
    return try ModelCard.read(Array(text.utf8))
  }

  private func refusal(_ old: String, _ new: String) -> String {
    do {
      _ = try read((old, new))
      return "accepted"
    } catch { return error.description }
  }

  @Test func everythingIsRead() throws {
    let card = try read()
    #expect(card.name == "honest" && card.description == "Of two hands." && card.file == "honest.onnx" && card.layer == "relu")
    #expect(card.sha256 == String(repeating: "0af9", count: 16))
    let expected = try Preprocessing(
      size: PixelSize(width: 384, height: 256), channels: 1, fit: .letterbox, filter: .bilinearAntialias, padding: 0.25,
      greyRange: .percentile(0.5, 99.5), mean: [0.5], standardDeviation: [0.25])
    #expect(card.input.preprocessing == expected && card.input.hands == .both && card.input.range == .grey(.percentile(0.5, 99.5)))
    #expect(card.target == CardTarget(output: "score", index: 0))
    let points = try #require(card.scoreOutput?.points)
    #expect(points.unit == "SvdH points" && points.scale == 0...280 && points.severity == .tenClasses)
    #expect(points.points(of: 20) == 50 && points.points(of: -20) == 0 && points.points(of: 500) == 280)
    #expect(card.classOutput?.classes == ClassOutput(activation: .softmax, names: .severity(.tenClasses)))
  }

  @Test func onlyWhatHasOneMeaningMayBeLeftOut() throws {
    let card = try read(
      (#", "layer": "relu""#, ""), (#", "index": 0"#, ""), (#""description": "Of two hands.", "#, ""),
      (#", "factor": 2, "offset": 10, "clamp": true"#, ""))
    #expect(card.layer == nil && card.description.isEmpty)
    #expect(card.scoreOutput?.points.points(of: 300) == 300)
  }

  @Test(arguments: [
    // Keys.
    (#""name": "honest""#, #""nam": "honest""#, "there is no key ‘nam’ here; there are ‘description’, ‘file’, ‘input’, ‘layer’, ‘name’, ‘outputs’, ‘schema’, ‘sha256’, ‘target’"),
    (#""name": "honest", "#, "", "‘name’ is missing"),
    (#""channels": 1, "#, "", "at input: ‘channels’ is missing"),
    (#""clamp": true"#, #""clam": true"#, "at outputs[0]: there is no key ‘clam’ here; there are ‘clamp’, ‘edges’, ‘factor’, ‘kind’, ‘name’, ‘offset’, ‘origin’, ‘scale’, ‘unit’"),
    (#""padding": 0.25"#, #""padding": 0.25, "colour": 1"#, "at input.resize: there is no key ‘colour’ here; there are ‘filter’, ‘fit’, ‘padding’"),
    (#""kind": "percentile", "lower": 0.5, "upper": 99.5"#, #""kind": "full-range", "lower": 1"#, "at input.range: there is no key ‘lower’ here; there are ‘kind’"),
    (#""channels": 1"#, #""channels": 1, "channels": 3"#, "at line 3, column 82: the key ‘channels’ occurs twice"),
    // Types and values.
    ("carpus-model/1", "carpus-model/2", "at schema: ‘carpus-model/1’ is needed"),
    (#""file": "honest.onnx""#, #""file": "../honest.onnx""#, "at file: the name of a file in the same folder or below it is needed, without ‘..’ and not from the root"),
    (#""file": "honest.onnx""#, #""file": "/honest.onnx""#, "at file: the name of a file in the same folder or below it is needed, without ‘..’ and not from the root"),
    ("0aF90aF9", "0aF9", "at sha256: the SHA-256 of the model's file, 64 hexadecimal digits, is needed"),
    ("[256, 384]", "[256]", "at input.size: [height, width], two whole numbers from 1 to 4096, is needed"),
    ("[256, 384]", "[256, 384.5]", "at input.size: [height, width], two whole numbers from 1 to 4096, is needed"),
    ("[256, 384]", "[256, 1e300]", "at input.size: [height, width], two whole numbers from 1 to 4096, is needed"),
    ("[256, 384]", "\"256x384\"", "at input.size: [height, width], two whole numbers from 1 to 4096, is needed"),
    (#""channels": 1"#, #""channels": 2"#, "at input.channels: 1 or 3 is needed"),
    (#""channels": 1"#, #""channels": 3"#, "at input.mean: a list of three numbers, one for each channel, is needed"),
    (#""channels": 1"#, #""channels": true"#, "at input.channels: 1 or 3 is needed"),
    ("percentile", "percent", "at input.range.kind: one of ‘full-range’, ‘percentile’, ‘dicom’ is needed"),
    (#"{"kind": "percentile", "lower": 0.5, "upper": 99.5}"#, #""full-range""#, #"at input.range: {"kind": "full-range"}, {"kind": "percentile", "lower": 0.5, "upper": 99.5} or {"kind": "dicom"} is needed"#),
    (#""upper": 99.5"#, #""upper": 0.25"#, "at input.range.upper: a percentile from 0 to 100 above ‘lower’ is needed"),
    ("letterbox", "squash", "at input.resize.fit: one of ‘letterbox’, ‘stretch’, ‘crop’ is needed"),
    ("bilinear-antialias", "lanczos", "at input.resize.filter: one of ‘nearest’, ‘bilinear’, ‘bilinear-antialias’, ‘bicubic’, ‘area’ is needed"),
    (#""padding": 0.25"#, #""padding": 128"#, "at input.resize.padding: a grey from 0 (black) to 1 (white) is needed"),
    (#""hands": "both""#, #""hands": "two""#, "at input.hands: one of ‘both’, ‘left’, ‘right’, ‘single’ is needed"),
    ("as-is", "mirror", "at input.laterality: one of ‘as-is’, ‘mirror-right’, ‘mirror-left’ is needed"),
    ("as-is", "mirror-right", "at input.laterality: ‘mirror-right’ needs ‘hands’ to be ‘single’; with ‘both’ it is ‘as-is’"),
    (#""inverted": false"#, #""inverted": 0"#, "at input.inverted: true or false is needed"),
    (#""mean": [0.5]"#, #""mean": 0.5"#, "at input.mean: a list of one number is needed"),
    (#""mean": [0.5]"#, #""mean": [1e39]"#, "at input.mean: a list of one number is needed"),
    (#""standardDeviation": [0.25]"#, #""standardDeviation": [0]"#, "at input.standardDeviation: a list of one number above 0 is needed"),
    (#""standardDeviation": [0.25]"#, #""standardDeviation": [1e-60]"#, "at input.standardDeviation: a list of one number above 0 is needed"),
    // Outputs.
    (#""kind": "score""#, #""kind": "number""#, "at outputs[0].kind: one of ‘score’, ‘classes’ is needed"),
    (#""factor": 2"#, #""factor": 0"#, "at outputs[0].factor: a number other than 0 is needed"),
    (#""factor": 2"#, #""factor": "2""#, "at outputs[0].factor: a number other than 0 is needed"),
    (#""factor": 2"#, #""factor": NaN"#, "at line 6, column 101: a value is needed; NaN and Infinity are none in JSON"),
    (#""factor": 2"#, #""factor": 1e999"#, "at line 6, column 106: the number is too large"),
    ("[0, 280]", "[280, 0]", "at outputs[0].scale: [lowest, highest] score, two rising numbers, is needed"),
    (#""name": "severity""#, #""name": "score""#, "at outputs[1]: the output ‘score’ occurs twice"),
    ("softmax", "relu", "at outputs[1].activation: one of ‘none’, ‘softmax’, ‘sigmoid’ is needed"),
    ("ten-classes", "four-classes", "at outputs[1].scale: ‘ten-classes’ is needed"),
    (#""scale": "ten-classes""#, #""scale": "ten-classes", "names": ["a", "b"]"#, "at outputs[1]: exactly one of ‘scale’ (‘ten-classes’), ‘edges’ (with ‘origin’) and ‘names’ says what the classes are"),
    (#""scale": "ten-classes""#, #""names": ["a", "a"]"#, "at outputs[1].names: a list of the classes' names, two or more that differ, is needed"),
    (#""scale": "ten-classes""#, #""edges": [0, 1, 2]"#, "at outputs[1]: ‘origin’ is missing: say in a sentence where the edges come from"),
    (#""scale": "ten-classes""#, #""edges": [0, 2, 1], "origin": "mine""#, "at outputs[1].edges: a list of rising numbers, one more than there are classes, is needed"),
    (#""clamp": true"#, #""origin": "mine""#, "at outputs[0].origin: an origin is of ‘edges’, and there are none"),
    // Target.
    (#"{"output": "score""#, #"{"output": "points""#, "at target.output: there is no such output in ‘outputs’; there are ‘score’, ‘severity’"),
    (#""index": 0"#, #""index": -1"#, "at target.index: the index of an element of the output, a whole number from 0, is needed"),
    (#""index": 0"#, #""index": 1e30"#, "at target.index: the index of an element of the output, a whole number from 0, is needed"),
    // What a draft leaves open.
    (#""hands": "both""#, #""hands": "decide""#, "at input.hands: this must be decided: one of ‘both’, ‘left’, ‘right’, ‘single’"),
    (#""factor": 2"#, #""factor": "decide""#, "at outputs[0].factor: this must be decided: a number other than 0"),
    (#""mean": [0.5]"#, #""mean": "decide""#, "at input.mean: this must be decided: a list of one number"),
    (#""unit": "SvdH points""#, #""unit": "decide""#, "at outputs[0].unit: this must be decided: the name of the unit"),
    (#"{"output": "score""#, #"{"output": "decide""#, "at target.output: this must be decided: the name of an output of the card"),
  ])
  func saysWhatIsWrongAndWhere(_ old: String, _ new: String, _ sentence: String) { #expect(refusal(old, new) == sentence) }

  @Test func hostileFilesAreRefused() {
    func refused(_ bytes: [UInt8]) -> Bool { (try? ModelCard.read(bytes)) == nil }
    #expect(refused([]))
    #expect(refused(Array("[]".utf8)))
    #expect(refused(Array(String(repeating: "[", count: 100_000).utf8)))
    #expect(refused(Array(String(repeating: #"{"input":"#, count: 100_000).utf8)))
    #expect(refused([UInt8](repeating: 32, count: ModelCard.maximumByteCount + 1)))
    #expect(refused([0xff, 0xfe, 0x00]))
    let outputs = String(repeating: #"{"name": "a", "kind": "score", "scale": [0, 1]},"#, count: 65).dropLast()
    #expect(throws: CardError.tooMuch("outputs", 65, limit: 64)) {
      try ModelCard.read(Array(#"{"schema": "carpus-model/1", "outputs": [\#(outputs)]}"#.utf8))
    }
    // Every prefix is an error, and none a crash.
    let bytes = Array(Self.text.utf8)
    for length in 0..<bytes.count { #expect(refused(Array(bytes.prefix(length)))) }
  }

  @Test func sidesAreMirroredAsTheCardSays() throws {
    for (rule, mirrored) in [("mirror-right", true), ("mirror-left", false)] {
      let card = try read(("as-is", rule), (#""hands": "both""#, #""hands": "single""#))
      #expect(card.input.preprocessing(ofRightHand: nil) == nil)
      #expect(card.input.preprocessing(ofRightHand: true)?.isMirrored == mirrored)
      #expect(card.input.preprocessing(ofRightHand: false)?.isMirrored == !mirrored)
    }
    #expect(try read().input.preprocessing(ofRightHand: true)?.isMirrored == false)
  }

  @Test func probabilitiesOfClasses() {
    let softmax = ClassOutput(activation: .softmax, names: .names(["a", "b", "c"]))
    // exp(ln 1), exp(ln 2), exp(ln 5) over 8; and the same far from 0.
    for shift in [0.0, 1000, -1000] {
      let probabilities = softmax.probabilities(of: [0, 0.6931471805599453, 1.6094379124341003].map { $0 + shift })
      #expect(zip(probabilities, [0.125, 0.25, 0.625]).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    let sigmoid = ClassOutput(activation: .sigmoid, names: .names(["a", "b"]))
    #expect(sigmoid.probabilities(of: [0, -1000]) == [0.5, 0])
    #expect(softmax.index(of: [1, 3, 3]) == 1)
  }
}
