/// An element of XML: its text is that between its first and last tag, without that of its children.
struct XMLElement {
  let name: String
  let line: Int
  var text = ""
  var children: [XMLElement] = []

  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
}

/// Reads plain XML that somebody else wrote: elements, attributes (which are skipped), text, comments, the five named entities and
/// characters by number. A document type is refused: entities that it declares can grow without bound.
struct XMLReader {
  private static let depthLimit = 32
  private static let elementLimit = 1 << 20

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var count = 0

  static func read(_ text: String) throws(RegionError) -> XMLElement {
    var reader = XMLReader(bytes: Array(text.utf8))
    try reader.skipMarkup()
    let root = try reader.element(depth: 0)
    try reader.skipMarkup()
    guard reader.index == reader.bytes.count else { throw reader.error("something stands behind the last element") }
    return root
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ problem: String) -> RegionError {
    .malformed(at: "line \(line)", index < bytes.count ? problem : "the file ends too early")
  }

  private mutating func step() {
    if bytes[index] == 10 { line += 1 }
    index += 1
  }

  private func starts(with word: String) -> Bool { bytes[index...].starts(with: word.utf8) }

  private mutating func skip(past word: String) throws(RegionError) {
    while index < bytes.count, !starts(with: word) { step() }
    guard index < bytes.count else { throw error("") }
    index += word.utf8.count
  }

  private mutating func skipSpace() { while index < bytes.count, [9, 10, 13, 32].contains(bytes[index]) { step() } }

  /// Space, comments and processing instructions.
  private mutating func skipMarkup() throws(RegionError) {
    while true {
      skipSpace()
      if starts(with: "<?") {
        try skip(past: "?>")
      } else if starts(with: "<!--") {
        try skip(past: "-->")
      } else if starts(with: "<!") {
        throw error("a document type is declared; XML without one is read")
      } else {
        return
      }
    }
  }

  private mutating func name() throws(RegionError) -> String {
    let start = index
    while index < bytes.count, !([9, 10, 13, 32, 47, 60, 61, 62].contains(bytes[index])) { index += 1 }
    guard index > start, index - start <= 256 else { throw error("the name of an element is needed") }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// From `<` to the end of the closing tag.
  private mutating func element(depth: Int) throws(RegionError) -> XMLElement {
    guard depth < XMLReader.depthLimit else { throw error("more than \(XMLReader.depthLimit) levels of elements") }
    count += 1
    guard count <= XMLReader.elementLimit else { throw .tooMuch("elements of XML", count, limit: XMLReader.elementLimit) }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "<") else { throw error("an element is needed") }
    index += 1
    var element = XMLElement(name: try name(), line: line)
    if try attributesEndElement() { return element }
    var text: [UInt8] = []
    while true {
      guard index < bytes.count else { throw error("") }
      if starts(with: "</") {
        index += 2
        guard try name() == element.name else { throw error("the element ‘\(RegionName.cleaned(element.name))’ is not closed") }
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { throw error("‘>’ is needed") }
        index += 1
        element.text = String(decoding: text, as: UTF8.self)
        return element
      } else if starts(with: "<!--") {
        try skip(past: "-->")
      } else if starts(with: "<!") || starts(with: "<?") {
        throw error("only elements, text and comments are read")
      } else if bytes[index] == UInt8(ascii: "<") {
        element.children.append(try self.element(depth: depth + 1))
      } else if bytes[index] == UInt8(ascii: "&") {
        text += try entity()
      } else {
        text.append(bytes[index])
        step()
      }
    }
  }

  /// Skips attributes; whether the tag was an empty element's, `<a/>`.
  private mutating func attributesEndElement() throws(RegionError) -> Bool {
    while true {
      skipSpace()
      if starts(with: "/>") {
        index += 2
        return true
      }
      guard index < bytes.count else { throw error("") }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        return false
      }
      _ = try name()
      skipSpace()
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw error("‘=’ is needed behind an attribute") }
      index += 1
      skipSpace()
      guard index < bytes.count, bytes[index] == 34 || bytes[index] == 39 else { throw error("an attribute's value is quoted") }
      let quote = bytes[index]
      index += 1
      while index < bytes.count, bytes[index] != quote { step() }
      guard index < bytes.count else { throw error("") }
      index += 1
    }
  }

  private mutating func entity() throws(RegionError) -> [UInt8] {
    let end = bytes[index...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
    guard let end else { throw error("an entity is needed behind ‘&’") }
    let word = String(decoding: bytes[index + 1..<end], as: UTF8.self)
    index = end + 1
    if let character = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"][word] { return Array(character.utf8) }
    if word.hasPrefix("#") {
      let code = word.hasPrefix("#x") ? UInt32(word.dropFirst(2), radix: 16) : UInt32(word.dropFirst(1))
      if let code, code > 0, let scalar = Unicode.Scalar(code) { return Array(String(Character(scalar)).utf8) }
    }
    throw error("only the entities lt, gt, amp, quot, apos and characters by number are read")
  }
}

extension String {
  /// As the text of an XML element.
  var escapedForXML: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }
}
