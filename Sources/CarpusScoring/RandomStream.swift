/// Pseudo-random numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood 2014).
///
/// A stream is found by its name and number, not by how many numbers were drawn before, so that one nuisance switched off, or one grade set,
/// leaves everything else of an image as it was.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The stream `name` of thing `index` (a patient, an image) of a cohort with `seed`.
  public init(seed: UInt64, index: Int, _ name: String) {
    var state = seed &+ 0x9E37_79B9_7F4A_7C15
    state = Self.mixed(state ^ UInt64(bitPattern: Int64(index)) &* 0xD134_2543_DE82_EF95)
    for byte in name.utf8 { state = Self.mixed(state ^ UInt64(byte) &* 0xFF51_AFD7_ED55_8CCD) }
    self.state = state
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in 0 ..< 1.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in a range.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in a range of whole numbers.
  public mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(uniform() * Double(range.count))
  }

  /// True with a probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Approximately standard normal: the sum of twelve uniform numbers less 6, so within ±6 and without a call that differs between systems.
  public mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }

  /// Normal with mean and standard deviation.
  public mutating func normal(_ mean: Double, _ deviation: Double) -> Double { mean + deviation * normal() }
}
