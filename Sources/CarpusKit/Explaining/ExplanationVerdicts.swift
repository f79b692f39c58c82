import CarpusAnatomy
import CarpusReporting
import CarpusScoring

/// What one radiograph says of the network: the rules of an audit that can be asked of a single image, with their limits.
struct ExplanationVerdicts {
  /// The most telling first: what was shown by covering, then where the evidence lies.
  let checks: [ExplanationReport.Check]

  init(_ report: ExplanationReport) {
    guard let landmarks = report.landmarks else {
      checks = []
      return
    }
    let sites = Self.sites(landmarks, HandGroup.sites, .sites, "scored places")
    // Where no place of a wrist was measured, the joints of the fingers are all there are.
    let isFingersOnly = landmarks[HandGroup.wristSites.description] == nil
    let fingers = isFingersOnly ? nil : Self.sites(landmarks, HandGroup.fingerJoints, .fingerJoints, "scored joints of the fingers")
    checks = Self.covered(report) + [Self.confounders(landmarks), Self.background(landmarks), sites, fingers].compactMap(\.self)
  }

  private static func check(_ rule: VerdictRule, _ value: Double, passed: Bool, _ sentence: String, name: String? = nil) -> ExplanationReport.Check {
    ExplanationReport.Check(name: name ?? rule.rawValue, value: value, limit: rule.limit, passed: passed, sentence: sentence)
  }

  /// One for each thing that was covered and is no part of the hand.
  private static func covered(_ report: ExplanationReport) -> [ExplanationReport.Check] {
    guard let covering = report.covering else { return [] }
    let items = covering.items.filter { $0.kind == .confounder }.sorted { abs($0.difference) > abs($1.difference) }
    return items.map { item in
      let rule = item.id == "marker" ? VerdictRule.marker : .otherConfounders
      let passed = abs(item.difference) <= rule.limit
      let change = "from \(points(covering.score)) to \(points(covering.score - item.difference)) points"
      return check(
        rule, abs(item.difference), passed: passed,
        passed
          ? "With the \(item.title) covered the score goes \(change): it hardly depends on it."
          : "The score depends on the \(item.title): with it covered, the score goes \(change).",
        name: item.id)
    }
  }

  private static func confounders(_ landmarks: ExplanationReport.Landmarks) -> ExplanationReport.Check? {
    guard let group = landmarks[HandGroup.confounders.description], let mass = group.statistics.mass, let enrichment = group.statistics.enrichment else { return nil }
    let names = landmarks.groups.filter { $0.kind == .confounder }.sorted { ($0.statistics.mass ?? 0) > ($1.statistics.mass ?? 0) }.map(\.title)
    let passed = enrichment <= VerdictRule.confounders.limit
    let held = "\(share(mass)) of the positive evidence lies on these \(share(group.statistics.areaShare)) of the radiograph"
    return check(
      .confounders, enrichment, passed: passed,
      passed
        ? "The map does not point at what is no part of the hand (\(names.joined(separator: ", "))): \(held)."
        : "The map points at what is no part of the hand (\(names.joined(separator: ", "))): \(held).")
  }

  private static func background(_ landmarks: ExplanationReport.Landmarks) -> ExplanationReport.Check? {
    guard let group = landmarks["background"], let mass = group.statistics.mass, let enrichment = group.statistics.enrichment else { return nil }
    let passed = enrichment <= VerdictRule.background.limit
    return check(
      .background, enrichment, passed: passed,
      "The map \(passed ? "does not point" : "points") at the background: \(share(mass)) of the positive evidence lies on these \(share(group.statistics.areaShare)) of the radiograph, \(passed ? "no more than" : "more than") a map that knows nothing would have there.")
  }

  /// Against places drawn at random within the hand.
  private static func sites(_ landmarks: ExplanationReport.Landmarks, _ asked: HandGroup, _ rule: VerdictRule, _ title: String) -> ExplanationReport.Check? {
    guard let group = landmarks[asked.description], let chance = group.chance, let mass = group.statistics.mass, let enrichment = group.statistics.enrichment
    else { return nil }
    let passed = chance.p <= rule.limit
    return check(
      rule, chance.p, passed: passed,
      "The evidence on the \(title) is \(passed ? "more than chance" : "no more than chance") (p = \(NumberText.fixed(chance.p, places: 3))): \(share(mass)) of it lies on these \(share(group.statistics.areaShare)) of the radiograph, \(NumberText.fixed(enrichment, places: 1)) times their share; places drawn at random within the hand hold \(NumberText.fixed(chance.mean, places: 1)) times theirs.")
  }

  private static func share(_ value: Double) -> String { "\(NumberText.significant(100 * value, digits: 2)) %" }

  private static func points(_ value: Double) -> String { NumberText.fixed(value, places: 1).replacing("-", with: "−") }
}
