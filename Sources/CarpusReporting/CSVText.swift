/// Rows of comma-separated values, as in RFC 4180, with the line feed alone between rows.
public enum CSVText {
  /// The rows, each with a line break at its end.
  public static func text(_ rows: [[String]]) -> String { rows.map { line($0) + "\n" }.joined() }

  /// The shortest decimal that reads back as the same `Double`; empty for what is absent or not finite.
  public static func field(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return value.description
  }

  /// A text of foreign origin. Spreadsheets take a text that begins with `=`, `+`, `-` or `@` for a formula and would
  /// run it; an apostrophe in front makes it a text for them.
  public static func field(foreign text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return text }
    return "'" + text
  }

  private static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
