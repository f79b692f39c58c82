/// What is wrong with a file of comma-separated values. Rows are counted as a spreadsheet shows them: the header is row 1.
public enum CSVError: Error, Hashable, CustomStringConvertible {
  /// A sentence that is true of the file as a whole.
  case file(String)
  /// A sentence about a row; `column` is its name, or its number where it has none.
  case row(Int, column: String?, String)

  public var description: String {
    switch self {
    case .file(let sentence): sentence
    case .row(let row, nil, let sentence): "row \(row): \(sentence)"
    case .row(let row, let column?, let sentence): "row \(row), column \(column): \(sentence)"
    }
  }
}

/// Comma-separated values with a header, in UTF-8, as in RFC 4180.
///
/// Rows end with CR LF or LF; a byte order mark is skipped, and so are empty lines. A field in quotes may hold commas, line breaks and,
/// doubled, quotes. Every row has as many fields as the header, and no two columns have the same name. Anything else is refused.
public struct CSVTable: Sendable {
  /// 64 MB.
  public static let maximumByteCount = 64_000_000
  package static let maximumColumnCount = 4096
  package static let maximumFieldCount = 16_000_000
  package static let maximumFieldByteCount = 65_536

  /// The names of the columns, without spaces around them.
  public let header: [String]
  /// The rows' numbers, as a spreadsheet shows them.
  public let rowNumbers: [Int32]
  private let text: [UInt8]
  /// Where each field ends in `text`, row by row, the header first.
  private let ends: [Int32]
  private let columnIndices: [String: Int]

  /// - Throws: `CSVError`, with the row.
  public init(_ bytes: [UInt8]) throws(CSVError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw .file("The table has \(bytes.count) bytes; at most \(Self.maximumByteCount) are read.")
    }
    var scanner = CSVScanner(bytes)
    try scanner.scan()
    guard scanner.columnCount > 0 else { throw .file("The table is empty; its first row names the columns.") }
    text = scanner.text
    ends = scanner.ends
    rowNumbers = Array(scanner.rowNumbers.dropFirst())
    var names: [String] = [], indices: [String: Int] = [:]
    for column in 0..<scanner.columnCount {
      let name = Self.trimmed(try Self.string(scanner.text, ends, column, row: 1, column: "\(column + 1)"))
      guard indices.updateValue(column, forKey: name) == nil else {
        throw .row(1, column: "\(column + 1)", "two columns are called '\(Self.shown(name))'.")
      }
      names.append(name)
    }
    header = names
    columnIndices = indices
  }

  public var rowCount: Int { rowNumbers.count }

  /// Where the column of a name is, in the header's order.
  public func column(_ name: String) -> Int? { columnIndices[name] }

  /// The text of a field, spaces and tabs around it removed.
  ///
  /// - Throws: `CSVError` for what is not UTF-8.
  public func field(_ row: Int, _ column: Int) throws(CSVError) -> String {
    let position = (row + 1) * header.count + column
    return Self.trimmed(try Self.string(text, ends, position, row: Int(rowNumbers[row]), column: header[column]))
  }

  /// - Throws: `CSVError` for anything but a decimal such as `12.5` or `-3e2`, of at most 1e9 in size.
  public func number(_ row: Int, _ column: Int) throws(CSVError) -> Double {
    let field = try field(row, column)
    let isPlain = field.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains($0) }
    guard isPlain, let number = Double(field), number.isFinite, abs(number) <= 1e9 else {
      throw error(row, column, field.isEmpty ? "is empty; a number such as 12.5 belongs here."
        : "'\(Self.shown(field))' is no number; a decimal such as 12.5, at most 1e9 in size, belongs here.")
    }
    return number
  }

  /// Whether nothing stands in a column, in any row.
  public func isEmpty(column: Int) -> Bool {
    (0..<rowCount).allSatisfy { row in
      let position = (row + 1) * header.count + column
      return text[Int(ends[position - 1])..<Int(ends[position])].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
  }

  /// The error that says `sentence` about a field.
  public func error(_ row: Int, _ column: Int, _ sentence: String) -> CSVError {
    .row(Int(rowNumbers[row]), column: Self.shown(header[column]), sentence)
  }

  /// Fit for a message: at most 40 characters, and nothing that a terminal would obey.
  package static func shown(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(40) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: shown.append("\u{fffd}")
      default: shown.append(scalar)
      }
    }
    return String(shown) + (text.unicodeScalars.count > 40 ? "…" : "")
  }

  private static func string(_ text: [UInt8], _ ends: [Int32], _ position: Int, row: Int, column: String) throws(CSVError) -> String {
    let start = position == 0 ? 0 : Int(ends[position - 1])
    guard let string = String(validating: text[start..<Int(ends[position])], as: UTF8.self) else {
      throw .row(row, column: shown(column), "is not text in UTF-8.")
    }
    return string
  }

  private static func trimmed(_ text: String) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(text[first...last])
  }
}

