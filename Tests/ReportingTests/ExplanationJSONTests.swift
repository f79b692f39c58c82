import CarpusReporting
import Foundation
import Testing

@Suite struct ExplanationJSONTests {
  typealias Object = [String: Any]

  private func read(_ report: ExplanationReport) throws -> Object {
    try #require(try JSONSerialization.jsonObject(with: Data(ExplanationJSON.text(of: report).utf8)) as? Object)
  }

  /// The numbers of the report by hand: cells of 10×10 pixels with 4, −1, 2 and 0.5 points; the first region is cell (0, 0),
  /// the second half of it and of the cell below, and all of the two cells beside them, the third is cell (0, 3).
  @Test func numbers() throws {
    let json = try read(try SampleReports.small())
    #expect(json["schema"] as? String == "carpus-explanation/1")
    let prediction = try #require(json["prediction"] as? Object)
    #expect(prediction["outputs"] as? [String: Double] == ["score": 12])
    #expect(prediction["score"] as? Double == 12)
    #expect(prediction["class"] is NSNull && prediction["postProcessing"] is NSNull)
    let target = try #require(json["target"] as? Object)
    #expect(target["output"] as? String == "score" && target["index"] as? Int == 0)
    #expect(target["value"] as? Double == 12 && target["slope"] as? Double == 1)
    let map = try #require(json["map"] as? Object)
    #expect(map["method"] as? String == "hirescam" && map["layer"] as? String == "/features/Relu_output_0")
    #expect(map["height"] as? Int == 3 && map["width"] as? Int == 4 && map["file"] as? String == "map.npy")
    #expect(map["minimum"] as? Double == -1 && map["maximum"] as? Double == 4 && map["sum"] as? Double == 5.5)
    #expect(map["sumPositive"] as? Double == 6.5 && map["sumNegative"] as? Double == -1)
    #expect(json["budget"] as? [String: Double] == ["intercept": 5, "inRegions": 5, "elsewhere": 0.5, "residual": 1.5])

    let regions = try #require(json["regions"] as? [Object])
    #expect(regions.map { $0["id"] as? String } == ["mcp2", "mcp3", "wrist"])
    #expect(regions.map { $0["name"] as? String } == ["MCP2", "MCP3", "wrist"])
    #expect(regions.map { $0["laterality"] as? String } == ["L", "L", "L"])
    #expect(regions.map { $0["points"] as? Double } == [4, 4, -1])
    #expect(regions.map { $0["pointsPositive"] as? Double } == [4, 4, 0])
    #expect(regions.map { $0["pointsNegative"] as? Double } == [0, 0, -1])
    #expect(ExplanationJSON.text(of: try SampleReports.small()).components(separatedBy: "\"mass\": 0.6153846153846154,").count == 3)
    #expect(regions.map { $0["areaShare"] as? Double } == [1.0 / 12, 0.25, 1.0 / 12])
    #expect(regions.map { $0["peakInside"] as? Bool } == [true, true, false])
    #expect(regions.map { $0["ceiling"] as? Double } == [1, 1, 1])
    #expect(regions.map { $0["pixels"] as? Int } == [100, 300, 100])
    #expect(regions.map { $0["bounds"] as? [Int] } == [[0, 0, 10, 10], [5, 0, 15, 20], [30, 0, 10, 10]])
    #expect(regions.allSatisfy { $0["enrichment"] is Double && $0["rankAccuracy"] is Double && $0["auc"] is Double })

    let overall = try #require(json["overall"] as? [String: Object])
    #expect(overall["inRegions"]?["points"] as? Double == 5 && overall["inRegions"]?["pixels"] as? Int == 450)
    #expect(overall["elsewhere"]?["points"] as? Double == 0.5 && overall["padding"]?["points"] as? Double == 0)
    #expect((json["input"] as? Object)?["contentRectangle"] as? [Double] == [0, 0, 40, 30])
    #expect((json["input"] as? Object)?["transform"] as? [String: Double] == ["scaleX": 1, "scaleY": 1, "offsetX": 0, "offsetY": 0])
    #expect((json["checks"] as? [Object])?.map { $0["passed"] as? Bool } == [true, false])
    #expect((json["warnings"] as? [String])?.count == 1)
    #expect((json["provenance"] as? [String: String])?["carpus"] == "0.1.0")
    #expect((json["preprocessing"] as? [String])?.isEmpty == false)
    #expect((json["notice"] as? String)?.contains("not a medical device") == true)
  }

