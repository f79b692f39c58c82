/// The values beside a colour bar, with their places from its upper end (0) to its lower one (1).
enum ScaleTicks {
  typealias Tick = (fraction: Double, text: String)

  /// From `limit` over 0 to `-limit`; 0 alone for a map of zeros.
  static func signed(limit: Double) -> [Tick] {
    guard limit > 0 else { return [(0.5, "0")] }
    return [1, 0.5, 0, -0.5, -1].map { ((1 - $0) / 2, text($0 * limit, plus: true)) }
  }

  /// From `limit` to 0.
  static func magnitude(limit: Double) -> [Tick] {
    guard limit > 0 else { return [(1, "0")] }
    return [1, 0.5, 0].map { (1 - $0, text($0 * limit, plus: false)) }
  }

  private static func text(_ value: Double, plus: Bool) -> String {
    (plus && value > 0 ? "+" : "") + NumberText.significant(value, digits: 3)
  }
}
