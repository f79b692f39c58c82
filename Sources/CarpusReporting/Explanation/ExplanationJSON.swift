import CarpusAnatomy
import CarpusExplanation
import CarpusImaging

/// `explanation.json`, schema `carpus-explanation/1`: everything in a report, in full precision.
///
/// What is absent is `null`. A report of one image has `target.value`, `target.slope`, the numbers of `map` and
/// `budget`; a report of a batch has them in `images[]`, one entry for each image, in `target`, `map` and `budget`.
public enum ExplanationJSON {
  /// The file's text, with a line break at its end.
  public static func text(of report: ExplanationReport) -> String { value(of: report).text + "\n" }

  public static func value(of report: ExplanationReport) -> JSONText {
    let isSingle = report.imageCount == 1
    var members: [(String, JSONText)] = [
      ("schema", .string("carpus-explanation/1")), ("notice", .string(ExplanationReport.notice)),
      ("model", .string(report.model)), ("image", .string(report.image)),
      ("prediction", prediction(report)),
      ("target", .object(targetIdentity(report) + (isSingle ? targetNumbers(report.scores[0]) : []))),
      ("map", .object(mapIdentity(report) + (isSingle ? mapNumbers(report.maps[0]) : []))),
    ]
    if isSingle {
      members.append(("budget", .object(budget(report.budgets[0]))))
    } else {
      members.append(("images", .array((0..<report.imageCount).map { index in
        .object([
          ("target", .object(targetNumbers(report.scores[index]))), ("map", .object(mapNumbers(report.maps[index]))),
          ("budget", .object(budget(report.budgets[index]))),
        ])
      })))
    }
    members += measurement(report.measurement) + [
      ("landmarks", report.landmarks.map { FindingsJSON.landmarks($0) } ?? .null),
      ("reference", report.reference.map { FindingsJSON.reference($0, scores: report.scores) } ?? .null),
      ("covering", report.covering.map(FindingsJSON.covering) ?? .null), ("otherMaps", .array(report.otherMaps.map(FindingsJSON.otherMap))),
    ]
    return .object(
      members + picture(report.picture) + inputs(report) + [
        ("verdicts", .array(report.verdicts.map(check))),
        ("checks", .array(report.checks.map(check))),
        ("warnings", .array(report.warnings.map { .string($0) })),
        ("provenance", .object(report.provenance.entries.map { ($0.key, .string($0.value)) })),
      ])
  }

  // MARK: The network

  private static func prediction(_ report: ExplanationReport) -> JSONText {
    .object([
      ("outputs", .object(report.outputs.map { ($0.name, numbers($0.values[...], $0.shape)) })),
      ("score", JSONText(report.prediction.map(\.score) ?? (report.imageCount == 1 ? report.scores[0].value : nil))),
      ("class", report.prediction?.classIndex.map { .integer($0) } ?? .null), ("className", JSONText(report.prediction?.className)),
      ("classOrigin", JSONText(report.prediction?.classOrigin)), ("postProcessing", JSONText(report.prediction?.postProcessing)),
    ])
  }

  // MARK: The inputs and the members

  private static func inputs(_ report: ExplanationReport) -> [(String, JSONText)] {
    [
      ("preprocessing", .array(report.inputs.count == 1 ? report.inputs[0].input.steps.map { .string($0) } : [])),
      ("inputs", .array(report.inputs.map { input in
        .object([
          ("model", .string(input.model)), ("card", JSONText(input.card)),
          ("cardEntries", .object(input.cardEntries.map { ($0.key, .string($0.value)) })),
          ("preprocessing", .array(input.input.steps.map { .string($0) })), ("mirrored", .bool(input.input.isMirrored)),
        ])
      })),
      ("members", .array(report.members.map { member in
        .object([
          ("name", .string(member.name)), ("score", .number(member.score)), ("weight", .number(member.weight)),
          ("map", .object([
            ("layer", .string(member.map.layer)), ("height", .integer(member.map.height)), ("width", .integer(member.map.width)),
            ("file", .string(member.file)),
          ] + mapNumbers(member.map))),
          ("budget", .object(budget(member.budget))), ("landmarks", member.landmarks.map { FindingsJSON.landmarks($0) } ?? .null),
          ("agreement", JSONText(member.agreement)),
        ])
      })),
    ]
  }

  /// Nested like the shape, without a first axis of one image; an image's only number stands alone.
  private static func numbers(_ values: ArraySlice<Double>, _ shape: [Int]) -> JSONText {
    var count = 1
    for extent in shape {
      guard extent >= 0 else { return .array(values.map { .number($0) }) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return .array(values.map { .number($0) }) }
      count = product
    }
    guard count == values.count else { return .array(values.map { .number($0) }) }
    let images = shape.first ?? 1
    return images == 1 ? image(values, shape.dropFirst()) : parts(values, images).map { image($0, shape.dropFirst()) }.asArray
  }

