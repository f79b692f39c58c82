/// The verdicts in words for a reader who has never seen one.
enum CohortFindings {
  /// What a failed rule means, the most telling first.
  private static let order = [
    "marker", "confounders", "other-confounders", "background", "agreement", "sites", "finger-joints", "damage", "left-right", "weights", "without-gradient", "repeatability",
  ]

  struct Summary {
    let state, mark, head, rest: String
    /// Rule and sentence of each that failed.
    let findings: [(rule: String, sentence: String)]
  }

  static func summary(_ model: CohortReport.Model) -> Summary {
    let failed = model.verdicts.filter { $0.outcome == .failed }.sorted { place($0.name) < place($1.name) }
    let passed = model.verdicts.count { $0.outcome == .passed }, skipped = model.verdicts.count { $0.outcome == .skipped }
    let asked = passed + failed.count
    let open = skipped > 0 ? " \(skipped) could not be asked." : ""
    guard asked > 0 else {
      return Summary(
        state: "open", mark: "–", head: "nothing could be judged", rest: "The study does not hold what the questions need: readers’ totals, regions of joints and hands.", findings: [])
    }
    guard !failed.isEmpty else {
      return Summary(
        state: "good", mark: "✓", head: "nothing was found against it",
        rest: "\(passed) of \(asked) questions were answered well.\(open) That does not show that its scores are right on other radiographs.", findings: [])
    }
    let isHeavy = failed.contains { ["marker", "confounders", "background", "agreement", "sites", "weights"].contains($0.name) }
    return Summary(
      state: isHeavy ? "bad" : "look", mark: "✗", head: isHeavy ? "do not rely on it" : "look closer before you rely on it",
      rest: "\(failed.count) of \(asked) questions were answered badly.\(open)", findings: failed.map { ($0.name, sentence($0, model)) })
  }

  private static func place(_ rule: String) -> Int { order.firstIndex(of: rule) ?? order.count }

  /// What was asked, for the table of questions.
  static func question(_ rule: String) -> String {
    switch rule {
    case "agreement": "Do its scores follow the readers’?"
    case "sites": "Does the evidence lie on the scored joints more than chance?"
    case "finger-joints": "Does it lie on the finger joints more than chance?"
    case "background": "Does the background hold no more than its area would?"
    case "confounders": "Do markers, borders and text hold little?"
    case "marker": "Does the score stay when the side marker is covered?"
    case "other-confounders": "Does it stay when borders, text, rings, casts are covered?"
    case "left-right": "Do both hands count alike?"
    case "damage": "Do damaged joints hold more points than undamaged ones?"
    case "weights": "Do the maps depend on what was learned?"
    case "without-gradient": "Does a map without a gradient agree?"
    case "repeatability": "Do the maps stay when the hand moves a little?"
    default: rule
    }
  }

  private static func sentence(_ verdict: CohortReport.Verdict, _ model: CohortReport.Model) -> String {
    func number(_ value: Double?, _ places: Int = 1) -> String { value.map { readable(NumberText.fixed($0, places: places)) } ?? "–" }
    func times(_ id: String) -> String { number(model.methods.first?.place(id)?.enrichment.value) }
    func mass(_ id: String) -> String { model.methods.first?.place(id)?.mass.map(Percent.text) ?? "–" }
    func area(_ id: String) -> String { model.methods.first?.place(id)?.areaShare.map(Percent.text) ?? "–" }
    return switch verdict.name {
    case "marker": verdict.value == nil ? verdict.sentence
      : "It reads the side marker: covering the letter alone changes the score by \(number(verdict.value)) points on average (\(number(verdict.limit)) are allowed)."
    case "confounders": verdict.value == nil ? verdict.sentence
      : "Markers, borders and text hold \(times("confounders")) times the evidence that their area would (\(number(verdict.limit)) are allowed)."
    case "other-confounders": verdict.value == nil ? verdict.sentence
      : "Covering what has nothing to do with the disease (\(largest(model))) changes the score by \(number(verdict.value)) points on average."
    case "background": verdict.value == nil ? verdict.sentence
      : "\(mass("background")) of the evidence lies on the empty background, which is \(area("background")) of the radiograph."
    case "agreement": agreement(verdict, model)
    case "sites": verdict.value == nil ? verdict.sentence
      : "The scored joints hold \(mass("sites")) of the evidence, not clearly more than the same shapes elsewhere in the hand (p = \(number(verdict.value, 3)))."
    case "finger-joints": verdict.value == nil ? verdict.sentence
      : "The finger joints hold \(mass("finger-joints")) of the evidence, not clearly more than the same shapes elsewhere in the hand (p = \(number(verdict.value, 3)))."
    case "damage": verdict.value == nil ? verdict.sentence
      : "Damaged joints hold no more points than undamaged ones of the same radiograph (difference \(number(model.damage?.difference.value, 3)), p = \(number(verdict.value, 2)))."
    case "left-right": verdict.value == nil ? verdict.sentence
      : "One hand counts far more than the other: its share is \(number(verdict.value, 2)) away from one half (\(number(verdict.limit, 2)) are allowed)."
    case "repeatability": verdict.value == nil ? verdict.sentence
      : "Its maps change when the hand moves a little (rank correlation \(number(verdict.value, 2)); at least \(number(verdict.limit, 2)) are wanted): do not read a single map to the joint."
    default: verdict.sentence
    }
  }

  private static func agreement(_ verdict: CohortReport.Verdict, _ model: CohortReport.Model) -> String {
    guard let value = verdict.value, let interval = model.agreement.first(where: { $0.name == "pcc" })?.measure.interval else { return verdict.sentence }
    return "Its scores do not follow the readers’: correlation \(readable(NumberText.fixed(value, places: 2))) (95 % interval \(readable(NumberText.fixed(interval.lowerBound, places: 2))) to \(readable(NumberText.fixed(interval.upperBound, places: 2))))."
  }

  /// The confounder whose covering matters most, beside the marker.
  private static func largest(_ model: CohortReport.Model) -> String {
    model.coverings.filter { !["marker", "sites", "background"].contains($0.id) && !$0.id.contains(":") && $0.images >= 10 }
      .max { ($0.size.value ?? 0) < ($1.size.value ?? 0) }.map(\.id) ?? "borders and the like"
  }
}
