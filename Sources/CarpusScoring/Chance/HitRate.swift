/// In how many images something holds, such as the peak of the map lying on a scored joint, with an exact interval and a chance level.
///
/// Images count as independent; where patients have several, use one of each.
public struct HitRate: Hashable, Sendable {
  public let hits, count: Int
  /// Images where the question has no answer, left out of `count`.
  public let leftOut: Int
  /// The mean of the images' probabilities of a hit by chance.
  public let chance: Double?
  /// The probability of at least so many hits by chance: exact, of a sum of unequal coins. Absent where no probabilities are known.
  public let p: Double?

  /// - Parameter outcomes: of each image, a hit or not, or `nil` without an answer; and the probability of a hit by chance, if known.
  public init(_ outcomes: [(isHit: Bool?, chance: Double?)]) {
    let answered = outcomes.compactMap { outcome in outcome.isHit.map { (isHit: $0, chance: outcome.chance) } }
    hits = answered.count { $0.isHit }
    count = answered.count
    leftOut = outcomes.count - answered.count
    let chances = answered.compactMap(\.chance)
    guard !chances.isEmpty, chances.count == answered.count else {
      (chance, p) = (nil, nil)
      return
    }
    chance = chances.reduce(0, +) / Double(chances.count)
    p = Self.tail(chances, atLeast: hits)
  }

  public var share: Double? { count > 0 ? Double(hits) / Double(count) : nil }

  /// The exact interval of the share: all rates under which neither so many hits nor so few would have a probability below `(1 − level)/2`.
  /// Absent without images. Source: Clopper and Pearson, Biometrika 26:404, 1934.
  public func interval(level: Double = 0.95) -> ClosedRange<Double>? {
    guard count > 0, level > 0, level < 1 else { return nil }
    let tail = (1 - level) / 2, (k, n) = (Double(hits), Double(count))
    let lower = hits == 0 ? 0 : BetaDistribution.quantile(tail, k, n - k + 1)
    let upper = hits == count ? 1 : BetaDistribution.quantile(1 - tail, k + 1, n - k)
    return lower...max(lower, upper)
  }

  /// P(at least k) for independent coins: the distribution of their number, coin by coin; all at k or more are one.
  private static func tail(_ chances: [Double], atLeast hits: Int) -> Double {
    guard hits > 0 else { return 1 }
    var below = [Double](repeating: 0, count: hits)
    below[0] = 1
    var reached = 0.0
    for chance in chances.map({ max(0, min(1, $0)) }) {
      reached += below[hits - 1] * chance
      for number in stride(from: hits - 1, to: 0, by: -1) { below[number] = below[number] * (1 - chance) + below[number - 1] * chance }
      below[0] *= 1 - chance
    }
    return min(1, reached)
  }
}
