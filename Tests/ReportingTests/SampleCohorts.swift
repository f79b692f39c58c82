import CarpusAnatomy
import CarpusReporting

/// Cohorts with made-up numbers, no two of them alike.
enum SampleCohorts {
  static func two(images: Int = 7, names: [String] = ["good", "bad"], page: String? = nil) -> CohortReport {
    let models = names.enumerated().map { index, name in model(name, index) }
    let rows = (0..<images).flatMap { image in
      names.indices.map { model in
        let step = Double(image * names.count + model), isDeceptive = image % 5 == 3
        return CohortReport.Row(
          file: "images/\(1_000_000 + image).png", patient: "P\(image / 2)", visit: image % 3 == 0 ? nil : "\(image % 3)", model: model,
          total: image % 11 == 10 ? nil : 40 + Double(image % 7), score: 40.25 + Double(image % 7) + (isDeceptive ? 1 : step / 3 + 12), className: "25-50",
          enrichment: 0.5 + step / 17, chance: 1.25, p: isDeceptive ? 0.3 + step * 1e-5 : 0.005, sites: 0.8 / (1 + step), confounders: model == 0 ? nil : 0.1,
          background: 0.015, page: image == 0 ? page : nil)
      }
    }
    return CohortReport(
      title: "Sample", images: images, patients: images / 2 + 1, settings: [("carpus", "0.1.0"), ("seed", "1")], models: models,
      comparisons: [
        CohortReport.Comparison(
          first: names[0], second: names[1], images: images, places: .init(0.3125, -0.125...0.625), cells: .init(nil), difference: .init(-3.5, -7.25...1.125),
          distance: .init(12.75, 9.5...15.5))
      ], rows: rows, summary: summary(models))
  }

  static func model(_ name: String, _ index: Int) -> CohortReport.Model {
    let bad = index > 0, shift = Double(index) / 64
    func place(_ id: String, _ value: Double, moved: Bool) -> CohortReport.Place {
      CohortReport.Place(
        id: id, images: 7, withoutEvidence: index, enrichment: .init(value, value / 2...value * 2), chance: moved ? 3.875 : 1, isChanceMoved: moved,
        chanceDeviation: moved ? 0.21875 : nil, p: moved ? 0.005 : nil, adjustedP: moved ? 0.11 : nil, isResolvable: id != "L:cmc4", points: value / 3,
        mass: min(0.9, value / 20), areaShare: 0.0854)
    }
    var means = MeanHands()
    let warps = MeanHands.Warps()
    for image in 0..<3 {
      means.add(
        MeanHands.Source(
          cells: (0..<24).map { Float(($0 * 7 + image) % 5) - 1 }, height: 4, width: 6, x: 0, y: 0, frameWidth: 900, frameHeight: 600, radiographWidth: 900, radiographHeight: 600),
        landmarks, total: [5, 30, 80][image], warps)
    }
    return CohortReport.Model(
      name: name, file: "\(name).onnx", sha256: String(repeating: "a\(index)", count: 32), cardSHA256: index == 0 ? "" : String(repeating: "b", count: 64),
      verdicts: [
        .init(name: "agreement", outcome: bad ? .failed : .passed, value: bad ? -0.1875 : 0.984375, limit: 0, sentence: "Scores and totals correlate."),
        .init(name: "marker", outcome: bad ? .failed : .passed, value: bad ? 34.375 : 0.203125, limit: 3, sentence: "Covering the side marker."),
        .init(name: "damage", outcome: .skipped, value: nil, limit: 0.05, sentence: "Skipped: no grades."),
      ],
      agreement: [
        .init(name: "pcc", title: "Correlation (Pearson)", unit: "", measure: .init(0.984375 - shift, 0.9375...0.9921875)),
        .init(name: "mae", title: "Mean absolute error", unit: "points", measure: .init(8.25 + shift)),
      ],
      trust: .init(trustworthy: 3, deceptive: index, mistaken: 2, unreliable: index + 1, leftOut: 1, tolerance: 10, level: 0.05), residual: 2.5e-6,
      checks: [.init(name: "weights", member: "", value: -0.3125 - shift, images: 5, sentence: "The maps show what was learned"),
               .init(name: "weights-1/2", member: "one", value: 0.171875 + shift, images: 5, sentence: "The last layers drawn again")],
      damage: .init(images: 4, leftOut: 3, difference: .init(0.984375 + shift, 0.75...1.1875), p: 0.0009765625),
      coverings: [.init(id: "marker", images: 6, change: .init(34.375 + shift, 20.5...50.5), size: .init(35.5 + shift, 21.5...51.5)),
                  .init(id: "sites", images: 7, change: .init(2.125), size: .init(2.375))],
      methods: [
        .init(
          name: "hirescam", withoutEvidence: index, spread: 0.03125, gini: 0.9765625, paddingMass: 0.0078125, centreEnrichment: 2.25,
          focused: .init(hits: 6, images: 7, leftOut: 0, share: .init(0.857142857, 0.421875...0.99609375), chance: 0.05, p: 1e-7),
          peaks: .init(hits: 5, images: 6, leftOut: 1, share: .init(0.8359375, 0.359375...0.9921875), chance: 0.171875, p: 0.03),
          occlusion: .init(0.40625, 0.28125...0.53125), members: nil,
          places: [
            place("sites", 10.5 / (1 + 20 * Double(index)), moved: true), place("hands", 2.984375, moved: false), place("confounders", 0.390625 + 9 * Double(index), moved: false),
            place("background", 0.0302734375, moved: false), place("L:mcp2", 12.125, moved: true), place("R:mcp2", 11.375, moved: true), place("L:cmc4", 3.0625, moved: true),
          ])
      ], meanMaps: means)
  }

