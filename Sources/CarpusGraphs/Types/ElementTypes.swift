import CarpusTensors

/// A Swift type whose values are integers that a tensor can hold.
typealias IntegerElement = TensorElement & FixedWidthInteger

extension ElementType {
  /// The Swift type of the elements, for the eight integer types.
  var integerType: (any IntegerElement.Type)? {
    switch self {
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .uint8: UInt8.self
    case .uint16: UInt16.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    default: nil
    }
  }

  /// The Swift type of the elements, for the types that the kernels calculate in.
  var kernelType: (any KernelScalar.Type)? {
    switch self {
    case .float32: Float.self
    case .float64: Double.self
    default: nil
    }
  }

  /// The Swift type of the elements; `nil` for text, complex numbers and the compact types.
  var swiftType: (any TensorElement.Type)? {
    if let integerType { return integerType }
    if let kernelType { return kernelType }
    return switch self {
    case .float16: Float16.self
    case .bfloat16: BFloat16.self
    case .bool: Bool.self
    default: nil
    }
  }
}
