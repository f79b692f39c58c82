import CarpusReporting
import CarpusScoring

extension Evaluation {
  /// `carpus-agreement/1`.
  public var json: String {
    let readings = study.readings
    func left(out images: [String]) -> JSONText {
      .object([("count", .integer(images.count)), ("first", .array(images.prefix(3).map { .string($0) }))])
    }
    return JSONText.object([
      ("schema", .string("carpus-agreement/1")), ("predictions", .string(predictionsName)), ("reference", JSONText(referenceName)),
      ("images", .integer(readings.images.count)), ("patients", readings.patients == nil ? .null : .integer(study.unitCount)),
      ("withoutReference", left(out: readings.unread)), ("withoutPrediction", left(out: readings.unpredicted)),
      ("bootstrap", .object([
        ("resamples", .integer(study.resamples)), ("seed", Int(exactly: study.seed).map { .integer($0) } ?? .string(String(study.seed))), ("unit", .string(study.unit.rawValue)), ("level", .number(0.95)),
      ])),
      ("scale", .object([("edges", .array(study.scale.edges.map { .number($0) })), ("origin", .string(study.scale.origin))])),
      ("agreement", .array(study.agreements.map { $0.json(scale: study.scale) })),
      ("comparisons", .array(study.comparisons.map(\.json))),
      ("warnings", .array(warnings.map { .string($0) })), ("remarks", .array(Self.remarks.map { .string($0) })),
    ]).text
  }
}

extension Agreement {
  /// `points` is `null` unless there are totals and scores.
  func json(scale: SeverityScale) -> JSONText {
    .object([
      ("name", .string(name)),
      ("points", points.map { .object(zip(PointStatistic.allCases, $0).map { ($0.rawValue, $1.json) }) } ?? .null),
      ("classes", .object(zip(ClassStatistic.allCases, classes).map { ($0.rawValue, $1.json) })),
      ("confusion", .array(confusion.counts.map { .array($0.map { .integer($0) }) })),
      ("bands", .array(bands.map { band in
        .object([
          ("class", .integer(band.classIndex)), ("name", .string(scale.name(of: band.classIndex))), ("images", .integer(band.imageCount)),
        ] + zip(Agreement.bandStatistics, band.estimates).map { ($0.rawValue, $1.json) })
      })),
    ])
  }
}

extension ErrorComparison {
  fileprivate var json: JSONText {
    .object(
      [("first", .string(first)), ("second", .string(second))] + zip(Self.statistics, differences).map { ($0.rawValue, $1.json) })
  }
}

extension Estimate {
  /// `value`, `lower`, `upper`, `null` where absent, and then the `reason`.
  var json: JSONText {
    let range = try? interval.get()
    var reason: Undefined?
    if case .failure(let failure) = interval { reason = failure }
    if case .failure(let failure) = value { reason = failure }
    let fields: [(String, JSONText)] = [
      ("value", JSONText(try? value.get())), ("lower", JSONText(range?.lowerBound)), ("upper", JSONText(range?.upperBound)),
    ]
    return .object(fields + (reason.map { [("reason", .string($0.description))] } ?? []))
  }
}
