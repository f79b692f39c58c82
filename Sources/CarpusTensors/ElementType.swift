/// The type of the elements of a tensor, named as in NumPy and, beyond it, as in ml_dtypes.
///
/// Source: ONNX IR specification, `TensorProto.DataType`.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float32, float64, float16, bfloat16
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case bool
  case complex64, complex128
  /// Text in UTF-8.
  case string
  /// Numbers of 8 bits and less, which networks are stored in; each takes a byte in memory.
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float8e8m0, float4e2m1
  case int4, uint4, int2, uint2

  /// Bytes that one element occupies. For text this is the place of its bytes, which come on top.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1, .int4, .uint4, .int2, .uint2: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64, .complex64: 8
    case .complex128, .string: 16
    }
  }

  /// Bits that one element occupies in a file; `nil` for text.
  public var bitCount: Int? {
    switch self {
    case .string: nil
    case .int4, .uint4, .float4e2m1: 4
    case .int2, .uint2: 2
    default: byteCount * 8
    }
  }

  /// float16, bfloat16, float32 and float64: the types that can be differentiated.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }

  /// float16 and bfloat16: stored so, computed in float32.
  public var isHalf: Bool { self == .float16 || self == .bfloat16 }

  /// The eight integer types of 8 bits and more; `bool` is not one of them.
  public var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  /// The types of 8 bits and less that are neither `int8`, `uint8` nor `bool`: nothing but casts and quantisation calculates with them.
  public var isCompact: Bool {
    switch self {
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1, .int4, .uint4, .int2, .uint2: true
    default: false
    }
  }
}

/// A Swift type that can be an element of a tensor.
public protocol TensorElement: BitwiseCopyable, Sendable, Equatable {
  static var elementType: ElementType { get }
}

extension Float: TensorElement { public static var elementType: ElementType { .float32 } }
extension Double: TensorElement { public static var elementType: ElementType { .float64 } }
extension Float16: TensorElement { public static var elementType: ElementType { .float16 } }
extension Int8: TensorElement { public static var elementType: ElementType { .int8 } }
extension Int16: TensorElement { public static var elementType: ElementType { .int16 } }
extension Int32: TensorElement { public static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { public static var elementType: ElementType { .int64 } }
extension UInt8: TensorElement { public static var elementType: ElementType { .uint8 } }
extension UInt16: TensorElement { public static var elementType: ElementType { .uint16 } }
extension UInt32: TensorElement { public static var elementType: ElementType { .uint32 } }
extension UInt64: TensorElement { public static var elementType: ElementType { .uint64 } }
extension Bool: TensorElement { public static var elementType: ElementType { .bool } }

/// The upper half of a float32: 1 sign, 8 exponent and 7 fraction bits.
public struct BFloat16: TensorElement, Hashable {
  public var bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to the nearest value, ties to even; a NaN stays a NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
    }
  }

  public static var elementType: ElementType { .bfloat16 }
}

extension Float {
  /// Exact.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}
