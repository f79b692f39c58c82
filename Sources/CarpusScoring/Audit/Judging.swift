extension AuditEvidence {
  /// The verdicts, in the order of `VerdictRule.allCases`, of the rules that have a limit.
  ///
  /// - Parameter agreement, damage: as `agreement` and `damageContrast` give them; they take a while to make.
  public func verdicts(_ rules: VerdictRules, agreement: [Estimate]?, damage: JointContrast?) -> [Verdict] {
    VerdictRule.allCases.compactMap { rule in rules[rule].map { verdict(rule, $0, agreement, damage) } }
  }

  private func verdict(_ rule: VerdictRule, _ limit: Double, _ agreement: [Estimate]?, _ damage: JointContrast?) -> Verdict {
    switch rule {
    case .agreement: judgeAgreement(limit, agreement)
    case .sites: judgeFocus(rule, limit, key: Self.sites, "the places that Sharp and van der Heijde score")
    case .fingerJoints: judgeFocus(rule, limit, key: Self.fingerJoints, "the joints of the fingers")
    case .background: judgeEnrichment(rule, limit, key: Self.background, "the background")
    case .confounders: judgeEnrichment(rule, limit, key: Self.confounders, "markers, borders and the like")
    case .marker: judgeCovering(rule, limit, keys: [Self.marker], "the side marker")
    case .otherConfounders:
      judgeCovering(rule, limit, keys: confounderKeys.subtracting([Self.marker]).sorted(), "what else may mislead")
    case .leftRight: judgeSides(limit)
    case .damage: judgeDamage(limit, damage)
    case .weights, .withoutGradient, .repeatability: judgeCheck(rule, limit)
    }
  }

  private func judgeAgreement(_ limit: Double, _ agreement: [Estimate]?) -> Verdict {
    guard let agreement else {
      return Verdict(.agreement, value: nil, limit: limit, .skipped, "Skipped: the study has no readers' totals to compare the scores with.")
    }
    let pcc = agreement[PointStatistic.allCases.firstIndex(of: .pcc) ?? 0]
    let value: Double
    switch pcc.value {
    case .success(let number): value = number
    case .failure(.constantPrediction):
      return Verdict(.agreement, value: nil, limit: limit, .failed, "The model gives every radiograph the same score.")
    case .failure(let reason): return Verdict(.agreement, value: nil, limit: limit, .skipped, "Skipped: the correlation with the readers does not exist: \(reason).")
    }
    switch pcc.interval {
    case .success(let interval):
      let isAbove = interval.lowerBound > limit
      return Verdict(
        .agreement, value: value, limit: limit, isAbove ? .passed : .failed,
        "Scores and readers' totals correlate with \(text(value)) (95 % interval \(text(interval.lowerBound)) to \(text(interval.upperBound))); the interval \(isAbove ? "lies above" : "does not lie above") \(text(limit)).")
    case .failure(let reason):
      return Verdict(.agreement, value: value, limit: limit, .skipped, "Skipped: the correlation \(text(value)) has no interval: \(reason).")
    }
  }

  private func judgeFocus(_ rule: VerdictRule, _ limit: Double, key: String, _ what: String) -> Verdict {
    guard let evidence = regions[key] else {
      return Verdict(rule, value: nil, limit: limit, .skipped, "Skipped: no radiograph has regions of \(what).")
    }
    guard let enrichment = evidence.meanEnrichment else {
      return Verdict(rule, value: nil, limit: limit, .failed, "No map has positive evidence, on \(what) or anywhere else that is seen.")
    }
    guard let test = evidence.test else {
      return Verdict(
        rule, value: nil, limit: limit, .skipped,
        "Skipped: \(what) hold \(text(enrichment)) times the evidence of their area, but no chance level: that needs a region ‘hand’ with room to move them in.")
    }
    let isMore = test.p <= limit
    return Verdict(
      rule, value: test.p, limit: limit, isMore ? .passed : .failed,
      "The maps have \(text(test.observed)) times as much positive evidence on \(what) as their area would hold; moved at random within the hand they hold \(text(test.nullMean)) ± \(text(test.nullDeviation)) (p = \(text(test.p)), limit \(text(limit)))."
        + without(evidence))
  }

  private func judgeEnrichment(_ rule: VerdictRule, _ limit: Double, key: String, _ what: String) -> Verdict {
    guard let evidence = regions[key] else {
      return Verdict(rule, value: nil, limit: limit, .skipped, "Skipped: no radiograph has a region of \(what).")
    }
    guard let enrichment = evidence.meanEnrichment, let mass = evidence.meanMass else {
      return Verdict(rule, value: nil, limit: limit, .failed, "No map has positive evidence, on \(what) or anywhere else that is seen.")
    }
    return Verdict(
      rule, value: enrichment, limit: limit, enrichment <= limit ? .passed : .failed,
      "\(percent(mass)) of the positive evidence lies on \(what), \(text(enrichment)) times what the area would hold (limit \(text(limit)), \(evidence.imageCount) images)."
        + without(evidence))
  }

  private func judgeCovering(_ rule: VerdictRule, _ limit: Double, keys: [String], _ what: String) -> Verdict {
    let effects = keys.compactMap { key in coverings[key]?.meanSize.map { (key: key, size: $0, count: coverings[key]?.differences.count ?? 0) } }
    guard !effects.isEmpty else {
      return Verdict(rule, value: nil, limit: limit, .skipped, "Skipped: no radiograph has a region of \(what), or covering was not asked for.")
    }
    guard let largest = effects.filter({ $0.count >= Self.fewestCoverings }).max(by: { $0.size < $1.size }) else {
      return Verdict(
        rule, value: nil, limit: limit, .skipped,
        "Skipped: fewer than \(Self.fewestCoverings) radiographs have a region of \(what), too few for a mean.")
    }
    return Verdict(
      rule, value: largest.size, limit: limit, largest.size <= limit ? .passed : .failed,
      "Covering \(what) changes the score by \(text(largest.size)) points on average"
        + (keys.count > 1 ? ", most for ‘\(largest.key)’" : "") + " (limit \(text(limit)), \(largest.count) images).")
  }

  /// The mean change of fewer radiographs is not judged.
  static let fewestCoverings = 10

  private func judgeSides(_ limit: Double) -> Verdict {
    guard !leftShares.isEmpty else {
      return Verdict(.leftRight, value: nil, limit: limit, .skipped, "Skipped: no radiograph shows places of both hands with positive evidence on them.")
    }
    let share = leftShares.reduce(0, +) / Double(leftShares.count), distance = abs(share - 0.5)
    return Verdict(
      .leftRight, value: distance, limit: limit, distance <= limit ? .passed : .failed,
      "Of the positive evidence on scored places \(percent(share)) lies on the left hand and \(percent(1 - share)) on the right; \(text(distance)) from one half (limit \(text(limit))).")
  }

  private func judgeDamage(_ limit: Double, _ contrast: JointContrast?) -> Verdict {
    guard let contrast else {
      return Verdict(.damage, value: nil, limit: limit, .skipped, "Skipped: the study has no grades of single places.")
    }
    guard let test = contrast.test else {
      return Verdict(.damage, value: nil, limit: limit, .skipped, "Skipped: no radiograph has damaged and undamaged places side by side.")
    }
    return Verdict(
      .damage, value: test.p, limit: limit, test.p <= limit ? .passed : .failed,
      "Damaged places hold \(text(test.observed)) points more than undamaged places of the same radiograph, on average over \(contrast.imageCount) images; with the grades exchanged at random \(text(test.nullMean)) ± \(text(test.nullDeviation)) (p = \(text(test.p)), limit \(text(limit))).")
  }

  private func judgeCheck(_ rule: VerdictRule, _ limit: Double) -> Verdict {
    guard let check = checks[rule] else {
      return Verdict(rule, value: nil, limit: limit, .skipped, "Skipped: this check was not asked for, or the study has too few patients for it.")
    }
    let passed = rule.passesAbove ? check.value >= limit : check.value <= limit
    return Verdict(
      rule, value: check.value, limit: limit, passed ? .passed : .failed,
      "\(check.sentence) (\(text(check.value)), limit \(text(limit)), \(check.images) images\(check.member.isEmpty ? "" : ", member \(check.member)")).")
  }

  private func without(_ evidence: RegionEvidence) -> String {
    evidence.absentCount == 0 ? "" : " \(evidence.absentCount) of \(evidence.imageCount) maps have no positive evidence and are left out."
  }

  /// Three places behind the point.
  private func text(_ value: Double) -> String {
    let scaled = (value * 1000).rounded()
    guard abs(scaled) < 1e15 else { return "\(value)" }
    return "\(scaled == 0 ? 0 : scaled / 1000)"
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
