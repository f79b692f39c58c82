import CarpusAnatomy
import CarpusReporting
import CarpusScoring
import CarpusStore

extension AuditSummary {
  /// Schema `carpus-audit/1`.
  var value: JSONText {
    .object([
      ("schema", .string("carpus-audit/1")), ("notice", .string(ExplanationReport.notice)), ("images", .integer(imageCount)),
      ("patients", hasPatients ? .integer(patientCount) : .null),
      ("settings", .object(study.settings.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
      ("models", .array(models.map(object))),
    ])
  }

  private func object(_ model: Model) -> JSONText {
    let first = model.methods[0]
    return .object([
      ("name", .string(model.model.name)), ("file", .string(model.model.file)), ("sha256", .string(model.model.sha256)),
      ("cardSHA256", .string(model.model.cardSHA256)), ("verdicts", .array(model.verdicts.map(\.json))),
      ("agreement", model.agreement.map { .object(zip(PointStatistic.allCases, $0).map { ($0.rawValue, $1.json) }) } ?? .null),
      ("trust", object(TrustTable(first.evidence.images))),
      ("meanAbsoluteResidual", .number(model.residual)),
      ("checks", .array(model.checks.map(object))),
      ("damage", object(model.damage)), ("leftRight", object(first.evidence.leftRight)),
      ("methods", .array(model.methods.map(object))),
      ("coverings", .array(model.coverings.map { covering in
        .object([
          ("id", .string(covering.key)), ("images", .integer(covering.evidence.differences.count)), ("meanChange", JSONText(covering.evidence.mean)),
          ("interval", covering.difference?.bounds ?? .null),
          ("meanAbsoluteChange", JSONText(covering.evidence.meanSize)), ("absoluteInterval", covering.size?.bounds ?? .null),
        ])
      })),
      ("focus", .array(model.methods.flatMap { method in
        method.evidence.regions.sorted { $0.key < $1.key }.map { object(method, $0.key, $0.value) }
      })),
    ])
  }

  /// `value` is the mean enrichment, `chance` what it is for regions moved within the hand, or 1 where they are not moved.
  private func object(_ method: Method, _ key: String, _ region: RegionEvidence) -> JSONText {
    let estimate = method.enrichments[key], test = region.test, site = method.siteTests[key]
    return .object([
      ("id", .string(key)), ("method", .string(method.name)), ("statistic", .string("enrichment")), ("images", .integer(region.imageCount)),
      ("withoutEvidence", .integer(region.absentCount)), ("value", JSONText(region.meanEnrichment)),
      ("interval", estimate?.bounds ?? .null), ("chance", .number(test?.nullMean ?? region.chanceLevel ?? 1)),
      ("chanceBy", .string(region.chanceLevel == nil ? "area" : "moved masks")), ("chanceDeviation", JSONText(test?.nullDeviation)),
      ("p", JSONText(test?.p ?? site?.p)), ("pBy", JSONText(test != nil ? "draws" : site?.p != nil ? "normal approximation" : nil)),
      ("pHolm", JSONText(site?.adjusted)), ("resolution", JSONText(region.meanCeiling.map { $0 < FocusResolution.limit ? "unresolvable" : "resolvable" })),
      ("grades", site == nil ? .null : object(method.evidence.gradeCorrelation(of: key))), ("points", JSONText(region.meanPoints)), ("mass", JSONText(region.meanMass)),
      ("areaShare", JSONText(region.meanAreaShare)), ("ceiling", JSONText(region.meanCeiling)),
    ])
  }

  /// How the maps of a method are, wherever they point.
  private func object(_ method: Method) -> JSONText {
    let evidence = method.evidence, concentration = evidence.concentration
    return .object([
      ("name", .string(method.name)), ("withoutEvidence", .integer(concentration.emptyCount)), ("meanSpread", JSONText(concentration.meanSpread)),
      ("meanGini", JSONText(concentration.meanGini)), ("meanPaddingMass", JSONText(concentration.meanPaddingMass)),
      ("centreEnrichment", JSONText(concentration.meanCentreEnrichment)), ("focusedImages", object(evidence.focusedImages)),
      ("peaksOnSites", evidence.peaks.map(object) ?? .null), ("occlusionAgreement", object(evidence.occlusionAgreement)),
      ("memberAgreement", object(evidence.memberAgreement)),
    ])
  }

  private func object(_ rate: HitRate) -> JSONText {
    .object([
      ("hits", .integer(rate.hits)), ("images", .integer(rate.count)), ("leftOut", .integer(rate.leftOut)), ("share", JSONText(rate.share)),
      ("interval", rate.interval().map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null), ("chance", JSONText(rate.chance)),
      ("p", JSONText(rate.p)),
    ])
  }

  private func object(_ estimate: Estimate?) -> JSONText { estimate?.json ?? .null }

  private func object(_ contrast: JointContrast?) -> JSONText {
    guard let contrast else { return .null }
    return .object([
      ("images", .integer(contrast.imageCount)), ("leftOut", .integer(contrast.leftOut)), ("difference", contrast.difference.json),
      ("p", JSONText(contrast.test?.p)),
    ])
  }

  private func object(_ difference: PairedDifference?) -> JSONText {
    guard let difference else { return .null }
    return .object([
      ("images", .integer(difference.pairCount)), ("patients", .integer(difference.patientCount)), ("difference", difference.difference.json),
      ("p", JSONText(difference.test?.p)),
    ])
  }

  private func object(_ correlation: GradeCorrelation?) -> JSONText {
    guard let correlation else { return .null }
    return .object([("images", .integer(correlation.count)), ("pearson", correlation.pearson.json), ("spearman", correlation.spearman.json)])
  }

  private func object(_ check: StoredCheck) -> JSONText {
    .object([
      ("name", .string(check.name)), ("member", check.member.isEmpty ? .null : .string(check.member)), ("value", .number(check.value)),
      ("images", .integer(check.images)), ("sentence", .string(check.sentence)),
    ])
  }

  private func object(_ table: TrustTable) -> JSONText {
    .object([
      ("trustworthy", .integer(table.trustworthy)), ("deceptive", .integer(table.deceptive)), ("mistaken", .integer(table.mistaken)),
      ("unreliable", .integer(table.unreliable)), ("leftOut", .integer(table.leftOut)), ("tolerance", .number(table.tolerance)),
      ("level", .number(table.level)),
    ])
  }
}

extension Estimate {
  /// Its interval as two numbers.
  fileprivate var bounds: JSONText {
    guard case .success(let range) = interval else { return .null }
    return .array([.number(range.lowerBound), .number(range.upperBound)])
  }
}

extension Verdict {
  fileprivate var json: JSONText {
    .object([
      ("name", .string(rule.rawValue)), ("value", JSONText(value)), ("limit", .number(limit)),
      ("passed", JSONText(outcome == .skipped ? nil : outcome == .passed)), ("outcome", .string(outcome.rawValue)), ("sentence", .string(sentence)),
    ])
  }
}
