/// Predictions beside references, in points, each pair counted a whole number of times: 1 in the images at hand, 0, 1, 2 … in a resample.
///
/// What depends on the values alone (their order) is found once; a statistic of a resample then takes time linear in the pairs.
package struct PointSample: Sendable {
  package let reference: [Double]
  package let predicted: [Double]
  private let referenceOrder: [Int]
  private let predictedOrder: [Int]

  /// - Precondition: equally many finite numbers.
  package init(reference: [Double], predicted: [Double]) {
    precondition(reference.count == predicted.count)
    self.reference = reference
    self.predicted = predicted
    referenceOrder = reference.indices.sorted { reference[$0] < reference[$1] }
    predictedOrder = predicted.indices.sorted { predicted[$0] < predicted[$1] }
  }

  package var count: Int { reference.count }

  /// The moments of the values.
  package func moments(_ weights: [Int]) -> Moments { Moments(reference, predicted, weights) }

  /// The moments of the ranks, from 1; equal values have the mean of the ranks that they take up.
  func rankMoments(_ weights: [Int]) -> Moments {
    Moments(Self.midRanks(reference, referenceOrder, weights), Self.midRanks(predicted, predictedOrder, weights), weights)
  }

  private static func midRanks(_ values: [Double], _ order: [Int], _ weights: [Int]) -> [Double] {
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0, below = 0
    while start < order.count {
      var end = start, tied = 0
      while end < order.count && values[order[end]] == values[order[start]] {
        tied += weights[order[end]]
        end += 1
      }
      for position in start..<end { ranks[order[position]] = Double(below) + Double(tied + 1) / 2 }
      below += tied
      start = end
    }
    return ranks
  }
}

/// Sums over weighted pairs (x reference, y prediction), taken about the means; those of a constant are exactly 0.
package struct Moments: Sendable {
  /// How many pairs, each as often as it counts.
  package private(set) var count = 0
  package private(set) var meanX = 0.0, meanY = 0.0
  /// Σ(x − x̄)², Σ(y − ȳ)², Σ(x − x̄)(y − ȳ).
  package private(set) var sxx = 0.0, syy = 0.0, sxy = 0.0
  /// Σ(y − x)², Σ|y − x|, mean of y − x, Σ(y − x − mean)².
  package private(set) var squaredError = 0.0, absoluteError = 0.0, bias = 0.0, sdd = 0.0

  init(_ x: [Double], _ y: [Double], _ weights: [Int]) {
    var sumX = 0.0, sumY = 0.0
    var first: Int?
    var xVaries = false, yVaries = false
    for index in weights.indices where weights[index] > 0 {
      let weight = Double(weights[index]), difference = y[index] - x[index]
      count += weights[index]
      sumX += weight * x[index]
      sumY += weight * y[index]
      squaredError += weight * difference * difference
      absoluteError += weight * abs(difference)
      if let first {
        xVaries = xVaries || x[index] != x[first]
        yVaries = yVaries || y[index] != y[first]
      } else { first = index }
    }
    guard let first else { return }
    meanX = xVaries ? sumX / Double(count) : x[first]
    meanY = yVaries ? sumY / Double(count) : y[first]
    bias = meanY - meanX
    for index in weights.indices where weights[index] > 0 {
      let weight = Double(weights[index]), dx = x[index] - meanX, dy = y[index] - meanY
      sxx += weight * dx * dx
      syy += weight * dy * dy
      sxy += weight * dx * dy
      sdd += weight * (dy - dx) * (dy - dx)
    }
  }
}
