import Foundation

/// Discrete Fourier transforms of one length, in float64: `y[k] = Σ x[n] · exp(∓2πi·k·n / length)`.
///
/// A power of two is split into even and odd terms (Cooley and Tukey 1965); any other length becomes a convolution with a chirp of a power of two
/// (Bluestein 1970), so that no length takes more than O(n log n) steps.
struct FourierTransform {
  let length: Int
  private let roots: [ComplexNumber]
  private let chirp: Chirp?

  private struct Chirp {
    /// exp(−πi·n² / length)
    let factors: [ComplexNumber]
    /// The transform of its conjugate, continued to the length of `inner`.
    let spectrum: [ComplexNumber]
    let roots: [ComplexNumber]
  }

  /// - Precondition: `length` is positive.
  init(length: Int) {
    self.length = length
    if length & (length - 1) == 0 {
      roots = Self.roots(length)
      chirp = nil
      return
    }
    roots = []
    var size = 1
    while size < 2 * length - 1 { size *= 2 }
    // n² modulo 2·length keeps the angle exact; n² itself would need more digits than there are.
    var factors: [ComplexNumber] = [], square = 0
    for n in 0..<length {
      factors.append(ComplexNumber(angle: -Double.pi * Double(square) / Double(length)))
      square = (square + 2 * n + 1) % (2 * length)
    }
    var continued = [ComplexNumber](repeating: ComplexNumber(), count: size)
    continued[0] = factors[0].conjugate
    for n in 1..<length {
      continued[n] = factors[n].conjugate
      continued[size - n] = factors[n].conjugate
    }
    let roots = Self.roots(size)
    Self.transform(&continued, roots)
    chirp = Chirp(factors: factors, spectrum: continued, roots: roots)
  }

  /// - Parameter isInverse: whether the exponent is positive. Nothing is divided by the length.
  func apply(_ x: inout [ComplexNumber], isInverse: Bool) {
    // conj(F(conj x)) has the other sign in the exponent.
    if isInverse { for n in x.indices { x[n] = x[n].conjugate } }
    if let chirp { Self.convolve(&x, chirp) } else { Self.transform(&x, roots) }
    if isInverse { for n in x.indices { x[n] = x[n].conjugate } }
  }

  /// exp(−2πi·k / length) for the first half of the circle.
  private static func roots(_ length: Int) -> [ComplexNumber] {
    (0..<max(length / 2, 1)).map { ComplexNumber(angle: -2 * Double.pi * Double($0) / Double(length)) }
  }

  /// For a power of two, in place.
  private static func transform(_ x: inout [ComplexNumber], _ roots: [ComplexNumber]) {
    let count = x.count
    var reversed = 0
    for n in 0..<count {
      if n < reversed { x.swapAt(n, reversed) }
      var bit = count >> 1
      while bit > 0, reversed & bit != 0 {
        reversed ^= bit
        bit >>= 1
      }
      reversed |= bit
    }
    var half = 1
    while half < count {
      let step = count / (2 * half)
      for start in stride(from: 0, to: count, by: 2 * half) {
        for k in 0..<half {
          let even = x[start + k], odd = x[start + k + half] * roots[k * step]
          x[start + k] = even + odd
          x[start + k + half] = even - odd
        }
      }
      half *= 2
    }
  }

  /// Since k·n = (k² + n² − (k − n)²) / 2, the transform is a convolution with the chirp between two products with it.
  private static func convolve(_ x: inout [ComplexNumber], _ chirp: Chirp) {
    let size = chirp.spectrum.count
    var work = [ComplexNumber](repeating: ComplexNumber(), count: size)
    for n in x.indices { work[n] = x[n] * chirp.factors[n] }
    transform(&work, chirp.roots)
    for k in work.indices { work[k] = (work[k] * chirp.spectrum[k]).conjugate }
    transform(&work, chirp.roots)
    for k in x.indices { x[k] = work[k].conjugate * chirp.factors[k] * (1 / Double(size)) }
  }
}

/// A complex number in float64.
struct ComplexNumber: Sendable {
  var real = 0.0
  var imaginary = 0.0

  init() {}

  init(_ real: Double, _ imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  /// exp(i · angle)
  init(angle: Double) { self.init(cos(angle), sin(angle)) }

  var conjugate: ComplexNumber { ComplexNumber(real, -imaginary) }

  static func + (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a.real + b.real, a.imaginary + b.imaginary) }
  static func - (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a.real - b.real, a.imaginary - b.imaginary) }
  static func * (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  static func * (a: ComplexNumber, factor: Double) -> ComplexNumber { ComplexNumber(a.real * factor, a.imaginary * factor) }
}
