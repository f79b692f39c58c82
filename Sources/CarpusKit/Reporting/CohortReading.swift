import CarpusAnatomy
import CarpusExplanation
import CarpusReporting
import CarpusScoring
import CarpusStore

extension CohortReport {
  /// From what was measured and stored alone.
  ///
  /// - Throws: `CarpusError` 65 for a store that is damaged.
  init(_ summary: AuditSummary, _ store: AuditStore) throws(CarpusError) {
    var rows: [Row] = []
    var means = summary.models.map { _ in MeanHands() }
    var pairs: [Pair] = []
    for first in summary.models.indices { for second in summary.models.indices where first < second { pairs.append(Pair(first: first, second: second)) } }
    let warps = MeanHands.Warps()
    try Audit.located { () throws(StoreError) in
      try store.forEachImage { image in
        let landmarks = image.sites
        for (model, prediction) in image.predictions.enumerated() {
          guard let map = prediction.maps.first else { continue }
          rows.append(Row(image, prediction, map, model: model))
          means[model].add(MeanHands.Source(map, of: image), landmarks, total: image.total, warps)
        }
        for index in pairs.indices { pairs[index].add(image) }
      }
    }
    let settings = summary.study.settings
    let resamples = settings["resamples"].flatMap { Int($0) } ?? 0, seed = settings["seed"].flatMap { UInt64($0) } ?? 0
    let title = settings["title"] ?? ""
    self.init(
      title: title.isEmpty ? "Audit" : title, images: summary.imageCount, patients: summary.hasPatients ? summary.patientCount : nil,
      settings: settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
      models: zip(summary.models, means).map { Model($0, meanMaps: $1) },
      comparisons: pairs.map { $0.comparison(summary.models.map(\.model.name), resamples: resamples, seed: seed) }, rows: rows, summary: summary.value)
  }

  /// Two models on the same images.
  private struct Pair {
    let first, second: Int
    var places: [(Double, String)] = [], cells: [(Double, String)] = [], differences: [(Double, String)] = []

    init(first: Int, second: Int) { (self.first, self.second) = (first, second) }

    mutating func add(_ image: StoredImage) {
      guard image.predictions.count > max(first, second) else { return }
      let (a, b) = (image.predictions[first], image.predictions[second])
      let patient = image.patientKey
      differences.append((a.score - b.score, patient))
      guard let one = a.maps.first, let other = b.maps.first else { return }
      let points = Dictionary(other.regions.filter { $0.kind == "site" }.map { ($0.key, $0.points) }, uniquingKeysWith: { first, _ in first })
      let both = one.regions.filter { $0.kind == "site" }.compactMap { region in points[region.key].map { (region.points, $0) } }
      if both.count > 2, case .success(let value) = RankAgreement.spearman(both.map(\.0), both.map(\.1)) { places.append((value, patient)) }
      if one.height == other.height, one.width == other.width, one.frame == other.frame,
        case .success(let value) = RankAgreement.spearman(one.cells.map(Double.init), other.cells.map(Double.init)) {
        cells.append((value, patient))
      }
    }

    func comparison(_ names: [String], resamples: Int, seed: UInt64) -> Comparison {
      func mean(_ values: [(Double, String)], _ change: (Double) -> Double = { $0 }) -> Measure {
        values.isEmpty ? Measure(Double?.none, nil)
          : Measure(MeanEstimate.estimate(values.map { change($0.0) }, patients: values.map(\.1), resamples: resamples, seed: seed))
      }
      return Comparison(
        first: names[first], second: names[second], images: differences.count, places: mean(places), cells: mean(cells), difference: mean(differences),
        distance: mean(differences, abs))
    }
  }
}

extension CohortReport.Measure {
  init(_ estimate: Estimate?) {
    guard let estimate, case .success(let value) = estimate.value else {
      self.init(Double?.none, nil)
      return
    }
    if case .success(let interval) = estimate.interval { self.init(value, interval) } else { self.init(value, nil) }
  }
}

extension CohortReport.Row {
  fileprivate init(_ image: StoredImage, _ prediction: StoredPrediction, _ map: StoredMap, model: Int) {
    func region(_ key: String) -> StoredRegion? { map.regions.first { $0.key == key } }
    let sites = region(AuditEvidence.sites)
    self.init(
      file: image.file, patient: image.patient, visit: image.visit, model: model, total: image.total, score: prediction.score, className: prediction.className,
      enrichment: sites?.enrichment, chance: sites?.chance, p: sites?.p, sites: sites?.mass, confounders: region(AuditEvidence.confounders)?.mass,
      background: region(AuditEvidence.background)?.mass)
  }
}

extension StoredImage {
  /// The scored places of both hands.
  fileprivate var sites: [MeanHands.Landmark] {
    landmarks.compactMap { mark in
      let parts = mark.key.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, let side = Laterality(rawValue: parts[0]), let site = HandVocabulary.standard.term(id: parts[1])?.site else { return nil }
      return MeanHands.Landmark(side: side, site: site, x: mark.x, y: mark.y)
    }
  }
}

