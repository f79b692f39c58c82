/// What is said first: the verdicts, those that failed before the others.
enum FindingsSection {
  static func context(_ report: ExplanationReport) -> [String: Any] {
    let failed = report.verdicts.filter { !$0.passed }
    let failedChecks = report.checks.filter { !$0.passed }
    var context: [String: Any] = [
      // The first that failed stands in the box.
      "items": (failed.dropFirst() + report.verdicts.filter(\.passed)).map(item), "hasItems": report.verdicts.count > (failed.isEmpty ? 0 : 1),
      "failedChecks": failedChecks.map { ["name": $0.name, "sentence": $0.sentence] }, "hasFailedChecks": !failedChecks.isEmpty,
    ]
    let doubts = failedChecks.isEmpty ? "" : " \(failedChecks.count) of \(report.checks.count) checks of the map itself failed: see below."
    if let first = failed.first {
      context["state"] = "bad"
      context["mark"] = "✗"
      // A sentence of a verdict is a claim, a colon, and what it rests on.
      let parts = first.sentence.split(separator: ": ", maxSplits: 1)
      context["head"] = String(parts.first ?? "")
      context["first"] = item(first).merging(["detail": parts.count > 1 ? parts[1].prefix(1).uppercased() + parts[1].dropFirst() : ""]) { $1 }
      context["rest"] = "\(failed.count) of \(report.verdicts.count) questions asked of this network on this radiograph \(failed.count == 1 ? "has" : "have") a bad answer.\(doubts)"
    } else if !report.verdicts.isEmpty {
      context["state"] = "good"
      context["mark"] = "✓"
      context["head"] = "Nothing suspicious was found on this radiograph."
      context["rest"] = "\(report.verdicts.count) questions were asked of this network, and none has a bad answer. That does not show that the score is right.\(doubts)"
    } else {
      context["state"] = "open"
      context["mark"] = "–"
      context["head"] = "Nothing was asked."
      context["rest"] = "Without regions of joints, hands and markers nothing can be said of where the evidence ought to lie."
    }
    return context
  }

  /// What the members of an ensemble say alike is said once.
  static func warnings(_ report: ExplanationReport) -> [String] {
    let members = report.members.map { $0.name + ": " }
    return report.warnings.filter { warning in
      guard let member = members.first(where: warning.hasPrefix) else { return true }
      return !report.warnings.contains(String(warning.dropFirst(member.count)))
    }
  }

  static func item(_ check: ExplanationReport.Check) -> [String: Any] {
    [
      "name": check.name, "result": check.passed ? "passed" : "failed", "mark": check.passed ? "✓" : "✗", "exact": check.value.description,
      "limitExact": check.limit.description, "value": readable(NumberText.significant(check.value, digits: 3)),
      "limit": readable(NumberText.significant(check.limit, digits: 3)), "sentence": check.sentence,
    ]
  }
}
