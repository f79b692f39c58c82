import CarpusTensors

/// What stands before the data of an npy file: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, the three
/// keys in any order.
struct NPYHeader {
  let elementType: ElementType
  let elementByteCount: Int
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let extents: [Int]
  /// Bytes before the data.
  let byteCount: Int

  init(of bytes: [UInt8]) throws(NPYError) {
    guard bytes.starts(with: NPY.magic) else { throw .notNPY }
    guard bytes.count >= 8 else { throw .truncatedHeader }
    let lengthSize: Int
    switch (bytes[6], bytes[7]) {
    case (1, 0): lengthSize = 2
    case (2, 0), (3, 0): lengthSize = 4
    default: throw .version(major: Int(bytes[6]), minor: Int(bytes[7]))
    }
    guard bytes.count >= 8 + lengthSize else { throw .truncatedHeader }
    var length = 0
    for index in (8..<8 + lengthSize).reversed() { length = length << 8 | Int(bytes[index]) }
    guard length <= Self.maximumLength else {
      throw .header(reason: "it is said to have \(length) bytes, at most \(Self.maximumLength) are read", offset: 8)
    }
    guard bytes.count - 8 - lengthSize >= length else { throw .truncatedHeader }

    byteCount = 8 + lengthSize + length
    var parser = NPYHeaderParser(bytes, from: 8 + lengthSize, to: byteCount)
    let fields = try parser.parse()
    extents = fields.extents
    isFortranOrder = fields.isFortranOrder
    (elementType, elementByteCount, isBigEndian) = try Self.elementType(named: fields.descr)
  }

  private static let maximumLength = 65_535

  /// Characters that a text may have.
  private static let maximumTextLength = 1 << 20

  private static let types: [String: ElementType] = [
    "c8": .complex64, "c16": .complex128,
    "f2": .float16, "f4": .float32, "f8": .float64, "b1": .bool,
    "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
  ]

  /// The name without its byte order, as in `f4`; `nil` for a type that NumPy does not have.
  static func name(of type: ElementType) -> String? { types.first { $0.value == type }?.key }

  private static func elementType(named descr: String) throws(NPYError) -> (ElementType, byteCount: Int, isBigEndian: Bool) {
    let name = descr.dropFirst()
    guard let order = descr.first else { throw .elementType(descr) }
    if name.first == "U", let length = Int(name.dropFirst()), (1...maximumTextLength).contains(length), order == "<" || order == ">" {
      return (.string, 4 * length, order == ">")
    }
    guard let type = types[String(name)] else { throw .elementType(descr) }
    switch order {
    case "<": return (type, type.byteCount, false)
    case ">": return (type, type.byteCount, type.byteCount > 1)
    case "|" where type.byteCount == 1: return (type, type.byteCount, false)
    default: throw .elementType(descr)
    }
  }
}

/// Reads the one Python dictionary that an npy header may be; evaluates nothing.
private struct NPYHeaderParser {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8], from start: Int, to end: Int) {
    self.bytes = bytes
    position = start
    self.end = end
  }

  mutating func parse() throws(NPYError) -> (descr: String, isFortranOrder: Bool, extents: [Int]) {
    var descr: String?
    var isFortranOrder: Bool?
    var extents: [Int]?
    try expect("{")
    while !take("}") {
      let start = position
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try elementTypeName()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truthValue()
      case "shape" where extents == nil: extents = try tuple()
      default: throw .header(reason: "the keys are descr, fortran_order and shape, once each", offset: start)
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == end else { throw failure("nothing may follow the dictionary") }
    guard let descr, let isFortranOrder, let extents else { throw failure("a key is missing") }
    return (descr, isFortranOrder, extents)
  }

  private func failure(_ reason: String) -> NPYError { .header(reason: reason, offset: position) }

  private var next: UInt8? { position < end ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NPYError) {
    guard take(character) else { throw failure("a \(character) is missing") }
  }

  /// Text in single or double quotes: printable ASCII without escapes, at most 64 characters.
  private mutating func string() throws(NPYError) -> String {
    skipSpace()
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw failure("text in quotes is missing")
    }
    position += 1
    var text = ""
    while let byte = next, byte != quote {
      guard (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "\\"), text.utf8.count < 64 else {
        throw failure("this is not the text that NumPy writes")
      }
      text.unicodeScalars.append(Unicode.Scalar(byte))
      position += 1
    }
    guard next == quote else { throw failure("a quote is not closed") }
    position += 1
    return text
  }

  private mutating func elementTypeName() throws(NPYError) -> String {
    skipSpace()
    if next == UInt8(ascii: "[") { throw .elementType("structure") }
    return try string()
  }

  private mutating func truthValue() throws(NPYError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[position..<end].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("True or False is missing")
  }

  /// `()`, `(3,)`, `(3, 4)` or `(3, 4,)`, of at most 64 numbers.
  private mutating func tuple() throws(NPYError) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !take(")") {
      guard numbers.count < 64 else { throw failure("a shape has at most 64 extents") }
      numbers.append(try number())
      if take(",") { continue }
      guard numbers.count > 1 else { throw failure("a shape of one extent ends with a comma") }
      try expect(")")
      break
    }
    return numbers
  }

  private mutating func number() throws(NPYError) -> Int {
    skipSpace()
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw failure("an extent from 0 to \(Int.max) is missing")
    }
    return value
  }
}
