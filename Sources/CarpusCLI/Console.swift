import Foundation

/// Data goes to stdout, everything else to stderr.
enum Console {
  static func print(_ line: String) { write(line + "\n", to: .standardOutput) }
  static func error(_ sentence: String) { write("carpus: \(sentence)\n", to: .standardError) }
  static func warning(_ sentence: String) { write("carpus: warning: \(sentence)\n", to: .standardError) }

  private static func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }

  /// Rows with their columns aligned.
  static func table(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        text + String(repeating: " ", count: widths[column] - text.count)
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
