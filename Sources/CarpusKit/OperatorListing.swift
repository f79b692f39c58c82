import CarpusGraphs
import CarpusReporting

/// The operators that are available.
public enum OperatorListing {
  private static var signatures: [OperatorSignature] {
    OperatorCatalog.all.map { $0.signature }.sorted { ($0.domain, $0.name, $0.since) < ($1.domain, $1.name, $1.since) }
  }

  private static func gradient(_ signature: OperatorSignature) -> String {
    switch signature.gradient {
    case .defined: "yes"
    case .stops: "none flows"
    case .undefined: "no"
    }
  }

  /// Operator, domain, first version, gradient; a row of headings first.
  public static var rows: [[String]] {
    [["operator", "domain", "since", "gradient"]]
      + signatures.map { [$0.name, $0.domain.isEmpty ? "ai.onnx" : $0.domain, String($0.since), gradient($0)] }
  }

  public static var markdown: [String] {
    let rows = rows
    return ["| " + rows[0].joined(separator: " | ") + " |", "|" + String(repeating: " --- |", count: rows[0].count)]
      + rows.dropFirst().map { "| " + $0.joined(separator: " | ") + " |" }
  }

  public static var json: String {
    JSONText.object([
      ("schema", .string("carpus-operators/1")),
      ("operators", .array(signatures.map {
        .object([
          ("name", .string($0.name)), ("domain", .string($0.domain)), ("since", .integer($0.since)), ("gradient", .string($0.gradient.rawValue)),
        ])
      })),
    ]).text
  }
}
