public import CarpusTensors

/// Arrays in NumPy's file format.
///
/// Source: NumPy, `numpy.lib.format`, versions 1.0 to 3.0.
public enum NPY {
  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  /// The array in the bytes of a file: float, complex, signed, unsigned and bool elements and text of either byte order, in C or Fortran
  /// order. The tensor is row-major.
  ///
  /// - Throws: `NPYError` when the header is not one of NumPy's, the element type has no tensor, the data do not
  ///   have exactly the length that the shape needs, or a text is no Unicode.
  public static func read(_ bytes: [UInt8]) throws(NPYError) -> Tensor {
    let header = try NPYHeader(of: bytes)
    guard let shape = Shape(checking: header.extents) else { throw .shape(header.extents) }
    let (expected, overflow) = shape.count.multipliedReportingOverflow(by: header.elementByteCount)
    guard !overflow else { throw .shape(header.extents) }
    guard bytes.count - header.byteCount == expected else {
      throw .length(expected: expected, actual: bytes.count - header.byteCount)
    }
    if header.elementType == .bool, let index = bytes.dropFirst(header.byteCount).firstIndex(where: { $0 > 1 }) {
      throw .notBool(value: bytes[index], offset: index)
    }

    let data = NPYData(bytes: bytes, header: header, shape: shape)
    switch header.elementType {
    case .float32: return data.tensor { (bits: UInt32) in Float(bitPattern: bits) }
    case .float64: return data.tensor { (bits: UInt64) in Double(bitPattern: bits) }
    case .float16: return data.tensor { (bits: UInt16) in Float16(bitPattern: bits) }
    case .int8: return data.tensor { (bits: Int8) in bits }
    case .int16: return data.tensor { (bits: Int16) in bits }
    case .int32: return data.tensor { (bits: Int32) in bits }
    case .int64: return data.tensor { (bits: Int64) in bits }
    case .uint8: return data.tensor { (bits: UInt8) in bits }
    case .uint16: return data.tensor { (bits: UInt16) in bits }
    case .uint32: return data.tensor { (bits: UInt32) in bits }
    case .uint64: return data.tensor { (bits: UInt64) in bits }
    case .bool: return data.tensor { (bits: UInt8) in bits != 0 }
    case .complex64: return data.complexTensor(UInt32.self)
    case .complex128: return data.complexTensor(UInt64.self)
    case .string: return Tensor(try data.texts(), shape: shape)
    default: throw .elementType(header.elementType.rawValue)
    }
  }
}

/// The data behind a header; as many as the shape needs.
private struct NPYData {
  let bytes: [UInt8]
  let header: NPYHeader
  let shape: Shape

  /// The elements in row-major order, each made from its bits.
  func tensor<Bits: FixedWidthInteger, Element: TensorElement>(_ make: (Bits) -> Element) -> Tensor {
    let axes = fortranAxes
    return Tensor(shape: shape) { (target: inout MutableSpan<Element>) in
      for index in target.indices { target[index] = make(bits(ofElement: index, axes)) }
    }
  }

  /// Elements of a real and an imaginary part, which `Bits` holds.
  func complexTensor<Bits: FixedWidthInteger & TensorElement>(_ type: Bits.Type) -> Tensor {
    let axes = fortranAxes
    let storage = TensorStorage(byteCount: shape.count * header.elementByteCount)
    var target = storage.mutableSpan(of: Bits.self, offset: 0, count: 2 * shape.count)
    for index in target.indices { target[index] = bits(ofElement: index / 2, part: index % 2, of: 2, axes) }
    return Tensor(elementType: header.elementType, shape: shape, storage: storage)
  }

  /// Texts in UTF-32, filled with zeros at the end.
  func texts() throws(NPYError) -> [String] {
    let axes = fortranAxes, length = header.elementByteCount / 4
    var texts: [String] = []
    texts.reserveCapacity(shape.count)
    for index in 0..<shape.count {
      var scalars: [UInt32] = (0..<length).map { bits(ofElement: index, part: $0, of: length, axes) }
      while scalars.last == 0 { scalars.removeLast() }
      var text = String.UnicodeScalarView()
      for value in scalars {
        guard let scalar = Unicode.Scalar(value) else { throw .notText(value: value, element: index) }
        text.append(scalar)
      }
      texts.append(String(text))
    }
    return texts
  }

  /// - Parameters:
  ///   - index: in row-major order.
  ///   - part: of `count` numbers that an element consists of.
  ///   - axes: `fortranAxes`.
  private func bits<Bits: FixedWidthInteger>(ofElement index: Int, part: Int = 0, of count: Int = 1, _ axes: [FortranAxis]) -> Bits {
    let position = axes.isEmpty ? index : axes.reduce(0) { $0 + index / $1.stride % $1.extent * $1.fortranStride }
    let size = MemoryLayout<Bits>.size, start = header.byteCount + (position * count + part) * size
    var bits: Bits = 0
    for byte in 0..<size {
      let shift = 8 * (header.isBigEndian ? size - 1 - byte : byte)
      bits |= Bits(truncatingIfNeeded: bytes[start + byte]) << shift
    }
    return bits
  }

  private typealias FortranAxis = (extent: Int, stride: Int, fortranStride: Int)

  /// Elements between neighbours in row-major order and in the file, where the first axis runs fastest; none in C order.
  private var fortranAxes: [FortranAxis] {
    guard header.isFortranOrder else { return [] }
    var step = 1
    return zip(shape.extents, shape.strides).map { extent, stride in
      defer { step *= extent }
      return (extent, stride, step)
    }
  }
}

/// Why a file is not an array.
public enum NPYError: Error, Hashable, CustomStringConvertible {
  case notNPY
  case version(major: Int, minor: Int)
  case truncatedHeader
  case header(reason: String, offset: Int)
  case elementType(String)
  case shape([Int])
  case length(expected: Int, actual: Int)
  case notBool(value: UInt8, offset: Int)
  case notText(value: UInt32, element: Int)

  public var description: String {
    switch self {
    case .notNPY: "This is not an npy file: it does not start with NumPy's signature."
    case .version(let major, let minor): "The npy file has version \(major).\(minor); 1.0, 2.0 and 3.0 are read."
    case .truncatedHeader: "The npy file ends before its header does."
    case .header(let reason, let offset): "The header of the npy file is wrong at byte \(offset): \(reason)."
    case .elementType(let name):
      "The npy file has elements of type \(name); f2, f4, f8, c8, c16, i1 to i8, u1 to u8, b1 and U (text) are read."
    case .shape(let extents): "The npy file says that it has the shape \(extents), which is too large."
    case .length(let expected, let actual):
      "The npy file has \(actual) bytes of data; its shape and element type need \(expected)."
    case .notBool(let value, let offset):
      "The npy file has the truth value \(value) at byte \(offset); 0 and 1 are possible."
    case .notText(let value, let element):
      "The npy file has the number \(value) in the text of element \(element), which stands for no character."
    }
  }
}
