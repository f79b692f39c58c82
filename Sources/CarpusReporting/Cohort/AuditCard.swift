/// `audit-card.md`: what an audit says of its models, and which questions of reporting guidelines it answers. Nothing is invented: what the audit cannot know is left to the author.
///
/// Sources: Mongan, Moy and Kahn, Radiology: AI 2:e200029, 2020, and the update of 2024 (CLAIM); Norgeot et al., Nature Medicine 26:1320, 2020 (MI-CLAIM);
/// Regulation (EU) 2024/1689, Article 13.
package enum AuditCard {
  private static let open = "*to be filled by the author*"

  package static func markdown(of report: CohortReport) -> String {
    var lines = [
      "---", "kind: model audit card", "models: \(report.models.count)", "radiographs: \(report.images)", "---", "",
      "# Model audit card: \(text(report.title))", "",
      "**\(ExplanationReport.notice)** Made by Carpus \(text(setting("carpus", report))) from `audit.sqlite`; every number is also in `summary.json`.", "",
      "| | |", "|---|---|", "| Radiographs | \(report.images)\(report.patients.map { " of \($0) patients" } ?? ", patients not stated") |",
      "| Methods | \(text(setting("methods", report))) |", "| Seed, draws, resamples | \(text(setting("seed", report))), \(text(setting("draws", report))), \(text(setting("resamples", report))) |", "",
    ]
    for model in report.models { lines += self.model(model) }
    lines += comparisons(report) + filled + claim(report) + miClaim(report) + act(report)
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Models

  private static func model(_ model: CohortReport.Model) -> [String] {
    let summary = CohortFindings.summary(model)
    var lines = [
      "## \(text(model.name)): \(summary.head)", "", "\(summary.rest)", "", "| | |", "|---|---|", "| File | \(text(model.file)) |", "| SHA-256 | `\(model.sha256)` |",
      "| Card, SHA-256 | \(model.cardSHA256.isEmpty ? "none" : "`\(model.cardSHA256)`") |", "",
      "| Question | Answer | Value | Limit | Sentence |", "|---|---|---|---|---|",
    ]
    lines += model.verdicts.map { verdict in
      "| \(text(CohortFindings.question(verdict.name))) | \(verdict.outcome.rawValue) | \(number(verdict.value)) | \(number(verdict.limit)) | \(text(verdict.sentence)) |"
    }
    if !model.agreement.isEmpty {
      lines += ["", "| Agreement with the readers | Value | 95 % interval |", "|---|---|---|"]
      lines += model.agreement.map { "| \($0.title)\($0.unit.isEmpty ? "" : ", \($0.unit)") | \(number($0.measure.value)) | \(interval($0.measure)) |" }
    }
    let trust = model.trust
    lines += [
      "", "| Radiographs | focus on the joints | no such focus |", "|---|---|---|",
      "| error at most \(number(trust.tolerance)) points | \(trust.trustworthy) trustworthy | \(trust.deceptive) deceptive |",
      "| larger error | \(trust.mistaken) mistaken | \(trust.unreliable) unreliable |",
    ]
    if let method = model.methods.first {
      lines += [
        "",
        "More of the evidence lies on the scored joints than by chance in \(method.focused.hits) of \(method.focused.images) radiographs (share \(number(method.focused.share.value)), 95 % interval \(interval(method.focused.share)); by chance \(number(method.focused.chance))).",
      ]
    }
    if !model.coverings.isEmpty {
      lines += ["", "| Covered | Radiographs | Mean size of the change, points | 95 % interval |", "|---|---|---|---|"]
      lines += model.coverings.map { "| \(text($0.id)) | \($0.images) | \(number($0.size.value)) | \(interval($0.size)) |" }
    }
    return lines + [""]
  }

  private static func comparisons(_ report: CohortReport) -> [String] {
    guard !report.comparisons.isEmpty else { return [] }
    return ["## Agreement of the models", "", "| Models | Rank correlation of the joints’ points | 95 % interval | Mean distance of the scores, points |", "|---|---|---|---|"]
      + report.comparisons.map { "| \(text($0.first)), \(text($0.second)) | \(number($0.places.value)) | \(interval($0.places)) | \(number($0.distance.value)) |" } + [""]
  }

  private static let filled = ["## Intended use, training, people"] + [""] + [
    "Intended use and users", "Who is responsible, and how to reach them", "Training data: sources, dates, devices, selection", "Readers: number, training, agreement with one another",
    "Ethics and consent", "Known limits beside the findings above", "Licence",
  ].map { "- \($0): \(open)" } + [""]

  // MARK: - Guidelines

  private static func claim(_ report: CohortReport) -> [String] {
    table("CLAIM, as updated in 2024", "Topics in our words; numbers and wording of the items are those of the publication.", [
      ("Data sources, eligibility, dates", nil), ("De-identification", nil),
      ("Preprocessing", "the models’ cards, by their SHA-256 above; each radiograph’s page lists the steps"),
      ("Reference standard, annotators, their variability", report.models.contains { !$0.agreement.isEmpty } ? "readers’ totals were compared; who read, and how well readers agree: \(open)" : nil),
      ("Data partitions: no patient on both sides", nil),
      ("Model: architecture, software, version", "files and SHA-256 above; architecture and training: \(open)"),
      ("Metrics with uncertainty", report.models.contains { !$0.agreement.isEmpty } ? "the tables of agreement, 95 % intervals by resampling patients" : nil),
      ("Explainability, and how it was validated", "maps, chance levels, coverings; checks by weights drawn again, by a map without a gradient, by repetition"),
      ("Robustness, sensitivity", "coverings of confounders; repetition after small shifts and exposures"),
      ("Failure analysis", "outliers first in `index.html`; the deceptive ones by name in `images.csv`"),
      ("External data", nil), ("Limits, implications", nil), ("Registration, protocol, funding", nil),
    ])
  }

  private static func miClaim(_ report: CohortReport) -> [String] {
    table("MI-CLAIM", "Its six parts.", [
      ("1 Study design", nil), ("2 Data and optimization", nil), ("3 Model optimization", nil),
      ("4 Model performance", report.models.contains { !$0.agreement.isEmpty } ? "agreement with 95 % intervals; baselines: \(open)" : nil),
      ("5 Model examination", "the method and its validation above; single radiographs in `images/`; the cohort in `index.html`"),
      ("6 Reproducible pipeline", "study, models, cards and regions by SHA-256; `carpus verify`; sharing of code and data: \(open)"),
    ])
  }

  private static func act(_ report: CohortReport) -> [String] {
    table("EU AI Act, Article 13(3): information for deployers", "Whether the Act applies is not for this card to say.", [
      ("(a) identity of the provider", nil), ("(b)(i) intended purpose", nil),
      ("(b)(ii) accuracy, robustness, cybersecurity", "accuracy and robustness on this cohort above; cybersecurity: \(open)"),
      ("(b)(iii) known circumstances that lead to risks", "the questions with the answer ‘failed’; others: \(open)"),
      ("(b)(iv) means to explain the output", "maps in points with chance levels, for each radiograph"),
      ("(b)(v) performance for groups of persons", nil),
      ("(b)(vi) specification of input data", "the models’ cards; training and test data: \(open)"),
      ("(b)(vii) how to interpret the output", "`Docs/What-the-numbers-mean.md`; for the intended users: \(open)"),
      ("(c) predetermined changes", nil), ("(d) human oversight", nil), ("(e) resources, lifetime, maintenance", nil), ("(f) logs", nil),
    ])
  }

  private static func table(_ title: String, _ remark: String, _ rows: [(String, String?)]) -> [String] {
    ["## \(title)", "", remark, "", "| Item | Where, or what is missing |", "|---|---|"] + rows.map { "| \($0.0) | \($0.1 ?? open) |" } + [""]
  }

  // MARK: - Texts

  private static func setting(_ name: String, _ report: CohortReport) -> String { report.settings.first { $0.name == name }?.value ?? "–" }
  private static func number(_ value: Double?) -> String { value.map { NumberText.significant($0, digits: 3) } ?? "–" }

  private static func interval(_ measure: CohortReport.Measure) -> String {
    measure.interval.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" } ?? "–"
  }

  /// A text from a file, on one line, without a meaning for Markdown or HTML.
  private static func text(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "!": plain += "\\" + String(scalar)
      case "<": plain += "&lt;"
      case ">": plain += "&gt;"
      case "&": plain += "&amp;"
      case "\0"..<" ", "\u{7f}", "\u{85}", "\u{2028}", "\u{2029}": plain += " "
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }

}
