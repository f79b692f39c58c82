/// A JSON value whose objects keep their order, and its text.
///
/// The text is the same for equal values, byte by byte: two spaces of indentation, arrays of numbers on one line, no
/// space at the end. Numbers are the shortest decimals that read back as the same `Double`; JSON
/// has no infinities and no NaN, so they become `null`. `<` is written `\u003c`, so that the text may stand inside
/// HTML's `<script>`. Source: RFC 8259.
public enum JSONText: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONText])
  /// Of members with the same key the first is written: readers of JSON disagree about repeated keys.
  case object([(String, JSONText)])

  /// `null` for what is absent.
  public init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }
  /// `null` for what is absent.
  public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
  /// `null` for what is absent.
  public init(_ value: String?) { self = value.map { .string($0) } ?? .null }

  /// The text, without a line break at its end.
  public var text: String {
    var text = ""
    write(to: &text, indentation: "")
    return text
  }

  private var isShort: Bool {
    switch self {
    case .null, .bool, .integer, .number: true
    case .string, .array, .object: false
    }
  }

  private func write(to text: inout String, indentation: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): JSONText.write(value, to: &text)
    case .array(let elements) where elements.allSatisfy(\.isShort):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += ", " }
        element.write(to: &text, indentation: indentation)
      }
      text += "]"
    case .array(let elements):
      JSONText.writeLines(elements, between: ("[", "]"), to: &text, indentation: indentation) { element, text, indentation in
        element.write(to: &text, indentation: indentation)
      }
    case .object(let members):
      // By bytes: Swift's strings are also equal when they only look the same.
      var seen: Set<[UInt8]> = []
      let members = members.filter { seen.insert(Array($0.0.utf8)).inserted }
      JSONText.writeLines(members, between: ("{", "}"), to: &text, indentation: indentation) { member, text, indentation in
        JSONText.write(member.0, to: &text)
        text += ": "
        member.1.write(to: &text, indentation: indentation)
      }
    }
  }

  private static func writeLines<Element>(
    _ elements: [Element], between brackets: (String, String), to text: inout String, indentation: String,
    each write: (Element, inout String, String) -> Void
  ) {
    text += brackets.0
    for (index, element) in elements.enumerated() {
      text += (index > 0 ? ",\n" : "\n") + indentation + "  "
      write(element, &text, indentation + "  ")
    }
    text += (elements.isEmpty ? "" : "\n" + indentation) + brackets.1
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // U+2028 and U+2029 end a line in older JavaScript.
      case "\0"..<" ", "<", "\u{7f}", "\u{2028}", "\u{2029}":
        let code = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