/// Splits bytes into fields.
private struct CSVScanner {
  private let bytes: [UInt8]
  private(set) var text: [UInt8] = []
  private(set) var ends: [Int32] = []
  private(set) var rowNumbers: [Int32] = []
  /// Of the header; 0 before it.
  private(set) var columnCount = 0
  private var position = 0
  private var row: Int32 = 0
  private var column = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func scan() throws(CSVError) {
    if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) {
      throw .file("The table is in UTF-16; it is read in UTF-8.")
    }
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    text.reserveCapacity(bytes.count)
    while position < bytes.count {
      row += 1
      column = 0
      if try isAtLineEnd() { continue }
      try scanRow()
    }
  }

  private mutating func scanRow() throws(CSVError) {
    repeat { try scanField() } while try !isAtRowEnd()
    if columnCount == 0 {
      guard column > 1 || !text.contains(0x3b) else { throw failure("the columns are separated by semicolons; commas belong there.") }
      columnCount = column
    }
    guard column == columnCount else {
      throw .row(Int(row), column: nil, "has \(column) \(column == 1 ? "field" : "fields"), and the header \(columnCount).")
    }
    rowNumbers.append(row)
  }

  private mutating func scanField() throws(CSVError) {
    column += 1
    guard column <= CSVTable.maximumColumnCount else {
      throw .row(Int(row), column: nil, "has more than \(CSVTable.maximumColumnCount) fields.")
    }
    let start = text.count
    if position < bytes.count && bytes[position] == 0x22 {
      position += 1
      try scanQuoted()
    } else {
      try scanPlain()
    }
    guard text.count - start <= CSVTable.maximumFieldByteCount else {
      throw failure("has more than \(CSVTable.maximumFieldByteCount) bytes.")
    }
    guard ends.count < CSVTable.maximumFieldCount else { throw .file("The table has more than \(CSVTable.maximumFieldCount) fields.") }
    ends.append(Int32(text.count))
  }

  private mutating func scanPlain() throws(CSVError) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x2c, 0x0a, 0x0d: return
      case 0x22: throw failure("a quote stands inside a field that does not begin with one; RFC 4180 has it doubled, in a field in quotes.")
      case 0: throw failure("holds a zero byte, which no text does.")
      case let byte: text.append(byte)
      }
      position += 1
    }
  }

  private mutating func scanQuoted() throws(CSVError) {
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0 { throw failure("holds a zero byte, which no text does.") }
      if byte == 0x22 {
        guard position < bytes.count else { return }
        switch bytes[position] {
        case 0x22: position += 1
        case 0x2c, 0x0a, 0x0d: return
        default: throw failure("something stands behind the closing quote.")
        }
      }
      text.append(byte)
    }
    throw failure("the quote that opens this field is never closed.")
  }

  /// Steps over a comma, or over the end of the row.
  private mutating func isAtRowEnd() throws(CSVError) -> Bool {
    guard position < bytes.count else { return true }
    guard bytes[position] == 0x2c else { return try isAtLineEnd() }
    position += 1
    return false
  }

  /// Steps over a line break if there is one.
  private mutating func isAtLineEnd() throws(CSVError) -> Bool {
    switch bytes[position] {
    case 0x0a: position += 1
    case 0x0d:
      guard position + 1 < bytes.count, bytes[position + 1] == 0x0a else {
        throw failure("a carriage return stands without a line feed.")
      }
      position += 2
    default: return false
    }
    return true
  }

  private func failure(_ sentence: String) -> CSVError { .row(Int(row), column: "\(max(1, column))", sentence) }
}
