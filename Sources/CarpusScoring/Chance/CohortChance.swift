/// The mean of a statistic over the images of a cohort, beside the mean of its draws: draw i of all images makes draw i of the cohort. Takes images
/// one after the other, and memory for one list of draws.
///
/// Images of one patient resemble each other, and so does the place of their regions: give one image, or the mean, of each patient.
public struct CohortChance: Hashable, Sendable {
  public let drawCount: Int
  /// Images that count, and images left out because their statistic does not exist.
  public private(set) var count = 0, leftOut = 0
  private var observed = 0.0
  private var draws: [Double]

  public init(drawCount: Int) {
    self.drawCount = drawCount
    draws = [Double](repeating: 0, count: max(0, drawCount))
  }

  /// - Precondition: `drawCount` draws.
  public mutating func add(observed: Double, draws: [Double]) {
    precondition(draws.count == drawCount)
    count += 1
    self.observed += observed
    for (index, draw) in draws.enumerated() { self.draws[index] += draw }
  }

  /// An image whose statistic does not exist, such as one without positive evidence.
  public mutating func addAbsent() { leftOut += 1 }

  /// `nil` without images or draws.
  public func test(_ tail: PermutationTest.Tail = .greater) -> PermutationTest? {
    guard count > 0 else { return nil }
    let n = Double(count)
    return PermutationTest(observed: observed / n, draws: draws.map { $0 / n }, tail: tail)
  }
}
