public import CarpusTensors

/// How far a tensor is from the one that was expected.
public enum Comparison {
  public struct Difference: Sendable, CustomStringConvertible {
    /// One index per axis.
    public let index: [Int]
    public let actual: Double
    public let expected: Double
    /// |actual − expected|; infinite where one of them is not finite and they are not the same.
    public let magnitude: Double

    public var description: String { "at \(index): \(actual) instead of \(expected), a difference of \(magnitude)" }
  }

  /// The element with the largest |actual − expected|. Two NaN are equal, so are two equal infinities. `nil` without elements.
  ///
  /// - Precondition: equal shapes. 64-bit integers beyond 2^53 are rounded.
  public static func largestDifference(actual: Tensor, expected: Tensor) -> Difference? {
    worst(actual: actual, expected: expected) { magnitude, _ in magnitude }
  }

  /// What is wrong with `actual`; `nil` when the types and shapes are equal and |actual − expected| ≤ absolute + relative · |expected|
  /// for every element. Integers beyond 2^53 must be equal.
  public static func disagreement(actual: Tensor, expected: Tensor, absolute: Double, relative: Double) -> String? {
    guard actual.elementType == expected.elementType else { return "\(actual.elementType) instead of \(expected.elementType)" }
    guard actual.shape == expected.shape else { return "shape \(actual.shape) instead of \(expected.shape)" }
    if let actual = actual.integers, let expected = expected.integers, absolute == 0, relative == 0 {
      guard let index = zip(actual, expected).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else { return nil }
      return "element \(index): \(actual[index]) instead of \(expected[index])"
    }
    let difference = worst(actual: actual, expected: expected) { magnitude, expected in
      let allowed = absolute + relative * (expected.isFinite ? abs(expected) : 0)
      return magnitude <= allowed ? 0 : magnitude / allowed
    }
    guard let difference, difference.magnitude > absolute + relative * (difference.expected.isFinite ? abs(difference.expected) : 0)
    else { return nil }
    return "\(difference); allowed are \(absolute) + \(relative) of it"
  }

  private static func worst(actual: Tensor, expected: Tensor, ranking: (Double, Double) -> Double) -> Difference? {
    precondition(actual.shape == expected.shape)
    var found: (position: Int, magnitude: Double, rank: Double)?
    let (a, b) = (actual.doubles, expected.doubles)
    for position in a.indices {
      let magnitude = distance(a[position], b[position])
      let rank = ranking(magnitude, b[position])
      if found.map({ rank > $0.rank }) ?? true { found = (position, magnitude, rank) }
    }
    guard let found else { return nil }
    let index = zip(expected.shape.strides, expected.shape.extents).map { found.position / $0 % $1 }
    return Difference(index: index, actual: a[found.position], expected: b[found.position], magnitude: found.magnitude)
  }

  private static func distance(_ a: Double, _ b: Double) -> Double {
    if a == b || (a.isNaN && b.isNaN) { return 0 }
    return a.isFinite && b.isFinite ? abs(a - b) : .infinity
  }
}
