import Foundation
import Testing

@Suite struct EvaluateCommandTests {
  private struct Written: Decodable {
    struct Number: Decodable { let value: Double?, lower: Double?, upper: Double?, reason: String? }
    struct Band: Decodable { let name: String, images: Int, bias: Number }
    struct Agreement: Decodable { let name: String, points: [String: Number]?, classes: [String: Number], confusion: [[Int]], bands: [Band] }
    struct Left: Decodable { let count: Int, first: [String] }
    struct Comparison: Decodable { let first: String, second: String, rmse: Number, mae: Number }

    let schema: String
    let images: Int, patients: Int?
    let withoutReference: Left
    let agreement: [Agreement]
    let comparisons: [Comparison]
  }

  private let predictions = "image,score,class,member:a\na.png,3,1,9\nb.png,12,3,12\nc.png,0,0,4\nd.png,40,6,30\nx.png,1,0,1\n"
  private let scores = "image,patient,visit,hands,total,class\na.png,P1,1,B,4,1\nb.png,P2,1,B,10,3\nc.png,P3,1,B,0,0\nd.png,P1,2,B,44,6\n"

  private func evaluate(_ predictions: String, _ scores: String?, _ arguments: String...) throws -> Command.Outcome {
    let folder = try TemporaryFolder()
    var all = ["evaluate", try folder.write(Array(predictions.utf8), to: "predictions.csv")]
    if let scores { all += ["--reference", try folder.write(Array(scores.utf8), to: "scores.csv")] }
    return try Command.run(all + arguments)
  }

  /// Differences are −1, 2, 0 and −4: mean −0.75, mean size 1.75, squares 21.
  @Test func numbersCountedByHand() throws {
    let outcome = try evaluate(predictions, scores, "--json", "--bootstrap", "200")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("1 image was left out, as they were predicted and have no reference: x.png"))
    #expect(outcome.errors.contains("Only 3 patients"))
    let written = try JSONDecoder().decode(Written.self, from: Data(outcome.output.utf8))
    #expect(written.schema == "carpus-agreement/1" && written.images == 4 && written.patients == 3)
    #expect(written.withoutReference.count == 1 && written.withoutReference.first == ["x.png"])
    let score = try #require(written.agreement.first)
    #expect(score.name == "score" && score.points?["bias"]?.value == -0.75 && score.points?["mae"]?.value == 1.75)
    #expect(score.points?["rmse"]?.value == (21.0 / 4).squareRoot())
    #expect(score.classes["accuracy"]?.value == 1 && score.classes["quadraticKappa"]?.value == 1)
    #expect(score.confusion[6][6] == 1 && score.bands.map(\.images) == [1, 1, 0, 1, 0, 0, 1, 0, 0, 0])
    #expect(score.bands[2].bias.value == nil && score.bands[2].bias.reason == "needs at least 1 image")
    // The member's are 5, 2, 4 and −14.
    let comparison = try #require(written.comparisons.first)
    #expect(comparison.second == "member:a" && comparison.mae.value == 1.75 - 6.25)
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let first = try evaluate(predictions, scores, "--json", "--seed", "5"), again = try evaluate(predictions, scores, "--json", "--seed", "5")
    let other = try evaluate(predictions, scores, "--json", "--seed", "6")
    #expect(first.output == again.output && first.output != other.output)
  }

  @Test func textForPeople() throws {
    let outcome = try evaluate(predictions, scores, "--quiet", "--bootstrap", "0")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    for text in ["4 images of 3 patients", "bias                      -0.750", "member:a", "not whether a patient got worse"] {
      #expect(outcome.output.contains(text), "\(text)\n\(outcome.output)")
    }
  }

  @Test func badInputIsRefusedInASentence() throws {
    let one = try evaluate(predictions, nil)
    #expect(one.code == 65 && one.errors.hasPrefix("carpus: predictions.csv: A column 'total' with the readers' scores"))
    let number = try evaluate("image,score\na.png,nan\n", scores)
    #expect(number.code == 65 && number.errors.hasPrefix("carpus: predictions.csv: row 2, column score: 'nan' is no number"))
    #expect(try evaluate(predictions, scores, "--edges", "0,5,5").code == 64)
    #expect(try evaluate(predictions, scores, "--edges", "0,x").code == 64)
    #expect(try evaluate(predictions, scores, "--bootstrap", "-1").code == 64)
    let other = try evaluate(predictions, scores, "--edges", "0,30,280")
    #expect(other.code == 65 && other.errors.contains("predictions.csv: row 3, column class: '3' is no class; 0 to 1"))
    let missing = try Command.run("evaluate", "/nowhere/none.csv")
    #expect(missing.code == 66 && missing.errors == "carpus: none.csv: There is no such file.\n")
  }
}
