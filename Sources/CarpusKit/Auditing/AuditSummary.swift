import CarpusAnatomy
import CarpusReporting
import CarpusScoring
import CarpusStore

/// What a cohort says of each model, worked out from the store alone.
struct AuditSummary {
  static let file = "summary.json"

  /// What the maps of a method say. Everything that resamples patients is worked out once, for the summary and for the page.
  struct Method {
    let name: String
    let evidence: AuditEvidence
    /// Mean enrichment of each region that has one.
    let enrichments: [String: Estimate]
    /// Of the scored places.
    let siteTests: [String: (p: Double?, adjusted: Double?)]

    init(name: String, evidence: AuditEvidence) {
      self.name = name
      self.evidence = evidence
      enrichments = evidence.regions.keys.reduce(into: [:]) { $0[$1] = evidence.enrichment(of: $1) }
      siteTests = Dictionary(uniqueKeysWithValues: evidence.siteTests.map { ($0.key, (p: $0.p, adjusted: $0.adjusted)) })
    }
  }

  struct Model {
    let model: StoredStudy.Model
    let methods: [Method]
    let damage: JointContrast?
    /// By key, of the first method's evidence.
    let coverings: [(key: String, evidence: CoveringEvidence, difference: Estimate?, size: Estimate?)]
    let agreement: [Estimate]?
    let verdicts: [Verdict]
    let residual: Double
    /// Tests of the model itself, with the steps on their way.
    let checks: [StoredCheck]
  }

  let study: StoredStudy
  let models: [Model]
  let imageCount, patientCount: Int
  let hasPatients: Bool

  init(_ store: AuditStore) throws(CarpusError) {
    study = store.study
    guard let resamples = study.settings["resamples"].flatMap({ Int($0) }), (0...100_000).contains(resamples),
      let seed = study.settings["seed"].flatMap({ UInt64($0) }), let rules = study.settings["rules"].flatMap(VerdictRules.init(text:)),
      let names = study.settings["methods"]?.split(separator: ",").map(String.init), !names.isEmpty
    else { throw CarpusError(.badData, "\(Audit.storeFile): the settings are not those of an audit") }
    var evidence = study.models.map { _ in names.map { _ in AuditEvidence(resamples: resamples, seed: seed) } }
    var checks: [[StoredCheck]] = []
    for index in study.models.indices {
      checks.append(try Audit.located { () throws(StoreError) in try store.checks(of: index) })
      for check in checks[index] {
        guard let rule = VerdictRule(rawValue: check.name) else { continue }
        let own = CheckEvidence(value: check.value, images: check.images, member: check.member, sentence: check.sentence)
        for method in evidence[index].indices { evidence[index][method].add(own, for: rule) }
      }
    }
    var residuals = study.models.map { _ in 0.0 }
    var images = 0, isWhole = true, patients: Set<String> = [], known = true
    try Audit.located { () throws(StoreError) in
      try store.forEachImage { image in
        images += 1
        known = known && image.patient != nil
        let patient = image.patientKey
        patients.insert(patient)
        for (model, prediction) in image.predictions.enumerated() {
          guard prediction.maps.count == names.count else {
            isWhole = false
            continue
          }
          residuals[model] += abs(prediction.maps[0].residual)
          for (method, map) in prediction.maps.enumerated() {
            evidence[model][method].add(prediction, map, of: image, patient: patient)
          }
        }
      }
    }
    guard isWhole else { throw CarpusError(.badData, "\(Audit.storeFile): an image lacks maps") }
    imageCount = images
    patientCount = patients.count
    hasPatients = known
    models = study.models.enumerated().map { index, model in
      let first = evidence[index][0], agreement = first.agreement, damage = first.damageContrast
      return Model(
        model: model, methods: zip(names, evidence[index]).map { Method(name: $0, evidence: $1) }, damage: damage,
        coverings: first.coverings.sorted { $0.key < $1.key }.map {
          (key: $0.key, evidence: $0.value, difference: first.coveringDifference(of: $0.key), size: first.coveringSize(of: $0.key))
        }, agreement: agreement, verdicts: first.verdicts(rules, agreement: agreement, damage: damage), residual: residuals[index] / Double(max(1, images)), checks: checks[index])
    }
  }

