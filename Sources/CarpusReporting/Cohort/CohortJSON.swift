import CarpusAnatomy

/// What the page of a cohort shows beside `summary.json`, for programs and for the page's own script.
package enum CohortJSON {
  /// `summary`, `meanMaps`, `comparisons`, `rows`: columns of the table of images, outliers first.
  package static func value(of report: CohortReport) -> JSONText {
    let rows = CohortReport.outliersFirst(report.rows, report.models.map(\.trust))
    return .object([
      ("schema", .string("carpus-cohort/1")), ("summary", report.summary), ("meanMaps", .array(report.models.map(meanMap))),
      ("comparisons", .array(report.comparisons.map(object))), ("rows", table(rows, report)),
    ])
  }

  private static func meanMap(_ model: CohortReport.Model) -> JSONText {
    .object([
      ("model", .string(model.name)), ("limit", .number(MeanHandPicture.limit(model.meanMaps))),
      ("bands", .array(MeanHands.Band.allCases.map { band in
        .object([
          ("totals", .string(band.rawValue)), ("left", .integer(model.meanMaps.hand(.left, band)?.images ?? 0)),
          ("right", .integer(model.meanMaps.hand(.right, band)?.images ?? 0)),
        ])
      })),
    ])
  }

  private static func object(_ comparison: CohortReport.Comparison) -> JSONText {
    .object([
      ("first", .string(comparison.first)), ("second", .string(comparison.second)), ("images", .integer(comparison.images)),
      ("placesSpearman", object(comparison.places)), ("cellsSpearman", object(comparison.cells)), ("scoreDifference", object(comparison.difference)),
      ("scoreDistance", object(comparison.distance)),
    ])
  }

  private static func object(_ measure: CohortReport.Measure) -> JSONText {
    guard let value = measure.value else { return .null }
    return .object([("value", .number(value)), ("lower", JSONText(measure.interval?.lowerBound)), ("upper", JSONText(measure.interval?.upperBound))])
  }

  /// A column for each property; a number of it for each row.
  private static func table(_ rows: [CohortReport.Row], _ report: CohortReport) -> JSONText {
    func numbers(_ value: (CohortReport.Row) -> Double?) -> JSONText { .array(rows.map { JSONText(value($0)) }) }
    func texts(_ value: (CohortReport.Row) -> String?) -> (JSONText, JSONText) {
      var places: [String: Int] = [:], known: [String] = []
      let numbers = rows.map { row -> JSONText in
        guard let text = value(row) else { return .null }
        if let place = places[text] { return .integer(place) }
        places[text] = known.count
        known.append(text)
        return .integer(known.count - 1)
      }
      return (.array(known.map { .string($0) }), .array(numbers))
    }
    let files = texts(\.file), patients = texts(\.patient), visits = texts(\.visit), classes = texts(\.className), pages = texts(\.page)
    let kinds = CohortReport.Row.Kind.allCases
    return .object([
      ("models", .array(report.models.map { .string($0.name) })), ("kinds", .array(kinds.map { .string($0.rawValue) })),
      ("files", files.0), ("patients", patients.0), ("visits", visits.0), ("classes", classes.0), ("pages", pages.0),
      ("file", files.1), ("patient", patients.1), ("visit", visits.1), ("class", classes.1), ("page", pages.1),
      ("model", .array(rows.map { .integer($0.model) })),
      ("kind", .array(rows.map { row in .integer(kinds.firstIndex(of: row.kind(report.models[row.model].trust)) ?? 0) })),
      ("total", numbers(\.total)), ("score", numbers(\.score)), ("error", numbers(\.error)), ("enrichment", numbers(\.enrichment)), ("chance", numbers(\.chance)),
      ("p", numbers(\.p)), ("sites", numbers(\.sites)), ("confounders", numbers(\.confounders)), ("background", numbers(\.background)),
    ])
  }
}
