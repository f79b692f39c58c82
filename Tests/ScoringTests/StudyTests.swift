import CarpusScoring
import Testing

@Suite struct StudyTests {
  private func read(_ text: String) throws(CardError) -> Study { try Study.read(Array(text.utf8)) }

  private func study(_ more: String, images: String = #"[{"file": "a.png"}]"#) -> String {
    #"{"schema": "carpus-study/1", "images": \#(images)\#(more.isEmpty ? "" : ", ")\#(more)}"#
  }

  @Test func aStudyOfPhantomsIsReadAsItIs() throws {
    let study = try read(#"""
      {"schema": "carpus-study/1", "title": "Synthetic hand radiographs, seed 9", "models": [], "regions": "regions.coco.json", "scores": "scores.csv",
       "images": [{"file": "images/000001.png", "patient": "P000001", "visit": "1", "reference": {"total": 3}},
                  {"file": "images/000002.png", "patient": "P000002", "visit": "1", "reference": {"total": 145}}],
       "phantom": {"seed": "9", "first": 1, "whatever": [1, {"a": null}]}}
      """#)
    #expect(study.models.isEmpty && study.regions == "regions.coco.json" && study.scores == "scores.csv")
    #expect(study.images.map(\.path) == ["images/000001.png", "images/000002.png"] && study.images.map(\.total) == [3, 145])
    #expect(study.images[1].patient == "P000002" && study.images[1].visit == "1")
    #expect(study.checks == Set(StudyCheck.allCases).subtracting([.siteCovering]) && study.methods.isEmpty && study.rules == VerdictRules())
    #expect(study.draws == 200 && study.resamples == 1000 && study.seed == 1)
  }

  @Test func everythingThatCanBeSaidIsRead() throws {
    let study = try read(study(#"""
      "models": ["a.onnx", {"file": "m/b.onnx", "card": "b.json", "name": "B"}], "methods": ["hirescam", "gradcam"], "checks": ["covering"], "seed": 7,
      "draws": 50, "resamples": 0, "rules": {"marker": 1.5, "background": false}
      """#, images: #"[{"file": "a.png", "regions": "a.json", "grades": {"L:MCP2.erosion": 5}}]"#))
    #expect(study.models.map(\.path) == ["a.onnx", "m/b.onnx"] && study.models[1].card == "b.json" && study.models[1].name == "B")
    #expect(study.methods == ["hirescam", "gradcam"] && study.checks == [.covering] && study.seed == 7 && study.draws == 50 && study.resamples == 0)
    #expect(study.rules[.marker] == 1.5 && study.rules[.background] == nil && study.rules[.agreement] == 0)
    let item = try #require(SvdHItem("L:MCP2.erosion"))
    #expect(study.images[0].grades == [item: 5] && study.images[0].regions == "a.json")
  }

  @Test func mistakesAreSaidWithTheirPlace() throws {
    for (text, words) in [
      (#"{"schema": "carpus-study/2", "images": []}"#, "carpus-study/1"), (study("", images: "[]"), "at least one"),
      (study("", images: #"[{"file": "../a.png"}]"#), "without ‘..’"), (study("", images: #"[{"file": "/a.png"}]"#), "images[0].file"),
      (study("", images: #"[{"file": "a.png"}, {"file": "a.png"}]"#), "occurs twice"),
      (study("", images: #"[{"file": "a.png", "total": 3}]"#), "no key ‘total’"),
      (study("", images: #"[{"file": "a.png", "reference": {"total": "3"}}]"#), "images[0].reference.total"),
      (study("", images: #"[{"file": "a.png", "grades": {"L:MCP2.erosion": 6}}]"#), "0 to 5"),
      (study(#""rules": {"marker": true}"#), "rules.marker"), (study(#""rules": {"markers": 1}"#), "no key ‘markers’"),
      (study(#""checks": ["all"]"#), "checks[0]"), (study(#""draws": 10"#), "draws"), (study(#""seed": -1"#), "seed"),
      (study(#""methods": ["a", "a"]"#), "occurs twice"), (study(#""model": []"#), "no key ‘model’"),
    ] {
      let error = #expect(throws: CardError.self) { _ = try read(text) }
      #expect(error?.description.contains(words) == true, "\(text): \(error?.description ?? "")")
    }
  }
}
