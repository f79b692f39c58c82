public import CarpusTensors

extension NPY {
  /// The bytes of a file of version 1.0, little-endian, in C order, whose data begin at a multiple of 64 bytes. NumPy
  /// has no bfloat16 and no numbers of less than 16 bits but int8 and uint8: such a tensor is written as float32, int8 or uint8, which is
  /// exact. Text is written in UTF-32, each text as long as the longest.
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
    case .complex64, .complex128: header(tensor.elementType, tensor.shape) + tensor.byteArray
    case .string: texts(tensor)
    case .int4, .int2: file(tensor, tensor.byteArray, as: .int8)
    case .uint4, .uint2: file(tensor, tensor.byteArray, as: .uint8)
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1: encode(tensor.converted(to: .float32))
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

  private static func texts(_ tensor: Tensor) -> [UInt8] {
    let texts = (tensor.texts ?? []).map { Array($0.unicodeScalars) }
    let longest = texts.reduce(1) { max($0, $1.count) }
    var bytes = header("<U\(longest)", tensor.shape)
    for text in texts {
      for place in 0..<longest {
        let scalar = place < text.count ? text[place].value : 0
        for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: scalar >> (8 * UInt32(byte)))) }
      }
    }
    return bytes
  }

  private static func header(_ type: ElementType, _ shape: Shape) -> [UInt8] {
    header((type.byteCount == 1 ? "|" : "<") + (NPYHeader.name(of: type) ?? ""), shape)
  }

  private static func header(_ name: String, _ shape: Shape) -> [UInt8] {
    let extents = shape.extents.map(String.init).joined(separator: ", ") + (shape.rank == 1 ? "," : "")
    var text = Array("{'descr': '\(name)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return magic + [1, 0, UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)] + text
  }
}
