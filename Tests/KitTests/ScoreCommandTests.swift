import CarpusTestSupport
import Foundation
import Testing

/// Scores by cards, against NumPy and Pillow: Fixtures/Cards/make.py.
@Suite struct ScoreCommandTests {
  private func fixture(_ name: String) -> String { Fixtures.url("Cards/\(name)").path }

  /// Rows of a CSV without quotation marks, by column.
  private func rows(_ text: String) throws -> [[String: String]] {
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  @Test(arguments: ["fine", "coarse", "coarse:right", "classes"])
  func aModelGivesTheReferencesPointsAndClass(_ key: String) throws {
    let reference = try CardReference.read()
    let parts = key.split(separator: ":").map(String.init)
    let outcome = try Command.run(
      "score", fixture("\(parts[0]).onnx"), "--image", fixture("wide.png"), fixture("tall.png"), "--side", parts.count > 1 ? "right" : "left", "--csv")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("image,score,class\nwide.png,"))
    let rows = try rows(outcome.output)
    #expect(rows.map { $0["image"] } == ["wide.png", "tall.png"])
    for row in rows {
      let expected = try #require(reference[row["image"] ?? ""])
      let score = try #require(row["score"].flatMap(Double.init)), wanted = try #require(expected.scores[key])
      #expect(abs(score - wanted) < 1e-4)
      #expect(row["class"].flatMap(Int.init) == expected.classes[key])
    }
  }

  @Test(arguments: ["mean", "median", "weighted", "stacked", "same", "even"])
  func anEnsembleGivesTheReferencesScoresAndSpread(_ name: String) throws {
    let reference = try CardReference.read()
    let arguments = ["score", fixture("\(name).ensemble.json"), "--image", fixture("wide.png"), fixture("tall.png"), "--side", "left"]
    let csv = try Command.run(arguments + ["--csv"]), json = try Command.run(arguments + ["--json"])
    #expect(csv.code == 0 && json.code == 0, "\(csv.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "carpus-scores/1")
    let images = try #require(object["images"] as? [[String: Any]])
    for (row, image) in zip(try rows(csv.output), images) {
      let entry = try #require(reference[row["image"] ?? ""]), expected = try #require(entry.ensembles[name])
      let score = try #require(row["score"].flatMap(Double.init))
      #expect(abs(score - expected.score) < 1e-4)
      // The same digits; Foundation's reader of JSON may be off by a unit in the last place.
      #expect(json.output.contains("\"score\": \(score),"))
      let members = row.filter { $0.key.hasPrefix("member:") }
      #expect(members.count == (name == "same" || name == "even" ? 2 : 3))
      for (key, value) in members {
        let wanted = try #require(entry.scores[String(key.dropFirst("member:".count))])
        #expect(abs((Double(value) ?? .nan) - wanted) < 1e-4)
      }
      let spread = try #require(image["spread"] as? [String: Double])
      #expect(abs((spread["standardDeviation"] ?? .nan) - expected.standardDeviation) < 1e-4)
      #expect(abs((spread["minimum"] ?? .nan) - expected.minimum) < 1e-4 && abs((spread["maximum"] ?? .nan) - expected.maximum) < 1e-4)
    }
    #expect(csv.errors.contains("lies outside its scale") == (name == "stacked"))
  }