  private static func image(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONText {
    if values.count == 1, let value = values.first { return .number(value) }
    return nested(values, shape)
  }

  private static func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONText {
    guard let extent = shape.first, shape.count > 1 else { return .array(values.map { .number($0) }) }
    return parts(values, extent).map { nested($0, shape.dropFirst()) }.asArray
  }

  private static func parts(_ values: ArraySlice<Double>, _ count: Int) -> [ArraySlice<Double>] {
    guard count > 0 else { return [] }
    let length = values.count / count
    return (0..<count).map { values[values.startIndex + $0 * length..<values.startIndex + ($0 + 1) * length] }
  }

  private static func targetIdentity(_ report: ExplanationReport) -> [(String, JSONText)] {
    guard let score = report.scores.first else { return [] }
    return [("output", .string(score.output)), ("index", .integer(score.index)), ("unit", .string(report.unit.name))]
  }

  private static func targetNumbers(_ score: ExplanationReport.Score) -> [(String, JSONText)] {
    [("value", .number(score.value)), ("slope", .number(score.slope))]
  }

  // MARK: The map

  private static func mapIdentity(_ report: ExplanationReport) -> [(String, JSONText)] {
    guard let map = report.maps.first else { return [] }
    return [
      ("method", .string(report.method)), ("methodTitle", .string(report.methodTitle)), ("methodCitation", .string(report.methodCitation)),
      ("layer", .string(map.layer)), ("layerChannels", .integer(report.layerChannels)), ("layerIsComplete", .bool(report.layerIsComplete)),
      ("height", .integer(map.height)), ("width", .integer(map.width)), ("file", .string("map.npy")),
    ]
  }

  static func mapNumbers(_ map: AttributionMap) -> [(String, JSONText)] {
    [
      ("minimum", .number(map.minimum)), ("maximum", .number(map.maximum)), ("sum", .number(map.sum)),
      ("sumPositive", .number(map.sumPositive)), ("sumNegative", .number(map.sumNegative)),
    ]
  }

  static func budget(_ budget: ScoreBudget) -> [(String, JSONText)] {
    [
      ("intercept", .number(budget.intercept)), ("inRegions", .number(budget.inRegions)), ("elsewhere", .number(budget.elsewhere)),
      ("residual", .number(budget.residual)),
    ]
  }

  // MARK: The regions

  private static func measurement(_ measurement: ExplanationReport.Measurement?) -> [(String, JSONText)] {
    guard let measurement else { return [("regionSource", .null), ("regions", .array([])), ("overall", .null)] }
    let (regions, focus) = (measurement.regions.regions, measurement.focus)
    return [
      ("regionSource", .string(measurement.source)),
      ("regions", .array(zip(regions, focus.regions).enumerated().map { index, pair in
        let (region, statistics) = pair
        let chance = measurement.chance.indices.contains(index) ? measurement.chance[index] : nil
        return .object(
          [("id", .string(region.id)), ("name", .string(region.name)), ("laterality", .string(region.laterality.rawValue))]
            + numbers(statistics) + [
              ("bounds", region.mask.bounds.map(pixels) ?? .null), ("resolution", .string(FocusResolution(of: statistics).description)),
              ("chance", chance.map(FindingsJSON.chance) ?? .null),
            ])
      })),
      ("overall", .object([
        ("inRegions", .object(numbers(focus.inRegions))), ("elsewhere", .object(numbers(focus.elsewhere))),
        ("padding", .object([
          ("points", .number(focus.padding.points)), ("pointsPositive", .number(focus.padding.pointsPositive)),
          ("pointsNegative", .number(focus.padding.pointsNegative)), ("mass", JSONText(focus.padding.mass)),
          ("areaShare", .number(focus.padding.areaShare)),
        ])),
      ])),
    ]
  }

  static func numbers(_ statistics: FocusStatistics) -> [(String, JSONText)] {
    [
      ("points", .number(statistics.points)), ("pointsPositive", .number(statistics.pointsPositive)),
      ("pointsNegative", .number(statistics.pointsNegative)), ("mass", JSONText(statistics.mass)),
      ("areaShare", .number(statistics.areaShare)), ("enrichment", JSONText(statistics.enrichment)),
      ("rankAccuracy", JSONText(statistics.rankAccuracy)), ("peakInside", JSONText(statistics.peakInside)),
      ("auc", JSONText(statistics.auc)), ("ceiling", JSONText(statistics.ceiling)), ("pixels", .integer(statistics.pixels)),
    ]
  }

  // MARK: The picture

  private static func picture(_ picture: ExplanationReport.Picture?) -> [(String, JSONText)] {
    guard let picture else { return [("radiograph", .null), ("input", .null)] }
    let (radiograph, transform) = (picture.radiograph, picture.transform)
    return [
      ("radiograph", .object(size(radiograph.size) + [
        ("bitDepth", .integer(radiograph.bitDepth)), ("origin", .string(radiograph.origin.rawValue)),
      ])),
      ("input", .object([
        ("size", .object(size(picture.inputSize))), ("contentRectangle", rectangle(picture.contentRectangle)),
        ("transform", .object([
          ("scaleX", .number(transform.scaleX)), ("scaleY", .number(transform.scaleY)), ("offsetX", .number(transform.offsetX)),
          ("offsetY", .number(transform.offsetY)),
        ])),
      ])),
    ]
  }

  private static func size(_ size: PixelSize) -> [(String, JSONText)] {
    [("width", .integer(size.width)), ("height", .integer(size.height))]
  }

  /// x, y, width, height in pixels.
  private static func rectangle(_ rectangle: PixelRectangle) -> JSONText {
    .array([rectangle.minX, rectangle.minY, rectangle.maxX - rectangle.minX, rectangle.maxY - rectangle.minY].map { .number($0) })
  }

  /// The same for whole pixels.
  private static func pixels(_ rectangle: PixelRectangle) -> JSONText {
    let numbers = [rectangle.minX, rectangle.minY, rectangle.maxX - rectangle.minX, rectangle.maxY - rectangle.minY]
    return .array(numbers.map { .integer(Int($0)) })
  }

  private static func check(_ check: ExplanationReport.Check) -> JSONText {
    .object([
      ("name", .string(check.name)), ("value", .number(check.value)), ("limit", .number(check.limit)), ("passed", .bool(check.passed)),
      ("sentence", .string(check.sentence)),
    ])
  }
}

extension [JSONText] {
  fileprivate var asArray: JSONText { .array(self) }
}
