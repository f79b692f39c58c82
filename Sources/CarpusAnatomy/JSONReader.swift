/// A value of JSON.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  /// An array of numbers only, as coordinates and counts are. An empty array is `.array([])`.
  case numbers([Double])
  case array([JSONValue])
  case object([String: JSONValue])
}

/// What is said of a JSON file that cannot be used; each kind of file has an error of its own.
package protocol JSONFailure: Error {
  /// Where in the file, and what is wrong.
  static func malformed(at place: String, _ problem: String) -> Self
  /// More of something than is read: what, how many, the limit.
  static func tooMuch(_ what: String, _ count: Int, limit: Int) -> Self
}

/// Reads JSON (RFC 8259) that somebody else wrote: says line and column of what is wrong, and bounds depth and memory.
/// Numbers that a `Double` cannot hold, `NaN`, and keys that occur twice in an object are errors.
struct JSONReader<Failure: JSONFailure> {
  private static var depthLimit: Int { 64 }
  /// Values other than the numbers of number arrays.
  private static var valueLimit: Int { 1 << 23 }

  private let bytes: [UInt8]
  private var index = 0
  private var values = 0

  static func read(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    guard bytes.count <= RegionLimits.bytes else { throw .tooMuch("bytes", bytes.count, limit: RegionLimits.bytes) }
    var reader = JSONReader(bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.index == bytes.count else { throw reader.error("something stands behind the end of the JSON") }
    return value
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }  // a byte order mark
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func error(_ problem: String) -> Failure {
    let line = 1 + bytes.prefix(index).count { $0 == UInt8(ascii: "\n") }
    let column = 1 + index - (bytes.prefix(index).lastIndex(of: UInt8(ascii: "\n")) ?? -1) - 1
    return .malformed(at: "line \(line), column \(column)", index < bytes.count ? problem : "the file ends too early")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { index += 1 }
  }

  /// Skips space and one character, if it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    guard depth <= JSONReader.depthLimit else { throw error("more than \(JSONReader.depthLimit) levels of brackets") }
    values += 1
    guard values <= JSONReader.valueLimit else { throw .tooMuch("values of JSON", values, limit: JSONReader.valueLimit) }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where JSONReader.startsNumber(byte): return .number(try number())
    default:
      for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
      where bytes[index...].starts(with: word.utf8) {
        index += word.utf8.count
        return value
      }
      throw error("a value is needed; NaN and Infinity are none in JSON")
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONValue {
    index += 1
    var members: [String: JSONValue] = [:]
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("the key of an object is needed") }
      let key = try string()
      guard take(":") else { throw error("‘:’ is needed behind a key") }
      guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
        throw error("the key ‘\(RegionName.cleaned(key))’ occurs twice")
      }
    } while take(",")
    guard take("}") else { throw error("‘,’ or ‘}’ is needed") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(Failure) -> JSONValue {
    index += 1
    if take("]") { return .array([]) }
    var numbers: [Double] = []
    var elements: [JSONValue] = []
    repeat {
      skipSpace()
      if elements.isEmpty, let byte = next, JSONReader.startsNumber(byte) {
        numbers.append(try number())
      } else {
        if elements.isEmpty {
          elements = numbers.map { .number($0) }
          numbers = []
        }
        elements.append(try value(depth: depth + 1))
      }
    } while take(",")
    guard take("]") else { throw error("‘,’ or ‘]’ is needed") }
    return elements.isEmpty ? .numbers(numbers) : .array(elements)
  }

  private static func startsNumber(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || (48...57).contains(byte) }

  private mutating func number() throws(Failure) -> Double {
    let start = index
    func digits(_ index: inout Int) -> Int {
      let first = index
      while index < bytes.count, (48...57).contains(bytes[index]) { index += 1 }
      return index - first
    }
    if next == UInt8(ascii: "-") { index += 1 }
    let first = index
    let whole = digits(&index)
    guard whole == 1 || whole > 1 && bytes[first] != UInt8(ascii: "0") else { throw error("a number is needed") }
    if next == UInt8(ascii: ".") {
      index += 1
      guard digits(&index) > 0 else { throw error("a digit is needed behind the point") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      index += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
      guard digits(&index) > 0 else { throw error("a digit is needed in the exponent") }
    }
    guard let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)), value.isFinite else {
      throw error("the number is too large")
    }
    return value
  }

  private mutating func string() throws(Failure) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 32 else { throw error("a control character stands in a text") }
      if byte == UInt8(ascii: "\\") {
        index += 1
        text += try escape()
      } else {
        // As many plain characters as there are: run lengths make texts long.
        let end = bytes[index...].firstIndex { $0 < 32 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") } ?? bytes.count
        text += bytes[index..<end]
        index = end
      }
    }
    guard next != nil else { throw error("") }
    index += 1
    guard let string = String(validating: text, as: UTF8.self) else { throw error("the text is not UTF-8") }
    return string
  }

  /// What follows a backslash, in UTF-8.
  private mutating func escape() throws(Failure) -> [UInt8] {
    guard let byte = next else { throw error("") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if (0xd800..<0xdc00).contains(code), bytes[index...].starts(with: "\\u".utf8) {
        index += 2
        let low = try codeUnit()
        guard (0xdc00..<0xe000).contains(low) else { throw error("half a character (a lone surrogate)") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("half a character (a lone surrogate)") }
      return Array(String(Character(scalar)).utf8)
    default: throw error("no such escape")
    }
  }

  private mutating func codeUnit() throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits are needed")
      }
      code = code << 4 | UInt32(digit)
      index += 1
    }
    return code
  }
}
