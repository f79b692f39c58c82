package import CarpusTensors

extension ElementType {
  /// The number of the type in `TensorProto.DataType`.
  package var dataType: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .string: 8
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .complex64: 14
    case .complex128: 15
    case .bfloat16: 16
    case .float8e4m3fn: 17
    case .float8e4m3fnuz: 18
    case .float8e5m2: 19
    case .float8e5m2fnuz: 20
    case .uint4: 21
    case .int4: 22
    case .float4e2m1: 23
    case .float8e8m0: 24
    case .uint2: 25
    case .int2: 26
    }
  }

  /// The element type with a number of `TensorProto.DataType`.
  package init?(dataType: Int) {
    guard let type = Self.allCases.first(where: { $0.dataType == dataType }) else { return nil }
    self = type
  }

  /// What a number of `TensorProto.DataType` means, in words.
  package static func name(ofDataType dataType: Int) -> String {
    if let known = ElementType(dataType: dataType) { return known.rawValue }
    return dataType == 0 ? "no element type" : "element type number \(dataType)"
  }
}
