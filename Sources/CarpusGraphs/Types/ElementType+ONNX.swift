package import CarpusTensors

extension ElementType {
  /// The element type with a number of `TensorProto.DataType`; `nil` for those that no operator here computes with.
  package init?(dataType: Int) {
    switch dataType {
    case 1: self = .float32
    case 2: self = .uint8
    case 3: self = .int8
    case 4: self = .uint16
    case 5: self = .int16
    case 6: self = .int32
    case 7: self = .int64
    case 9: self = .bool
    case 10: self = .float16
    case 11: self = .float64
    case 12: self = .uint32
    case 13: self = .uint64
    case 16: self = .bfloat16
    default: return nil
    }
  }

  /// What a number of `TensorProto.DataType` means, in words.
  package static func name(ofDataType dataType: Int) -> String {
    if let known = ElementType(dataType: dataType) { return known.rawValue }
    return switch dataType {
    case 0: "no element type"
    case 8: "string"
    case 14: "complex64"
    case 15: "complex128"
    case 17: "float8e4m3fn"
    case 18: "float8e4m3fnuz"
    case 19: "float8e5m2"
    case 20: "float8e5m2fnuz"
    case 21: "uint4"
    case 22: "int4"
    case 23: "float4e2m1"
    case 24: "float8e8m0"
    case 25: "uint2"
    case 26: "int2"
    default: "element type number \(dataType)"
    }
  }
}
