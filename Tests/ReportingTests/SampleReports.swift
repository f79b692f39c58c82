import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Reports to render.
enum SampleReports {
  static let hostile = "</script><img src=x onerror=alert(1)>\"'&"

  /// A report with everything, whose statistics come from `Focus`.
  static func measured(
    radiograph: Radiograph, map values: [Double], height: Int, width: Int, input: PixelSize, regions: RegionSet, score: Double = 12,
    intercept: Double = 5, name: String = "hand.png", model: String = "model.onnx"
  ) throws -> ExplanationReport {
    let prepared = try Preprocessing(size: input, channels: 1).apply(to: radiograph)
    let focus = try Focus(of: Tensor(values, shape: [height, width]), in: regions, inputSize: input, transform: prepared.transform)
    return ExplanationReport(
      model: model, image: name, outputs: [ExplanationReport.Output(name: "score", shape: [1, 1], values: [score])],
      scores: [ExplanationReport.Score(output: "score", index: 0, value: score, slope: 1)], method: "hirescam", methodTitle: "HiResCAM",
      methodCitation: "Draelos and Carin 2020, arXiv 2011.08891", layerIsComplete: true, layerChannels: 32,
      maps: [AttributionMap(method: "hirescam", layer: "/features/Relu_output_0", height: height, width: width, values: values)],
      budgets: [focus.budget(score: score, intercept: intercept)],
      measurement: ExplanationReport.Measurement(regions: regions, focus: focus, source: "joints.coco.json"),
      picture: ExplanationReport.Picture(radiograph: radiograph, input: prepared, inputSize: input),
      checks: [
        ExplanationReport.Check(
          name: "completeness", value: 0.000_012_3, limit: 0.01, passed: true, sentence: "Intercept and map add up to the score."),
        ExplanationReport.Check(
          name: "saturation", value: 0.000_2, limit: 0.001, passed: false,
          sentence: "The score is saturated: its last activation function hardly responds."),
      ],
      warnings: ["The image is in colour; it was reduced to luminance."],
      provenance: ExplanationReport.Provenance([
        ("carpus", "0.1.0"), ("model.sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("command", "carpus explain model.onnx --image hand.png --regions joints.coco.json --output out"),
      ]), inputs: [ExplanationReport.NetworkInput(model: model, input: prepared)])
  }

  /// A radiograph of 40×30 pixels, a map of 3×4 cells of 10×10 pixels, two regions that overlap and one apart.
  static func small(
    values: [Double] = smallValues, score: Double = 12, names: [String] = ["MCP2", "MCP3", "wrist"]
  ) throws -> ExplanationReport {
    let size = PixelSize(width: 40, height: 30)
    let samples = (0..<size.count).map { UInt16($0 * 255 / (size.count - 1)) }
    return try measured(
      radiograph: Radiograph(size: size, bitDepth: 8, samples: samples), map: values, height: 3, width: 4, input: size,
      regions: try smallRegions(size, names: names), score: score)
  }

  static let smallValues: [Double] = [4, 0, 0, -1, 0, 2, 0, 0, 0, 0, 0.5, 0]

  private static func smallRegions(_ size: PixelSize, names: [String]) throws -> RegionSet {
    let boxes = [(0.0, 0.0, 10.0, 10.0), (5.0, 0.0, 20.0, 20.0), (30.0, 0.0, 40.0, 10.0)]
    let regions = zip(names, boxes).enumerated().map { index, pair in
      let (x0, y0, x1, y1) = pair.1
      return Region(
        id: ["mcp2", "mcp3", "wrist"][index], name: pair.0, laterality: .left, source: .box,
        mask: Mask(PixelRectangle(minX: x0, minY: y0, maxX: x1, maxY: y1), size: size))
    }
    return try RegionSet(size: size, regions: regions)
  }

  /// The synthetic hand of the fixtures, letterboxed, with all joints.
  static func hand() throws -> ExplanationReport {
    let radiograph = try Radiograph.read(at: Fixtures.url("Radiographs/hand.png").path)
    let bytes = [UInt8](try Data(contentsOf: Fixtures.url("Radiographs/hand.coco.json")))
    let regions = try COCORegions.read(bytes, imageName: "hand.png", imageSize: radiograph.size)
    return try measured(
      radiograph: radiograph, map: bumps(height: 12, width: 16), height: 12, width: 16, input: PixelSize(width: 512, height: 384),
      regions: regions, score: 63.4, intercept: 8.25)
  }

  /// A report with everything that there can be: both hands, a marker, a reader's score, chance levels, covering, other maps, members. Numbers that `Focus` does
  /// not make are made up, and all different.
  static func full(name: String = "both.png", marker: String = "marker") throws -> ExplanationReport {
    let size = PixelSize(width: 80, height: 40)
    func box(_ id: String, _ title: String, _ side: Laterality, _ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Region {
      Region(id: id, name: title, laterality: side, source: .box, mask: Mask(PixelRectangle(minX: x, minY: y, maxX: x + width, maxY: y + height), size: size))
    }
    let regions = try RegionSet(size: size, regions: [
      box("mcp2", "mcp2", .left, 5, 5, 10, 10), box("cmc3", "cmc3", .left, 10, 20, 3, 3), box("ulna", "ulna", .left, 0, 30, 10, 10),
      box("mcp2", "mcp2", .right, 65, 5, 10, 10), box("mcp1", "mcp1", .right, 50, 12, 9, 9), box("marker", marker, .unspecified, 38, 28, 6, 8),
      box("hand", "hand", .left, 0, 0, 30, 40), box("hand", "hand", .right, 45, 0, 35, 40),
    ])
    let hills = [4, 0.25, -1, 0, 2.5, 0, 0, 0.75]
    let values = (0..<32).map { index in hills[index % 8] + Double(index) / 16 }
    var report = try measured(
      radiograph: Radiograph(size: size, bitDepth: 8, samples: (0..<size.count).map { UInt16($0 % 251) }), map: values, height: 4, width: 8, input: size,
      regions: regions, score: 95.25, intercept: 3.5, name: name)
    let (map, grid) = (report.maps[0], MapGrid(height: 4, width: 8, inputSize: size, transform: try #require(report.picture).transform))
    let asked: [(String, String, ExplanationReport.Landmarks.Group.Kind, (Region) -> Bool)] = [
      ("sites", "All scored places", .sites, { ["mcp1", "mcp2", "cmc3", "ulna"].contains($0.id) }), ("marker", marker, .confounder, { $0.id == "marker" }),
      ("confounders", "Markers, borders and other objects", .confounders, { $0.id == "marker" }), ("hand", "The hand, or both", .zone, { $0.id == "hand" }),
    ]
    let groups = asked.map { RegionGroup(id: $0.0, of: regions, where: $0.3) }
    let focus = try Focus(of: Tensor(values, shape: [4, 8]), in: FocusCoverage(of: regions, groups: groups, on: grid))
    var known: [ExplanationReport.Landmarks.Group] = []
    for (index, (id, title, kind, _)) in asked.enumerated() {
      let mask = Mask.union(of: groups[index].members.map { regions.regions[$0].mask }, size: size)
      known.append(ExplanationReport.Landmarks.Group(id: id, title: title, kind: kind, mask: mask, statistics: focus.groups[index]))
    }
    known[0].chance = ExplanationReport.Chance(mean: 1.12, deviation: 0.34, p: 0.045)
    let (sites, objects) = (focus.groups[0].points, focus.groups[1].points)
    let parts = [
      ExplanationReport.Landmarks.Part(kind: .sites, points: sites), ExplanationReport.Landmarks.Part(kind: .confounders, points: objects),
      ExplanationReport.Landmarks.Part(kind: .rest, points: map.sum - sites - objects),
    ]
    report.landmarks = ExplanationReport.Landmarks(regions: regions, groups: known, parts: parts, isFound: false)
    report.measurement?.chance = (0..<8).map { index -> ExplanationReport.Chance? in
      let step = Double(index + 1)
      return index < 5 ? ExplanationReport.Chance(mean: 1.01 + step / 8, deviation: 0.21 + step / 16, p: 0.015 * step, adjustedP: 0.075 * step) : nil
    }
    report.reference = ExplanationReport.Reference(score: 61.5, source: "scores.csv")
    report.prediction = ExplanationReport.Prediction(score: 95.25, classIndex: 8, className: "70-110", classOrigin: "Ten classes.", postProcessing: "100 · score + 5")
    let differences = [1.375, -0.625, 2.125, 0, 3.875, 41.75]
    var items: [ExplanationReport.Covering.Item] = []
    for (index, difference) in differences.enumerated() {
      let region = regions.regions[index], kind: ExplanationReport.Covering.Kind = region.id == "marker" ? .confounder : .site
      items.append(
        ExplanationReport.Covering.Item(
          id: region.id, title: region.name, laterality: region.laterality, kind: kind, pixels: region.mask.count, difference: difference,
          points: focus.regions[index].points))
    }
    report.covering = ExplanationReport.Covering(score: 95.25, rule: "Every covered pixel is the mean of its neighbours.", items: items, agreement: 0.625)
    report.verdicts = [
      ExplanationReport.Check(name: "marker", value: 41.75, limit: 3, passed: false, sentence: "The score depends on the marker: with it covered, the score goes from 95.3 to 53.5 points."),
      ExplanationReport.Check(name: "sites", value: 0.045, limit: 0.05, passed: true, sentence: "The scored places hold more than chance (p = 0.045)."),
    ]
    let other = AttributionMap(method: "gradcam", layer: "/features/Add_output_0", height: 2, width: 4, values: [1, 2, 3, -4, 5, 6, 7, 8])
    report.otherMaps = [
      ExplanationReport.OtherMap(methodTitle: "Grad-CAM", map: other, budget: ScoreBudget(score: 95.25, intercept: 3, explained: other.sum), landmarks: report.landmarks, agreement: 0.875, file: "map.gradcam.npy")
    ]
    report.members = [ExplanationReport.Member(name: "one", score: 190.5, weight: 0.5, map: other, budget: ScoreBudget(score: 190.5, intercept: 7, explained: other.sum), file: "map.one.npy")]
    report.members[0].picture = report.picture
    report.members[0].agreement = 0.375
    return report
  }

  /// Smooth hills of both signs.
  static func bumps(height: Int, width: Int) -> [Double] {
    (0..<height * width).map { index in
      let (x, y) = (Double(index % width) / Double(width) - 0.45, Double(index / width) / Double(height) - 0.4)
      return 3.2 * exp(-40 * (x * x + y * y)) - 1.1 * exp(-60 * ((x - 0.1) * (x - 0.1) + (y - 0.3) * (y - 0.3))) + 0.05 * sin(9 * x + 5 * y)
    }
  }

  /// Two images as tensors: no regions, no picture.
  static func batch() throws -> ExplanationReport {
    var report = try small()
    report.outputs = [ExplanationReport.Output(name: "score", shape: [2, 2], values: [12, 1, 20, 2])]
    report.scores.append(ExplanationReport.Score(output: "score", index: 0, value: 20, slope: 0.5))
    let other = AttributionMap(method: "hirescam", layer: report.maps[0].layer, height: 3, width: 4, values: smallValues.map { 2 * $0 })
    report.maps.append(other)
    let unseen = try nothingInRegions(report.maps[0], score: 12, intercept: 5)
    report.budgets = [unseen, try nothingInRegions(other, score: 20, intercept: 5)]
    report.measurement = nil
    (report.picture, report.inputs) = (nil, [])
    return report
  }

  /// One tensor.
  static func tensor() throws -> ExplanationReport {
    var report = try batch()
    report.outputs = [ExplanationReport.Output(name: "score", shape: [1, 2], values: [12, 1])]
    report.scores.removeLast()
    report.maps.removeLast()
    report.budgets.removeLast()
    return report
  }

  /// A budget with everything elsewhere: the one region lies where the network does not look.
  private static func nothingInRegions(_ map: AttributionMap, score: Double, intercept: Double) throws -> ScoreBudget {
    let size = PixelSize(width: 2, height: 1)
    let mask = Mask(PixelRectangle(minX: 1, minY: 0, maxX: 2, maxY: 1), size: size)
    let unseen = Region(id: "unseen", name: "unseen", laterality: .unspecified, source: .box, mask: mask)
    let regions = try RegionSet(size: size, regions: [unseen])
    let focus = try Focus(
      of: Tensor(map.values, shape: [map.height, map.width]), in: regions, inputSize: PixelSize(width: 1, height: 1),
      transform: PixelTransform(scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0))
    return focus.budget(score: score, intercept: intercept)
  }
}
