/// A floating-point format of 8 bits or less: sign, exponent and fraction, from the highest bit to the lowest.
///
/// A code with exponent `e > 0` and fraction `f` stands for `(1 + f / 2^fractionBits) · 2^(e − bias)`, one with `e = 0` for
/// `f / 2^fractionBits · 2^(1 − bias)`. float8e8m0 has neither sign nor fraction, and stands for `2^(e − bias)` always.
///
/// Source: ONNX, "Float stored in 8 bits" and "Float stored in 4 bits"; OCP Microscaling Formats specification 1.0.
public struct CompactFloat: Sendable, Hashable {
  /// What a number beyond the largest becomes.
  public enum Overflow: Sendable, Hashable {
    /// The largest finite number, by its sign; so do infinities.
    case saturates
    /// Infinity, or NaN where the format has none.
    case escapes
  }

  /// How a number between two powers of two becomes one of them. Only float8e8m0 is rounded so; the others round to the nearest, ties to even.
  public enum ScaleRounding: String, Sendable, Hashable {
    case up, down
    /// To the nearer power; from the middle up.
    case nearest
  }

  public let exponentBits: Int
  public let fractionBits: Int
  public let bias: Int
  public let isSigned: Bool
  /// The largest finite code without a sign.
  let largest: UInt8
  /// The code of infinity without a sign; `nil` where there is none.
  let infinity: UInt8?
  /// The code that a NaN becomes, without a sign if codes with both are NaN.
  let nan: UInt8
  /// The only NaN has the code that elsewhere is −0; there is no −0.
  let lacksNegativeZero: Bool

  public init?(_ type: ElementType) {
    switch type {
    case .float8e4m3fn: self.init(4, 3, bias: 7, largest: 0x7e, nan: 0x7f)
    case .float8e4m3fnuz: self.init(4, 3, bias: 8, largest: 0x7f, nan: 0x80, lacksNegativeZero: true)
    case .float8e5m2: self.init(5, 2, bias: 15, largest: 0x7b, infinity: 0x7c, nan: 0x7e)
    case .float8e5m2fnuz: self.init(5, 2, bias: 16, largest: 0x7f, nan: 0x80, lacksNegativeZero: true)
    case .float8e8m0: self.init(8, 0, bias: 127, isSigned: false, largest: 0xfe, nan: 0xff)
    // It has no NaN: one becomes −0.
    case .float4e2m1: self.init(2, 1, bias: 1, largest: 0x7, nan: 0x8)
    default: return nil
    }
  }

  private init(
    _ exponentBits: Int, _ fractionBits: Int, bias: Int, isSigned: Bool = true, largest: UInt8, infinity: UInt8? = nil, nan: UInt8,
    lacksNegativeZero: Bool = false
  ) {
    self.exponentBits = exponentBits
    self.fractionBits = fractionBits
    self.bias = bias
    self.isSigned = isSigned
    self.largest = largest
    self.infinity = infinity
    self.nan = nan
    self.lacksNegativeZero = lacksNegativeZero
  }

  private var signBit: UInt8 { 1 << UInt8(exponentBits + fractionBits) }
  private var hasNaN: Bool { nan > largest && !(nan == signBit && !lacksNegativeZero) }

  // MARK: Decoding

  /// The number that a code stands for; every one is a float32 too. Bits above the format's are ignored.
  public func number(_ code: UInt8) -> Double {
    guard isSigned else { return code == nan ? .nan : Self.powerOfTwo(Int(code) - bias) }
    let isNegative = code & signBit != 0, magnitude = code & (signBit - 1)
    if lacksNegativeZero, code == nan { return .nan }
    if magnitude > largest { return magnitude == infinity ? (isNegative ? -.infinity : .infinity) : .nan }
    let exponent = Int(magnitude) >> fractionBits, fraction = Int(magnitude) & ((1 << fractionBits) - 1)
    let digits = exponent == 0 ? fraction : fraction + 1 << fractionBits
    let number = Double(digits) * Self.powerOfTwo(max(exponent, 1) - bias - fractionBits)
    return isNegative ? -number : number
  }

  private static func powerOfTwo(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

  // MARK: Encoding

  /// The code of the nearest number; of two equally near ones that with an even fraction.
  ///
  /// - Parameter scaleRounding: for float8e8m0. There a negative number becomes NaN, and 0 the smallest number or, if it escapes, NaN.
  public func code(_ number: Double, overflow: Overflow = .saturates, scaleRounding: ScaleRounding = .up) -> UInt8 {
    guard isSigned else { return scaleCode(number, overflow, scaleRounding) }
    let sign = number.sign == .minus && !lacksNegativeZero ? signBit : 0
    if number.isNaN { return hasNaN ? nan | sign : nan }
    let magnitude = code(ofMagnitude: number.magnitude)
    guard magnitude <= largest else {
      // float4e2m1 has nothing to escape to.
      guard overflow == .escapes, hasNaN else { return withSign(largest, of: number) }
      return (infinity ?? nan) | sign
    }
    return withSign(magnitude, of: number)
  }

  private func withSign(_ magnitude: UInt8, of number: Double) -> UInt8 {
    guard number.sign == .minus, !(lacksNegativeZero && magnitude == 0) else { return magnitude }
    return magnitude | signBit
  }

  /// 0xff for everything that is beyond the codes.
  private func code(ofMagnitude number: Double) -> UInt8 {
    guard number < Self.powerOfTwo(1 << exponentBits) else { return 0xff }
    let exponent = number == 0 ? 1 - bias : max(Int(number.exponent), 1 - bias)
    // A fraction that is rounded up to the next power of two carries into the exponent.
    let digits = Int((number / Self.powerOfTwo(exponent - fractionBits)).rounded(.toNearestOrEven))
    return UInt8(clamping: digits + (exponent + bias - 1) << fractionBits)
  }

  private func scaleCode(_ number: Double, _ overflow: Overflow, _ rounding: ScaleRounding) -> UInt8 {
    let least = Self.powerOfTwo(-bias), greatest = Self.powerOfTwo(Int(largest) - bias)
    guard number >= 0 else { return nan }
    guard number >= least else { return overflow == .saturates ? 0 : nan }
    guard number <= greatest else { return overflow == .saturates ? largest : nan }
    let roundsUp =
      switch rounding {
      case .up: number.significand > 1
      case .down: false
      case .nearest: number.significand >= 1.5
      }
    return UInt8(clamping: Int(number.exponent) + bias + (roundsUp ? 1 : 0))
  }
}
