public import CarpusTensors

extension NPY {
  /// The bytes of a file of version 1.0, little-endian, in C order, whose data begin at a multiple of 64 bytes. NumPy
  /// has no bfloat16: such a tensor is written as float32, which is exact.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    switch tensor.elementType {
    case .float32: file(tensor, tensor.array(of: Float.self).map(\.bitPattern))
    case .float64: file(tensor, tensor.array(of: Double.self).map(\.bitPattern))
    case .float16: file(tensor, tensor.array(of: Float16.self).map(\.bitPattern))
    case .bfloat16: file(tensor, tensor.array(of: BFloat16.self).map { Float($0).bitPattern }, as: .float32)
    case .int8: file(tensor, tensor.array(of: Int8.self))
    case .int16: file(tensor, tensor.array(of: Int16.self))
    case .int32: file(tensor, tensor.array(of: Int32.self))
    case .int64: file(tensor, tensor.array(of: Int64.self))
    case .uint8: file(tensor, tensor.array(of: UInt8.self))
    case .uint16: file(tensor, tensor.array(of: UInt16.self))
    case .uint32: file(tensor, tensor.array(of: UInt32.self))
    case .uint64: file(tensor, tensor.array(of: UInt64.self))
    case .bool: file(tensor, tensor.array(of: Bool.self).map { $0 ? 1 : 0 as UInt8 })
    }
  }

  /// The header, then the elements as integers of the same bits.
  private static func file(
    _ tensor: Tensor, _ elements: [some FixedWidthInteger], as type: ElementType? = nil
  ) -> [UInt8] {
    var bytes = header(type ?? tensor.elementType, tensor.shape)
    let size = (type ?? tensor.elementType).byteCount
    bytes.reserveCapacity(bytes.count + elements.count * size)
    for element in elements {
      for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: element >> (8 * byte))) }
    }
    return bytes
  }

  private static func header(_ type: ElementType, _ shape: Shape) -> [UInt8] {
    let name = (type.byteCount == 1 ? "|" : "<") + (NPYHeader.name(of: type) ?? "")
    let extents = shape.extents.map(String.init).joined(separator: ", ") + (shape.rank == 1 ? "," : "")
    var text = Array("{'descr': '\(name)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return magic + [1, 0, UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)] + text
  }
}