  @Test func probabilitiesComeFromTheCardsActivation() throws {
    let outcome = try Command.run("score", fixture("classes.onnx"), "--image", fixture("wide.png"), "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let image = try #require((object["images"] as? [[String: Any]])?.first)
    let probabilities = try #require(image["probabilities"] as? [Double])
    let expected = try #require(try CardReference.read()["wide.png"]).probabilities
    #expect(probabilities.count == 10 && zip(probabilities, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(image["className"] as? String == "45-70")
  }

  @Test func sameBytesForAnyNumberOfThreadsAndAnyCompany() throws {
    let many = (0..<11).map { fixture($0 % 3 == 0 ? "tall.png" : "wide.png") }
    let outputs = try ["1", "3", "8"].map { threads in
      try Command.run(["score", fixture("mean.ensemble.json"), "--side", "left", "--csv", "--threads", threads, "--image"] + many).output
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
    #expect(Set(outputs[0].split(separator: "\n")).count == 3)
  }

  @Test func withoutACardOptionsSayIt() throws {
    let outcome = try Command.run(
      "score", fixture("fine.onnx"), "--card", "none", "--image", fixture("wide.png"), "--fit", "letterbox", "--filter", "bilinear-antialias", "--range",
      "full-range", "--mean", "0.5", "--std", "0.25", "--factor", "100", "--offset", "5", "--classes", "0,14,15,20", "--csv")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let row = try #require(try rows(outcome.output).first)
    let expected = try #require(try CardReference.read()["wide.png"]?.scores["fine"])
    #expect(abs((row["score"].flatMap(Double.init) ?? .nan) - expected) < 1e-4 && row["class"] == "1")
    let assumed = try Command.run("score", fixture("fine.onnx"), "--card", "none", "--image", fixture("wide.png"))
    #expect(assumed.code == 0 && assumed.errors.contains("assumed: letterbox"))
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    func refused(_ arguments: [String], code: Int32, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      let outcome = try Command.run(["score"] + arguments)
      #expect(outcome.code == code && outcome.output.isEmpty && outcome.errors.contains(sentence), "\(outcome)", sourceLocation: sourceLocation)
      #expect(!outcome.errors.contains(Fixtures.folder.path) && !outcome.errors.contains(folder.url.path), sourceLocation: sourceLocation)
    }
    let (fine, wide) = (fixture("fine.onnx"), fixture("wide.png"))
    try refused([fine, "--image", wide, "--fit", "crop"], code: 64, "fine.card.json says how radiographs are prepared")
    try refused([fine, "--image", wide, "--factor", "2"], code: 64, "fine.card.json says how radiographs are prepared")
    try refused([fixture("coarse.onnx"), "--image", wide], code: 64, "say with --side left or --side right")
    try refused([fixture("mean.ensemble.json"), "--card", fixture("fine.card.json"), "--image", wide], code: 64, "--card is for a single model")
    try refused([fixture("classes.onnx"), "--card", fixture("fine.card.json"), "--image", wide], code: 65, "the card belongs to another file")
    try refused([fine, "--card", folder.path("no.json"), "--image", wide], code: 66, "no.json")
    // One bad radiograph among good ones: nothing is printed.
    let broken = try folder.write(Array("not a picture".utf8), to: "broken.png")
    try refused([fine, "--csv", "--image", wide, broken, wide], code: 65, "broken.png")
    try refused([fine, "--csv", "--image", wide, folder.path("none.png")], code: 66, "none.png")
    let ensemble = try folder.write(
      Array(#"{"schema": "carpus-ensemble/1", "name": "x", "combine": "mean", "members": [{"model": "gone.onnx"}]}"#.utf8), to: "x.json")
    try refused([ensemble, "--image", wide], code: 66, "x.json, members[0]: gone.onnx")
  }

  /// Each sentence about a card that does not fit its model.
  @Test(arguments: [
    (#""name": "radiograph""#, #""name": "image""#, "at input.name: fine.onnx has no input ‘image’; its input is ‘radiograph’"),
    ("[\n   48,\n   40\n  ]", "[48, 48]", "at input.size: fine.onnx takes"),
    (#""channels": 1"#, #""channels": 3"#, "at input.mean: a list of three numbers"),
    (#""name": "score""#, #""name": "points""#, "at target.output: there is no such output"),
    (#""index": 0"#, #""index": 1"#, "at target.index: ‘score’ has 1 elements, 0…0; 1 is none of them"),
    (#""target": {"#, #""layer": "relu9", "target": {"#, "at layer: fine.onnx has no tensor ‘relu9’"),
    (#""kind": "score",\#n   "unit": "SvdH points",\#n   "scale": [\#n    0,\#n    280\#n   ],\#n   "factor": 100,\#n   "offset": 5,\#n   "clamp": false"#,
      #""kind": "classes", "activation": "none", "scale": "ten-classes""#, "at outputs[0]: the card has 10 classes, but ‘score’ has 1 elements"),
    (#""kind": "full-range""#, #""kind": "dicom""#, "the range ‘dicom’ needs DICOM files"),
  ])
  func aCardThatDoesNotFit(_ old: String, _ new: String, _ sentence: String) throws {
    let text = try String(contentsOf: Fixtures.url("Cards/fine.card.json"), encoding: .utf8)
    try #require(text.contains(old))
    let folder = try TemporaryFolder()
    let card = try folder.write(Array(text.replacing(old, with: new).utf8), to: "other.json")
    let outcome = try Command.run("score", fixture("fine.onnx"), "--card", card, "--image", fixture("wide.png"))
    #expect(outcome.code == (sentence.contains("DICOM") ? 69 : 65) && outcome.output.isEmpty)
    #expect(outcome.errors.contains("other.json: \(sentence.contains("DICOM") ? "at input.range: " : "")\(sentence)"), "\(outcome.errors)")
  }

  /// A draft is refused until every decision is made, each with a sentence.
  @Test func aDraftMustBeDecided() throws {
    let draft = try Command.run("inspect", fixture("fine.onnx"), "--card")
    #expect(draft.code == 0)
    var card = draft.output
    let folder = try TemporaryFolder()
    func score() throws -> Command.Outcome {
      try Command.run("score", fixture("fine.onnx"), "--card", try folder.write(Array(card.utf8), to: "draft.json"), "--image", fixture("wide.png"), "--csv")
    }
    let decisions = [
      "unit": #""SvdH points""#, "scale": "[0, 280]", "factor": "100", "offset": "5", "clamp": "false", "kind": #""full-range""#, "fit": #""letterbox""#,
      "filter": #""bilinear-antialias""#, "padding": "0", "hands": #""both""#, "laterality": #""as-is""#, "inverted": "false", "mean": "[0.5]",
      "standardDeviation": "[0.25]",
    ]
    for _ in decisions {
      let outcome = try score()
      #expect(outcome.code == 65 && outcome.output.isEmpty)
      let parts = outcome.errors.components(separatedBy: "draft.json: at ").last?.components(separatedBy: ": this must be decided: ") ?? []
      try #require(parts.count == 2, "\(outcome.errors)")
      let key = parts[0].split(separator: ".").last.map(String.init) ?? ""
      let decision = try #require(decisions[key])
      card = card.replacing("\"\(key)\": \"decide\"", with: "\"\(key)\": \(decision)")
    }
    #expect(!card.contains("decide"))
    let outcome = try score()
    let expected = try #require(try CardReference.read()["wide.png"]?.scores["fine"])
    #expect(abs((try rows(outcome.output).first?["score"].flatMap(Double.init) ?? .nan) - expected) < 1e-4)
  }
}

/// Fixtures/Cards/reference.json.
struct CardReference: Decodable {
  struct Budget: Decodable { let intercept: Double, map: Double }
  struct Ensemble: Decodable { let score: Double, standardDeviation: Double, minimum: Double, maximum: Double }

  let scores: [String: Double]
  let classes: [String: Int]
  let budgets: [String: Budget]
  let ensembles: [String: Ensemble]
  let probabilities: [Double]

  static func read() throws -> [String: CardReference] {
    try JSONDecoder().decode([String: CardReference].self, from: try Data(contentsOf: Fixtures.url("Cards/reference.json")))
  }
}
