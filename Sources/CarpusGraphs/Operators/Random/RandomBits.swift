import CarpusTensors

/// Random numbers that depend on a seed and on their place alone: the generator Philox4x32 with 10 rounds, which encrypts a counter.
///
/// Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, Parallel random numbers: as easy as 1, 2, 3, SC11 (2011).
package struct Philox: Sendable {
  private let key: SIMD2<UInt32>

  package init(key: SIMD2<UInt32>) { self.key = key }

  package func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var x = counter, k = key
    for _ in 0..<10 {
      let p = x[0].multipliedFullWidth(by: 0xd251_1f53), q = x[2].multipliedFullWidth(by: 0xcd9e_8d57)
      x = SIMD4(q.high ^ x[1] ^ k[0], q.low, p.high ^ x[3] ^ k[1], p.low)
      k &+= SIMD2(0x9e37_79b9, 0xbb67_ae85)
    }
    return x
  }
}

/// The random numbers of one node.
///
/// The key is the bit pattern of the attribute `seed`, that of 0 where a file gives none: every run gives the same numbers, and
/// so do two nodes with one seed. The standard asks for no particular numbers.
struct RandomNumbers: Sendable {
  private let generator: Philox

  /// Takes the attribute `seed`.
  init(_ node: inout NodeReader) throws(OperatorError) {
    generator = Philox(key: [(try node.float("seed") ?? 0).bitPattern, 0])
  }

  /// Places `0..<count`, some thousands at a time, so that numbers on the way take no memory to speak of.
  static func parts(of count: Int) -> some Sequence<Range<Int>> {
    stride(from: 0, to: count, by: 1 << 12).lazy.map { $0..<min($0 + 1 << 12, count) }
  }

  /// Evenly in 0..<1, with 53 bits: the upper bits of each half of a block, for two places.
  ///
  /// - Parameter places: the first is even.
  func uniform(_ places: Range<Int>) -> [Double] {
    func unit(_ high: UInt32, _ low: UInt32) -> Double { Double((UInt64(high) << 32 | UInt64(low)) >> 11) * 0x1p-53 }
    var numbers: [Double] = []
    numbers.reserveCapacity(places.count + 1)
    for place in stride(from: places.lowerBound, to: places.upperBound, by: 2) {
      let counter = UInt64(place / 2), x = generator.block([UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0])
      numbers += [unit(x[0], x[1]), unit(x[2], x[3])]
    }
    return Array(numbers.prefix(places.count))
  }

  /// The standard normal distribution: `√(-2 ln (1 - u)) cos 2πv` and the same with the sine for u, v of two places (G. Box, M.
  /// Muller 1958).
  ///
  /// - Parameter places: the first is even.
  func normal(_ places: Range<Int>) -> [Double] {
    let count = (places.count + 1) / 2, units = uniform(places.lowerBound..<places.lowerBound + 2 * count)
    let logarithms = applied(.log, to: (0..<count).map { 1 - units[2 * $0] })
    let angles = (0..<count).map { 2 * .pi * units[2 * $0 + 1] }
    let cosines = applied(.cos, to: angles), sines = applied(.sin, to: angles)
    var numbers: [Double] = []
    for place in 0..<count {
      let radius = (-2 * logarithms[place]).squareRoot()
      numbers += [radius * cosines[place], radius * sines[place]]
    }
    return Array(numbers.prefix(places.count))
  }
}

/// `f` of each number.
func applied(_ function: UnaryFunction, to numbers: [Double]) -> [Double] {
  var results = numbers
  var target = results.mutableSpan
  Kernels.apply(function, to: numbers.span, into: &target, team: .single)
  return results
}