  var verdicts: [Audit.ModelVerdicts] { models.map { Audit.ModelVerdicts(model: $0.model.name, verdicts: $0.verdicts) } }

  /// A table for the eye.
  var lines: [String] {
    models.flatMap { model in
      ["", model.model.name]
        + AlignedTable.lines(model.verdicts.map { verdict in
          ["  " + verdict.outcome.rawValue, verdict.rule.rawValue, verdict.value.map { NumberText.significant($0, digits: 3) } ?? "–"]
        })
        + model.verdicts.filter { $0.outcome == .failed }.map { "  \($0.rule.rawValue): \($0.sentence)" }
    }
  }
}

extension AuditEvidence {
  fileprivate mutating func add(_ prediction: StoredPrediction, _ map: StoredMap, of image: StoredImage, patient: String) {
    var p: Double?, left: Double?, right: Double?, points: [String: Double] = [:]
    for region in map.regions {
      let kind: Kind = switch region.kind {
      case "site": .site
      case "confounder": .confounder
      default: .other
      }
      add(
        RegionEvidence.Reading(
          points: region.points, mass: region.mass, areaShare: region.areaShare, enrichment: region.enrichment, ceiling: region.ceiling,
          chance: region.chance, chanceDeviation: region.chanceDeviation, draws: region.draws, peakInside: region.peakInside, reach: region.reach),
        of: region.key, kind, patient: patient)
      if kind == .site { points[region.key] = region.points }
      switch region.key {
      case Self.sites: p = region.p
      case Self.leftSites: left = region.pointsPositive
      case Self.rightSites: right = region.pointsPositive
      default: break
      }
    }
    addSides(left: left, right: right, patient: patient)
    for covering in prediction.coverings { addCovering(of: covering.key, prediction.score - covering.score, patient: patient) }
    // A place was covered by that of the other hand.
    let covered = prediction.coverings.compactMap { covering in
      points[covering.key].map { (points: $0 - (points[covering.key.ofOtherHand] ?? 0), loss: prediction.score - covering.score) }
    }
    if covered.count > 2, case .success(let value) = RankAgreement.spearman(covered.map(\.points), covered.map(\.loss)) {
      addOcclusionAgreement(value, patient: patient)
    }
    if let agreement = prediction.memberAgreement { addMemberAgreement(agreement, patient: patient) }
    add(spread: map.spread, gini: map.gini, paddingMass: map.paddingMass, centreEnrichment: map.centreEnrichment)
    add(GradedJoints(patient: patient, joints: image.joints(points)))
    add(AuditEvidence.Image(patient: patient, score: prediction.score, total: image.total, p: p))
  }
}

extension String {
  /// `R:mcp2` for `L:mcp2`, and the other way round.
  fileprivate var ofOtherHand: String { (hasPrefix("L:") ? "R:" : "L:") + dropFirst(2) }
}

extension StoredImage {
  /// Whose image it is: an image without a patient stands for itself.
  var patientKey: String { patient.map { "p\($0)" } ?? "i\(index)" }

  /// The graded places that a map has points of, place by place.
  fileprivate func joints(_ points: [String: Double]) -> [GradedJoints.Joint] {
    var sums: [String: Int] = [:], keys: [String] = []
    for grade in grades {
      guard let item = SvdHItem(grade.item) else { continue }
      let key = "\(item.side.rawValue):\(item.site.regionID)"
      if sums[key] == nil { keys.append(key) }
      sums[key, default: 0] += grade.grade
    }
    return keys.compactMap { key in points[key].map { GradedJoints.Joint(key: key, grade: sums[key] ?? 0, points: $0) } }
  }
}
