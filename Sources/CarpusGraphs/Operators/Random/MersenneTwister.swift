import Glibc

/// The generator MT19937, seeded and read as NumPy's `RandomState` does it: the reference of the standard draws its random numbers so,
/// and the same seed gives the same numbers here.
///
/// Source: Matsumoto and Nishimura, *Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number generator*,
/// ACM Transactions on Modeling and Computer Simulation 8 (1998) 3–30, with the initialization of 2002.
public struct MersenneTwister: RandomNumberGenerator, Sendable {
  private static let size = 624, distance = 397
  private var state: [UInt32]
  /// How many words of the state have been read.
  private var position = MersenneTwister.size
  /// The second number of a pair that has been drawn.
  private var sparedGaussian: Double?

  public init(seed: UInt32) {
    state = [seed]
    for index in 1..<Self.size {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index))
    }
  }

  /// 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if position == Self.size { twist() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  /// 64 random bits; the first word is the upper half.
  public mutating func next() -> UInt64 {
    let high = UInt64(nextWord())
    return high << 32 | UInt64(nextWord())
  }

  /// A number in 0 ..< 1 with 53 random bits, as `RandomState.random_sample`.
  public mutating func nextUniform() -> Double {
    let high = nextWord() >> 5, low = nextWord() >> 6
    return (Double(high) * 0x1p26 + Double(low)) * 0x1p-53
  }

  /// A number of the standard normal distribution by Marsaglia's polar method, as `RandomState.standard_normal`.
  public mutating func nextGaussian() -> Double {
    if let spared = sparedGaussian {
      sparedGaussian = nil
      return spared
    }
    while true {
      let x = 2 * nextUniform() - 1, y = 2 * nextUniform() - 1
      let square = x * x + y * y
      guard square < 1, square != 0 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      sparedGaussian = factor * x
      return factor * y
    }
  }

  private mutating func twist() {
    for index in 0..<Self.size {
      let joined = (state[index] & 0x8000_0000) | (state[(index + 1) % Self.size] & 0x7fff_ffff)
      let twisted = (joined >> 1) ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
      state[index] = state[(index + Self.distance) % Self.size] ^ twisted
    }
    position = 0
  }
}
