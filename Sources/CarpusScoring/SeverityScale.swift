/// Classes of a score: `[edges[0], edges[1])`, `[edges[1], edges[2])`, …; the last class holds its upper edge too.
public struct SeverityScale: Hashable, Sendable {
  /// Rising; one more than there are classes.
  public let edges: [Double]
  /// Where the edges come from, in a sentence for a report.
  public let origin: String

  /// - Returns: `nil` for less than two edges, and for edges that do not rise or are not finite.
  public init?(edges: [Double], origin: String) {
    guard edges.count >= 2, edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    self.edges = edges
    self.origin = origin
  }

  private init(ten edges: [Double], origin: String) {
    self.edges = edges
    self.origin = origin
  }

  /// Ten classes of the total of both hands, 0…280.
  public static let tenClasses = SeverityScale(
    ten: [0, 2, 5, 10, 15, 20, 30, 45, 70, 110, 280],
    origin: "Ten classes as in a file that the authors of arXiv:2406.09980 published in 2025; that the paper used these edges is likely, not known.")

  public var count: Int { edges.count - 1 }

  /// The class of a score, counted from 0. What lies below the first edge is in the first class, what lies above the last in the last.
  public func index(of score: Double) -> Int {
    let index = edges.lastIndex { $0 <= score } ?? 0
    return min(index, count - 1)
  }

  /// `2-5`, as the edges are written.
  public func name(of index: Int) -> String { "\(Self.text(edges[index]))-\(Self.text(edges[index + 1]))" }

  private static func text(_ edge: Double) -> String {
    Int(exactly: edge).map(String.init) ?? "\(edge)"
  }
}
