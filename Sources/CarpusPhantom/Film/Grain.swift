package import CarpusImaging

/// Noise that belongs to a pixel, whatever is drawn there.
package enum Grain {
  /// Nearly normal numbers of mean 0 and deviation 1, slightly alike in neighbouring pixels as behind a scintillator.
  ///
  /// Each pixel's own number is the sum of the four 16-bit parts of a hash of its place and the seed, less its mean and by its
  /// deviation `√(4·(2³² − 1)/12)`.
  package static func field(size: PixelSize, seed: UInt64) -> [Float] {
    var white = [Float](repeating: 0, count: size.count)
    let scale = 1 / (Float(4) * Float(4_294_967_295.0) / 12).squareRoot()
    var index = 0
    for y in 0..<size.height {
      let row = mixed(seed &+ UInt64(y) &* 0x9E37_79B9_7F4A_7C15)
      for x in 0..<size.width {
        let hash = mixed(row ^ (UInt64(x) &* 0xD134_2543_DE82_EF95))
        let sum = Int32(hash & 0xFFFF) + Int32((hash >> 16) & 0xFFFF) + Int32((hash >> 32) & 0xFFFF) + Int32(hash >> 48)
        white[index] = (Float(sum) - 131_070) * scale
        index += 1
      }
    }
    let deviation = 0.45
    let weights = Blur.gaussianWeights(deviation)
    let power = 2 * weights.dropFirst().reduce(0) { $0 + $1 * $1 } + weights[0] * weights[0]
    var grain = Blur.gaussian(white, size: size, deviation: deviation)
    for i in grain.indices { grain[i] /= power }
    return grain
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 32)) &* 0xD6E8_FEB8_6659_FD93
    z = (z ^ (z >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return z ^ (z >> 32)
  }
}
