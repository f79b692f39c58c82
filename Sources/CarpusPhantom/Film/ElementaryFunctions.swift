/// The exponential and the logarithm in IEEE 754 arithmetic alone, so that an image has the same bytes on every system.
package enum Elementary {
  /// `e^x`, relative error below 3·10⁻⁷; x is cut to −80…80, and a NaN counts as −80. Exactly 1 for 0.
  ///
  /// `e^x = 2ⁿ·e^r` with `n` the whole number next to `x/ln 2`, so `|r| ≤ ln 2/2`, and Taylor's polynomial of degree 7 for `e^r`.
  @inline(__always)
  package static func exponential(_ x: Float) -> Float {
    let x: Float = x > -80 ? (x < 80 ? x : 80) : -80
    let n = (x * 1.442_695_04).rounded()
    let r = (x - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p: Float = 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    return p * Float(bitPattern: UInt32(Int32(n) + 127) << 23)
  }

  /// `ln x`, absolute error below 2·10⁻⁷ near 1; x is cut from below to 10⁻⁶, and a NaN counts as that.
  ///
  /// `ln(2ⁿ·m) = n·ln 2 + 2·artanh((m − 1)/(m + 1))` with `m` in √½…√2.
  @inline(__always)
  package static func logarithm(_ x: Float) -> Float {
    let x: Float = x > 1e-6 ? (x < 1e30 ? x : 1e30) : 1e-6
    let bits = x.bitPattern &- 0x3F35_04F3
    let n = Float(Int32(bitPattern: bits) >> 23)
    let m = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3)
    let s = (m - 1) / (m + 1)
    let q = s * s
    var p: Float = 1 / 9
    p = p * q + 1 / 7
    p = p * q + 1 / 5
    p = p * q + 1 / 3
    p = p * q + 1
    return n * 0.693_147_18 + 2 * s * p
  }
}

/// Rises from 0 at `x = 0` to 1 at `x = 1` with level ends: `3x² − 2x³`, constant beyond.
func smoothStep(_ x: Double) -> Double {
  let x = min(1, max(0, x))
  return x * x * (3 - 2 * x)
}
