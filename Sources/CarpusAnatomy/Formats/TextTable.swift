/// A table in CSV (RFC 4180) with a header; columns are parted by commas, semicolons or tabs.
struct TextTable {
  let header: [String]
  /// Each as long as the header, with the line where it begins.
  let rows: [(line: Int, cells: [String])]

  /// - Returns: `nil` for a text whose first line is no header of several columns.
  init?(_ text: String) throws(RegionError) {
    var lines = TextTable.split(text)
    guard let first = lines.first, first.cells.count > 1, first.cells.allSatisfy({ !$0.isEmpty && Double($0) == nil && $0.utf8.count <= 64 })
    else { return nil }
    lines.removeFirst()
    header = first.cells.map { $0.lowercased() }
    for row in lines where row.cells.count != header.count {
      throw .malformed(at: "line \(row.line)", "\(row.cells.count) columns where the header has \(header.count)")
    }
    rows = lines
  }

  private static func split(_ text: String) -> [(line: Int, cells: [String])] {
    var separator = UInt8(ascii: ",")
    if let first = text.utf8.split(separator: 10, maxSplits: 1).first, !first.contains(separator) {
      separator = first.contains(9) ? 9 : UInt8(ascii: ";")
    }
    var rows: [(line: Int, cells: [String])] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var (line, start, isQuoted, wasQuoted) = (1, 1, false, false)
    func trimmed(_ bytes: [UInt8], isExact: Bool) -> String {
      let text = String(decoding: bytes, as: UTF8.self)
      guard !isExact else { return text }
      let kept = text.drop { $0 == " " || $0 == "\t" }
      return String(kept.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
    }
    func endRow() {
      cells.append(trimmed(cell, isExact: wasQuoted))
      if cells != [""] { rows.append((start, cells)) }
      (cells, cell, wasQuoted) = ([], [], false)
      start = line
    }
    for byte in text.utf8 {
      if byte == 10 { line += 1 }
      switch byte {
      case UInt8(ascii: "\""):
        // A doubled quote inside a quoted cell is one quote.
        if !isQuoted, wasQuoted { cell.append(byte) }
        if isQuoted || cell.isEmpty || wasQuoted { (isQuoted, wasQuoted) = (!isQuoted, true) } else { cell.append(byte) }
      case separator where !isQuoted:
        cells.append(trimmed(cell, isExact: wasQuoted))
        (cell, wasQuoted) = ([], false)
      case 10 where !isQuoted: endRow()
      case 13 where !isQuoted: break
      default: cell.append(byte)
      }
    }
    if !cell.isEmpty || !cells.isEmpty { endRow() }
    return rows
  }

  /// The column with one of these names.
  func column(_ names: [String]) -> Int? {
    for name in names { if let index = header.firstIndex(of: name) { return index } }
    return nil
  }

  func number(_ row: Int, _ column: Int) throws(RegionError) -> Double {
    guard let value = Double(rows[row].cells[column]), value.isFinite else {
      throw .malformed(at: "line \(rows[row].line)", "‘\(RegionName.cleaned(rows[row].cells[column]))’ in the column ‘\(header[column])’ is no number")
    }
    return value
  }
}
