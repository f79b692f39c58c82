import CarpusReporting
import CarpusScoring

extension Evaluation {
  /// For people: the score in full, its members in a line each.
  public var lines: [String] {
    let readings = study.readings, images = readings.images.count
    var lines = ["\(images) \(images == 1 ? "image" : "images")" + (readings.patients == nil ? "" : " of \(study.unitCount) \(study.unitCount == 1 ? "patient" : "patients")")]
    if study.resamples > 0 { lines.append("intervals: 95 %, percentiles of \(study.resamples) resamples of \(study.unit.rawValue)s, seed \(study.seed)") }
    guard let score = study.agreements.first else { return lines }
    if let points = score.points {
      lines += section("in points", AlignedTable.lines(zip(PointStatistic.allCases, points).map { [$0.label] + cells($1) }))
    }
    lines += section("in classes", AlignedTable.lines(zip(ClassStatistic.allCases, score.classes).map { [$0.label] + cells($1) }))
    lines += section("images by class (rows: readers, columns: predictions)", confusionLines(score.confusion))
    if !score.bands.isEmpty { lines += section("by the readers' class", bandLines(score.bands)) }
    if study.agreements.count > 1 { lines += section("members", memberLines) }
    if !study.comparisons.isEmpty { lines += section("the score's error less the member's", comparisonLines) }
    return lines + [""] + ["Classes: " + study.scale.origin] + Self.remarks
  }

  private func section(_ title: String, _ lines: [String]) -> [String] { ["", title] + lines.map { "  " + $0 } }

  private func confusionLines(_ matrix: ConfusionMatrix) -> [String] {
    let names = (0..<study.scale.count).map { study.scale.name(of: $0) }
    return AlignedTable.lines([[""] + names] + zip(names, matrix.counts).map { [$0] + $1.map { $0 == 0 ? "." : String($0) } })
  }

  private func bandLines(_ bands: [Agreement.Band]) -> [String] {
    AlignedTable.lines([["class", "images"] + Agreement.bandStatistics.map(\.label)] + bands.map { band in
      [study.scale.name(of: band.classIndex), "\(band.imageCount)"] + band.estimates.map(short)
    })
  }

  private var memberLines: [String] {
    let points: [PointStatistic] = [.pcc, .rmse, .mae, .bias, .slope], classes: [ClassStatistic] = [.accuracy, .mae]
    let header = [""] + points.map(\.label) + classes.map { "class " + $0.label }
    return AlignedTable.lines([header] + study.agreements.map { agreement in
      let ofPoints = points.map { statistic in
        zip(PointStatistic.allCases, agreement.points ?? []).first { $0.0 == statistic }.map { number($0.1.value) } ?? "-"
      }
      let ofClasses = classes.map { statistic in
        zip(ClassStatistic.allCases, agreement.classes).first { $0.0 == statistic }.map { number($0.1.value) } ?? "-"
      }
      return [CSVTable.shown(agreement.name)] + ofPoints + ofClasses
    })
  }

  private var comparisonLines: [String] {
    AlignedTable.lines([["against"] + ErrorComparison.statistics.map(\.label)] + study.comparisons.map { comparison in
      [CSVTable.shown(comparison.second)] + comparison.differences.map(short)
    })
  }

  /// The value and its interval, or why there is none.
  private func cells(_ estimate: Estimate) -> [String] {
    if case .failure(let reason) = estimate.value { return ["-", "\(reason)"] }
    switch estimate.interval {
    case .success(let range): return [number(estimate.value), text(range)]
    case .failure(.notAsked): return [number(estimate.value)]
    case .failure(let reason): return [number(estimate.value), "no interval: \(reason)"]
    }
  }

  private func short(_ estimate: Estimate) -> String {
    number(estimate.value) + ((try? estimate.interval.get()).map { " (\(text($0)))" } ?? "")
  }

  private func text(_ range: ClosedRange<Double>) -> String {
    "\(NumberText.fixed(range.lowerBound, places: 3)) … \(NumberText.fixed(range.upperBound, places: 3))"
  }

  private func number(_ value: Result<Double, Undefined>) -> String {
    (try? value.get()).map { NumberText.fixed($0, places: 3) } ?? "-"
  }
}

extension PointStatistic {
  fileprivate var label: String {
    switch self {
    case .pcc: "PCC"
    case .spearman: "Spearman"
    case .rmse: "RMSE"
    case .mae: "MAE"
    case .bias: "bias"
    case .slope: "slope"
    case .intercept: "intercept"
    case .icc: "ICC(2,1)"
    case .concordance: "Lin's concordance"
    case .lowerLimit: "lower limit of agreement"
    case .upperLimit: "upper limit of agreement"
    }
  }
}

extension ClassStatistic {
  fileprivate var label: String {
    switch self {
    case .accuracy: "accuracy"
    case .withinOne: "within one class"
    case .mae: "MAE"
    case .rmse: "RMSE"
    case .pcc: "PCC"
    case .linearKappa: "linear kappa"
    case .quadraticKappa: "quadratic kappa"
    }
  }
}