  @Test func keysStandInTheirOrder() throws {
    let text = ExplanationJSON.text(of: try SampleReports.small())
    #expect(text.hasPrefix("{\n  \"schema\": \"carpus-explanation/1\",\n") && text.hasSuffix("}\n"))
    let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
      .compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
    #expect(keys == [
      "schema", "notice", "model", "image", "prediction", "target", "map", "budget", "regionSource", "regions", "overall", "landmarks",
      "reference", "covering", "otherMaps", "radiograph", "input", "preprocessing", "inputs", "members", "verdicts", "checks", "warnings", "provenance",
    ])
  }

  @Test(arguments: [12, 0.1, -7.3, 280.0])
  func thePrintedBudgetAddsUp(score: Double) throws {
    let json = try read(try SampleReports.small(score: score))
    let budget = try #require(json["budget"] as? [String: Double])
    let parts = try ["intercept", "inRegions", "elsewhere", "residual"].map { try #require(budget[$0]) }
    // To the rounding of the largest part; see `ScoreBudget`.
    #expect(abs(parts.reduce(0, +) - score) <= (parts.map(abs).max() ?? 0).ulp)
    #expect((json["target"] as? Object)?["value"] as? Double == score)
  }

  @Test func aBatchHasItsNumbersByImage() throws {
    let json = try read(try SampleReports.batch())
    let images = try #require(json["images"] as? [Object])
    #expect(images.map { ($0["target"] as? Object)?["value"] as? Double } == [12, 20])
    #expect(images.map { ($0["target"] as? Object)?["slope"] as? Double } == [1, 0.5])
    #expect(images.map { ($0["map"] as? Object)?["sum"] as? Double } == [5.5, 11])
    #expect(images.map { ($0["budget"] as? Object)?["residual"] as? Double } == [1.5, 4])
    #expect(json["budget"] == nil)
    #expect((json["target"] as? Object)?.keys.sorted() == ["index", "output", "unit"])
    #expect((json["map"] as? Object)?["height"] as? Int == 3 && (json["map"] as? Object)?["sum"] == nil)
    #expect((json["prediction"] as? Object)?["score"] is NSNull)
    #expect(((json["prediction"] as? Object)?["outputs"] as? Object)?["score"] as? [[Double]] == [[12, 1], [20, 2]])
    #expect((json["regions"] as? [Any])?.isEmpty == true && json["overall"] is NSNull && json["input"] is NSNull)
  }

  @Test func outputsAreNestedLikeTheirShape() throws {
    var report = try SampleReports.small()
    func values(_ shape: [Int]) throws -> String {
      report.outputs = [ExplanationReport.Output(name: "o", shape: shape, values: (0..<shape.reduce(1, *)).map(Double.init))]
      let outputs = try #require((try read(report)["prediction"] as? Object)?["outputs"] as? Object)
      let value = try #require(outputs["o"])
      let data = try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
      return String(decoding: data, as: UTF8.self)
    }
    #expect(try values([]) == "0")
    #expect(try values([1]) == "0")
    #expect(try values([1, 1]) == "0")
    #expect(try values([1, 3]) == "[0,1,2]")
    #expect(try values([1, 2, 2]) == "[[0,1],[2,3]]")
    #expect(try values([2, 1]) == "[0,1]")
    #expect(try values([2, 2]) == "[[0,1],[2,3]]")
    #expect(try values([0, 2]) == "[]")
    report.outputs = [ExplanationReport.Output(name: "o", shape: [Int.max, 4], values: [1, 2])]
    #expect(ExplanationJSON.text(of: report).contains("\"o\": [1.0, 2.0]"))
  }

  @Test func whatDoesNotExistIsNull() throws {
    var report = try SampleReports.small(values: [Double](repeating: -1, count: 12))
    report.scores[0].value = .nan
    let json = try read(report)
    let regions = try #require(json["regions"] as? [Object])
    for key in ["mass", "enrichment", "peakInside"] { #expect(regions[0][key] is NSNull, "\(key)") }
    #expect((json["target"] as? Object)?["value"] is NSNull)
  }

  @Test func theSameReportGivesTheSameBytes() throws {
    #expect(ExplanationJSON.text(of: try SampleReports.small()) == ExplanationJSON.text(of: try SampleReports.small()))
  }
}