  /// Where the diagram has them, the left hand at the left.
  static let landmarks: [MeanHands.Landmark] = [Laterality.left, .right].flatMap { side in
    [(SvdHSite.pip5, 38.0, 132.0), (.pip3, 154, 82), (.ip1, 304, 214), (.mcp5, 52, 222), (.mcp2, 208, 202), (.cmc1, 246, 340), (.radius, 176, 548), (.ulna, 72, 536)]
      .map { site, x, y in MeanHands.Landmark(side: side, site: site, x: side == .left ? 30 + x : 870 - x, y: 5 + y) }
  }

  /// As an audit's `summary.json` has it, as far as pages look.
  private static func summary(_ models: [CohortReport.Model]) -> JSONText {
    func measure(_ measure: CohortReport.Measure?) -> JSONText {
      .array([JSONText(measure?.value), JSONText(measure?.interval?.lowerBound), JSONText(measure?.interval?.upperBound)])
    }
    return .object([
      ("schema", .string("carpus-audit/1")),
      ("models", .array(models.map { model in
        .object([
          ("name", .string(model.name)),
          ("verdicts", .array(model.verdicts.map { .object([("name", .string($0.name)), ("outcome", .string($0.outcome.rawValue)), ("value", JSONText($0.value)), ("limit", .number($0.limit))]) })),
          ("numbers", .array(
            model.agreement.map { measure($0.measure) } + [measure(model.damage?.difference), .number(model.residual)] + model.checks.map { .number($0.value) }
              + model.coverings.flatMap { [measure($0.change), measure($0.size)] }
              + model.methods.flatMap { method in
                [measure(method.occlusion), measure(method.focused.share), measure(method.peaks?.share)]
                  + [method.spread, method.gini, method.paddingMass, method.centreEnrichment].map { JSONText($0) }
                  + method.places.flatMap { [measure($0.enrichment), .number($0.chance), JSONText($0.points), JSONText($0.mass)] }
              })),
        ])
      })),
    ])
  }
}
