import CarpusReporting
import CarpusScoring

/// Writes scores as text, CSV and JSON.
public enum ScoreListing {
  /// Columns `image,score,class`, then `member:NAME` for each member. The class is its index from 0; what is absent is empty.
  public static func csv(_ scores: [RadiographScore], of scorer: Scorer) -> String {
    let header = ["image", "score", "class"] + scorer.members.map { "member:\($0)" }
    let rows = scores.map { score in
      [CSVText.field(foreign: score.image), CSVText.field(score.score), score.severity.map { String($0.index) } ?? ""]
        + score.members.map { CSVText.field($0.score) }
    }
    return CSVText.text([header] + rows)
  }

  /// Schema `carpus-scores/1`.
  public static func json(_ scores: [RadiographScore], of scorer: Scorer) -> String {
    JSONText.object([
      ("schema", .string("carpus-scores/1")), ("notice", .string(ExplanationReport.notice)), ("model", .string(scorer.name)),
      ("combine", JSONText(scorer.combination?.name)), ("members", .array(scorer.members.map { .string($0) })),
      ("classOrigin", JSONText(scorer.classOrigin)), ("images", .array(scores.map(image))),
      ("warnings", .array((scorer.warnings + scores.flatMap(\.warnings)).map { .string($0) })),
    ]).text
  }

  private static func image(_ score: RadiographScore) -> JSONText {
    .object([
      ("image", .string(score.image)), ("score", JSONText(score.score)), ("class", score.severity.map { .integer($0.index) } ?? .null),
      ("className", JSONText(score.severity?.name)), ("probabilities", score.probabilities.map { .array($0.map { .number($0) }) } ?? .null),
      ("members", .object(score.members.map { ($0.name, .number($0.score)) })),
      ("spread", score.spread.map { spread in
        .object([
          ("standardDeviation", .number(spread.standardDeviation)), ("minimum", .number(spread.minimum)), ("maximum", .number(spread.maximum)),
        ])
      } ?? .null),
    ])
  }

  /// A table for the eye.
  public static func lines(_ scores: [RadiographScore], of scorer: Scorer) -> [String] {
    func text(_ value: Double?) -> String { value.map { NumberText.fixed($0, places: 2) } ?? "–" }
    let header = ["image", "score", "class"] + (scorer.members.isEmpty ? [] : ["sd"]) + scorer.members
    let rows = scores.map { score in
      [score.image, text(score.score), score.severity?.name ?? "–"] + (score.spread.map { [text($0.standardDeviation)] } ?? [])
        + score.members.map { text($0.score) }
    }
    return AlignedTable.lines([header] + rows) + (scorer.classOrigin.map { ["classes: \($0)"] } ?? [])
  }
}