extension MeanHands.Source {
  fileprivate init(_ map: StoredMap, of image: StoredImage) {
    self.init(
      cells: map.cells, height: map.height, width: map.width, x: map.frame.x, y: map.frame.y, frameWidth: map.frame.width, frameHeight: map.frame.height,
      radiographWidth: image.width, radiographHeight: image.height)
  }
}

extension CohortReport.Model {
  fileprivate init(_ model: AuditSummary.Model, meanMaps: MeanHands) {
    let first = model.methods[0].evidence
    let trust = TrustTable(first.images)
    self.init(
      name: model.model.name, file: model.model.file, sha256: model.model.sha256, cardSHA256: model.model.cardSHA256,
      verdicts: model.verdicts.map { verdict in
        CohortReport.Verdict(
          name: verdict.rule.rawValue, outcome: CohortReport.Verdict.Outcome(verdict.outcome), value: verdict.value, limit: verdict.limit, sentence: verdict.sentence)
      },
      agreement: model.agreement.map { estimates in
        zip(PointStatistic.allCases, estimates).map {
          CohortReport.Statistic(name: $0.rawValue, title: $0.title, unit: $0.isInPoints ? "points" : "", measure: CohortReport.Measure($1))
        }
      } ?? [],
      trust: CohortReport.Trust(
        trustworthy: trust.trustworthy, deceptive: trust.deceptive, mistaken: trust.mistaken, unreliable: trust.unreliable, leftOut: trust.leftOut,
        tolerance: trust.tolerance, level: trust.level),
      residual: model.residual,
      checks: model.checks.map { CohortReport.Check(name: $0.name, member: $0.member, value: $0.value, images: $0.images, sentence: $0.sentence) },
      damage: model.damage.map { contrast in
        CohortReport.Damage(
          images: contrast.imageCount, leftOut: contrast.leftOut, difference: CohortReport.Measure(contrast.difference), p: contrast.test?.p)
      },
      coverings: model.coverings.map { covering in
        CohortReport.Covering(
          id: covering.key, images: covering.evidence.differences.count, change: CohortReport.Measure(covering.difference),
          size: CohortReport.Measure(covering.size))
      },
      methods: model.methods.map { CohortReport.Method($0) }, meanMaps: meanMaps)
  }
}

extension CohortReport.Verdict.Outcome {
  fileprivate init(_ outcome: Verdict.Outcome) {
    self = switch outcome {
    case .passed: .passed
    case .failed: .failed
    case .skipped: .skipped
    }
  }
}

extension CohortReport.Rate {
  fileprivate init(_ rate: HitRate) {
    self.init(
      hits: rate.hits, images: rate.count, leftOut: rate.leftOut, share: CohortReport.Measure(rate.share, rate.interval()), chance: rate.chance, p: rate.p)
  }
}

extension CohortReport.Method {
  fileprivate init(_ method: AuditSummary.Method) {
    let evidence = method.evidence, concentration = evidence.concentration
    self.init(
      name: method.name, withoutEvidence: concentration.emptyCount, spread: concentration.meanSpread, gini: concentration.meanGini,
      paddingMass: concentration.meanPaddingMass, centreEnrichment: concentration.meanCentreEnrichment, focused: CohortReport.Rate(evidence.focusedImages),
      peaks: evidence.peaks.map { CohortReport.Rate($0) }, occlusion: evidence.occlusionAgreement.map { CohortReport.Measure($0) },
      members: evidence.memberAgreement.map { CohortReport.Measure($0) },
      places: evidence.regions.sorted { $0.key < $1.key }.map { key, region in
        let test = region.test, site = method.siteTests[key]
        return CohortReport.Place(
          id: key, images: region.imageCount, withoutEvidence: region.absentCount,
          enrichment: CohortReport.Measure(region.meanEnrichment, CohortReport.Measure(method.enrichments[key]).interval),
          chance: test?.nullMean ?? region.chanceLevel ?? 1, isChanceMoved: region.chanceLevel != nil, chanceDeviation: test?.nullDeviation,
          p: test?.p ?? site?.p, adjustedP: site?.adjusted, isResolvable: region.meanCeiling.map { $0 >= FocusResolution.limit }, points: region.meanPoints,
          mass: region.meanMass, areaShare: region.meanAreaShare)
      })
  }
}

extension PointStatistic {
  /// For a table.
  fileprivate var title: String {
    switch self {
    case .pcc: "Correlation (Pearson)"
    case .spearman: "Rank correlation (Spearman)"
    case .rmse: "Root mean square error"
    case .mae: "Mean absolute error"
    case .bias: "Bias: score less readers’ total"
    case .slope: "Slope of the line of scores over totals"
    case .intercept: "Intercept of this line"
    case .icc: "Intraclass correlation ICC(2,1)"
    case .concordance: "Concordance (Lin)"
    case .lowerLimit: "Lower limit of agreement"
    case .upperLimit: "Upper limit of agreement"
    }
  }

  fileprivate var isInPoints: Bool {
    switch self {
    case .rmse, .mae, .bias, .intercept, .lowerLimit, .upperLimit: true
    case .pcc, .spearman, .slope, .icc, .concordance: false
    }
  }
}
