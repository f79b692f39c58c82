import CarpusGraphs
import CarpusReporting

/// The operators that are available.
public enum OperatorListing {
  private struct Entry {
    let signature: OperatorSignature
    /// The last version of the operator set that the type implements, where another type follows.
    let until: Int?

    var domain: String { signature.domain.isEmpty ? "ai.onnx" : signature.domain }
    var opsets: String { until.map { $0 == signature.since ? "\($0)" : "\(signature.since)–\($0)" } ?? "\(signature.since)–" }
    var elements: String {
      switch signature.numerics {
      case .computes: "calculates"
      case .moves: "moves"
      case .exact: "as they are"
      }
    }
    var gradient: String {
      switch signature.gradient {
      case .defined: "yes"
      case .stops: "stops"
      case .undefined: "no"
      }
    }
  }

  /// By domain, name and version.
  private static var entries: [Entry] {
    let signatures = OperatorCatalog.all.map { $0.signature }.sorted { ($0.domain, $0.name, $0.since) < ($1.domain, $1.name, $1.since) }
    return signatures.enumerated().map { index, signature in
      let next = index + 1 < signatures.count ? signatures[index + 1] : nil
      let isSame = next?.domain == signature.domain && next?.name == signature.name
      return Entry(signature: signature, until: isSame ? next.map { $0.since - 1 } : nil)
    }
  }

  /// A row of headings first.
  public static var rows: [[String]] {
    [["operator", "domain", "opsets", "elements", "gradient"]] + entries.map { [$0.signature.name, $0.domain, $0.opsets, $0.elements, $0.gradient] }
  }

  /// The lines of `Docs/Operators.md`.
  public static var markdown: [String] {
    let rows = rows
    let head = """
      # Operators

      <!-- Made by `carpus operators --markdown > Docs/Operators.md`; a test compares the two. Do not edit. -->

      **opsets**: the versions of the domain's operator set whose meaning is implemented, from the first to the last. Versions that differ are
      read by one type where it can tell them apart, and stand in a row of their own where another type takes over.
      **elements**: an operator that *calculates* takes numbers and truth values, half precision as float32, and rounds its results once; one that *moves*
      elements takes those of every type; one that takes them *as they are* says itself which. **gradient**: *yes* where the vector-Jacobian product is defined, *stops* where the result
      does not depend on the operands in a differentiable way, so that nothing flows back, *no* where a gradient is refused.
      """
    return head.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      + ["", "| " + rows[0].joined(separator: " | ") + " |", "|" + String(repeating: " --- |", count: rows[0].count)]
      + rows.dropFirst().map { "| " + $0.joined(separator: " | ") + " |" }
      + ["", "\(rows.count - 1) rows."]
  }

  public static var json: String {
    JSONText.object([
      ("schema", .string("carpus-operators/1")),
      ("operators", .array(entries.map { entry in
        .object([
          ("name", .string(entry.signature.name)), ("domain", .string(entry.domain)), ("since", .integer(entry.signature.since)),
          ("until", entry.until.map { .integer($0) } ?? .null), ("elements", .string(entry.elements)), ("gradient", .string(entry.gradient)),
        ])
      })),
    ]).text
  }
}
