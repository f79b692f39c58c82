import CarpusScoring
import Testing

@Suite struct EnsembleFileTests {
  private func read(_ text: String) throws(CardError) -> EnsembleFile { try EnsembleFile.read(Array(text.utf8)) }

  private func file(_ combine: String, _ members: String, _ rest: String = "") -> String {
    #"{"schema": "carpus-ensemble/1", "name": "all", "combine": "\#(combine)", "members": [\#(members)]\#(rest)}"#
  }

  @Test func everythingIsRead() throws {
    let ensemble = try read(file("stacked", #"{"model": "a.onnx", "weight": -2}, {"model": "below/b.onnx", "card": "c.json", "weight": 0.5, "output": "score"}"#, #", "intercept": 3"#))
    #expect(ensemble.name == "all" && ensemble.combination == .stacked([-2, 0.5], intercept: 3))
    #expect(ensemble.members.map(\.name) == ["a", "b"] && ensemble.members[1].card == "c.json" && ensemble.members[1].output == "score")
    #expect(try read(file("weighted", #"{"model": "a.onnx", "weight": 0}, {"model": "b.onnx", "weight": 4}"#)).combination == .weighted([0, 4]))
  }

  @Test(arguments: [
    ("best", #"{"model": "a.onnx"}"#, "", "at combine: one of ‘mean’, ‘median’, ‘weighted’, ‘stacked’ is needed"),
    ("mean", "", "", "at members: a list of members, at least one, is needed"),
    ("mean", "3", "", "at members: a list of members, at least one, is needed"),
    ("mean", #"{"model": "../a.onnx"}"#, "", "at members[0].model: the name of a file in the same folder or below it is needed, without ‘..’ and not from the root"),
    ("mean", #"{"model": "a/./../../b.onnx"}"#, "", "at members[0].model: the name of a file in the same folder or below it is needed, without ‘..’ and not from the root"),
    ("mean", #"{"model": "a.onnx", "card": "/etc/card.json"}"#, "", "at members[0].card: the name of a file in the same folder or below it is needed, without ‘..’ and not from the root"),
    ("mean", #"{"model": "a.onnx"}, {"model": "b/a.onnx"}"#, "", "at members[1]: two members are called ‘a’; the names of the models' files must differ"),
    ("mean", #"{"model": "a.onnx", "weight": 1}"#, "", "at members[0].weight: members of a ‘mean’ ensemble have no weights"),
    ("mean", #"{"model": "a.onnx"}"#, #", "intercept": 1"#, "at intercept: only a ‘stacked’ ensemble has an intercept"),
    ("mean", #"{"model": "a.onnx", "factor": 1}"#, "", "at members[0]: there is no key ‘factor’ here; there are ‘card’, ‘model’, ‘output’, ‘weight’"),
    ("weighted", #"{"model": "a.onnx"}"#, "", "at members[0]: ‘weight’ is missing"),
    ("weighted", #"{"model": "a.onnx", "weight": -1}"#, "", "at members[0].weight: a weight of 0 or more is needed"),
    ("weighted", #"{"model": "a.onnx", "weight": 0}"#, "", "at members: the weights add up to 0.0; a finite sum above 0 is needed"),
    ("weighted", #"{"model": "a.onnx", "weight": 1e308}, {"model": "b.onnx", "weight": 1e308}"#, "", "at members: the weights add up to inf; a finite sum above 0 is needed"),
  ])
  func saysWhatIsWrongAndWhere(_ combine: String, _ members: String, _ rest: String, _ sentence: String) {
    do {
      _ = try read(file(combine, members, rest))
      Issue.record("accepted")
    } catch { #expect(error.description == sentence) }
  }

  /// By hand.
  @Test func scoresOfMembersBecomeOne() {
    let scores = [10.0, 40, 22]
    #expect(Combination.mean.score(of: scores) == 24)
    #expect(Combination.median.score(of: scores) == 22 && Combination.median.weights(for: scores) == [0, 0, 1])
    #expect(Combination.median.score(of: [1, 7, 3, 100]) == 5 && Combination.median.weights(for: [1, 7, 3, 100]) == [0, 0.5, 0.5, 0])
    #expect(Combination.median.weights(for: [3, 3]) == [0.5, 0.5] && Combination.median.weights(for: [8]) == [1])
    #expect(Combination.weighted([1, 2, 1]).score(of: scores) == 28)
    #expect(Combination.stacked([1, -0.5, 2], intercept: 3).score(of: scores) == 37)
  }

  @Test func spreadOfMembers() {
    let spread = Spread(of: [2, 4, 4, 4, 5, 5, 7, 9])
    #expect(abs(spread.standardDeviation - (32.0 / 7).squareRoot()) < 1e-15 && spread.minimum == 2 && spread.maximum == 9)
    #expect(Spread(of: [3]).standardDeviation == 0)
  }
}
