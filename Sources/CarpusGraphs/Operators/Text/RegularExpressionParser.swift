/// Reads the syntax of RE2.
struct RegularExpressionParser {
  typealias Node = RegularExpression.Node
  typealias CharacterClass = RegularExpression.CharacterClass

  private struct Flags {
    /// `i`, `m`, `s`; `U` has no effect on whether a whole text matches.
    var ignoresCase = false, isMultiline = false, dotIsAny = false
  }

  private let pattern: [Unicode.Scalar]
  private var place = 0
  private var flags = Flags()
  private var depth = 0

  init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

  mutating func parsed() throws(OperatorError) -> Node {
    let node = try choice()
    guard place == pattern.count else { throw fault("a ) without a (") }
    return node
  }

  // MARK: Structure

  private mutating func choice() throws(OperatorError) -> Node {
    depth += 1
    guard depth <= 200 else { throw fault("groups more than 200 deep") }
    defer { depth -= 1 }
    var nodes = [try sequence()]
    while take("|") { nodes.append(try sequence()) }
    return nodes.count == 1 ? nodes[0] : .choice(nodes)
  }

  private mutating func sequence() throws(OperatorError) -> Node {
    var nodes: [Node] = []
    while let next = peek, next != "|", next != ")" {
      if take("\\Q") {
        while place < pattern.count, !take("\\E") {
          nodes.append(literal(pattern[place]))
          place += 1
        }
        // A repeat behind the end concerns the last character.
        if let last = nodes.popLast() { nodes.append(try repeated(last)) }
        continue
      }
      guard let atom = try atom() else { continue }
      nodes.append(try repeated(atom))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func repeated(_ atom: Node) throws(OperatorError) -> Node {
    var node = atom, isRepeated = false
    while let next = peek {
      let start = place
      switch next {
      case "*": node = .unbounded(node, from: 0); place += 1
      case "+": node = .unbounded(node, from: 1); place += 1
      case "?": node = .repetition(node, 0...1); place += 1
      case "{":
        guard let (low, high) = bounds() else { return node }
        guard low <= 1000, high ?? low <= 1000, high ?? low >= low else { throw fault("a repeat of \(low) to \(high ?? low) times") }
        node = high.map { .repetition(node, low...$0) } ?? .unbounded(node, from: low)
      default: return node
      }
      guard !isRepeated else { place = start; throw fault("two repeats in a row") }
      isRepeated = true
      // As few as possible, or as many: a whole text matches either way.
      if peek == "?" { place += 1 }
    }
    return node
  }

  /// `{n}`, `{n,}` or `{n,m}`; otherwise the brace is a character.
  private mutating func bounds() -> (Int, Int?)? {
    let start = place
    place += 1
    guard let low = number() else { place = start; return nil }
    if take("}") { return (low, low) }
    guard take(",") else { place = start; return nil }
    if take("}") { return (low, nil) }
    guard let high = number(), take("}") else { place = start; return nil }
    return (low, high)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let next = peek, ("0"..."9").contains(next) {
      value = min((value ?? 0) * 10 + Int(next.value - 48), 1_000_000)
      place += 1
    }
    return value
  }

  /// `nil` for what sets flags.
  private mutating func atom() throws(OperatorError) -> Node? {
    let next = pattern[place]
    place += 1
    switch next {
    case "(": return try group()
    case "[": return .character(try brackets())
    case ".": return .character(CharacterClass(items: flags.dotIsAny ? [] : [.range(10...10)], isNegated: true))
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "*", "+", "?": throw fault("\(next) without something to repeat")
    case "\\": return try escape()
    default: return literal(next)
    }
  }

  private mutating func group() throws(OperatorError) -> Node? {
    let outer = flags
    if take("?") {
      if take("P<") || take("<") {
        guard peek != "=", peek != "!" else { throw fault("look-around") }
        while let next = peek, next != ">" {
          guard next == "_" || next.properties.isAlphabetic || next.properties.numericType != nil else { throw fault("a name of a group") }
          place += 1
        }
        guard take(">") else { throw fault("a name of a group") }
      } else {
        var value = true
        while let next = peek, next != ":", next != ")" {
          place += 1
          switch next {
          case "i": flags.ignoresCase = value
          case "m": flags.isMultiline = value
          case "s": flags.dotIsAny = value
          case "U": break
          case "-" where value: value = false
          default: throw fault("(?\(next)")
          }
        }
        if take(")") { return nil }
        guard take(":") else { throw fault("a ( without a )") }
      }
    }
    let node = try choice()
    guard take(")") else { throw fault("a ( without a )") }
    flags = outer
    return node
  }

  // MARK: Characters

  private func literal(_ scalar: Unicode.Scalar) -> Node {
    .character(CharacterClass(items: [.range(scalar.value...scalar.value)], ignoresCase: flags.ignoresCase))
  }

  private mutating func escape() throws(OperatorError) -> Node {
    guard let next = peek else { throw fault("a \\ at the end") }
    let assertions: [Unicode.Scalar: RegularExpression.Assertion] = ["A": .textStart, "z": .textEnd, "b": .wordBoundary, "B": .noWordBoundary]
    if let assertion = assertions[next] {
      place += 1
      return .assertion(assertion)
    }
    if let item = try classEscape() { return .character(CharacterClass(items: [item], ignoresCase: flags.ignoresCase)) }
    return literal(try characterEscape())
  }

  private static let digits: [CharacterClass.Item] = [.range(48...57)]
  private static let words: [CharacterClass.Item] = [.range(48...57), .range(65...90), .range(95...95), .range(97...122)]
  private static let spaces: [CharacterClass.Item] = [.range(9...10), .range(12...13), .range(32...32)]

  /// `\d` and its like, behind the backslash; `nil` where one character stands.
  private mutating func classEscape() throws(OperatorError) -> CharacterClass.Item? {
    guard let next = peek else { return nil }
    let classes: [Unicode.Scalar: CharacterClass.Item] = [
      "d": .range(48...57), "D": .not(Self.digits), "w": .not([.not(Self.words)]), "W": .not(Self.words),
      "s": .not([.not(Self.spaces)]), "S": .not(Self.spaces),
    ]
    if let item = classes[next] {
      place += 1
      return item
    }
    guard next == "p" || next == "P" else { return nil }
    place += 1
    var name = "", isNegated = next == "P"
    if take("{") {
      if take("^") { isNegated.toggle() }
      while let letter = peek, letter != "}" {
        name.unicodeScalars.append(letter)
        place += 1
      }
      guard take("}") else { throw fault("\\p{ without a }") }
    } else if let letter = peek {
      name.unicodeScalars.append(letter)
      place += 1
    }
    guard name == "Any" || Unicode.GeneralCategory.abbreviations.contains(name) else {
      throw .unsupported("the class \\p{\(name)} of a regular expression is not supported; general categories such as \\p{Lu} are")
    }
    let item = name == "Any" ? CharacterClass.Item.range(0...0x10FFFF) : .category(name)
    return isNegated ? .not([item]) : item
  }

  /// One character, behind the backslash.
  private mutating func characterEscape() throws(OperatorError) -> Unicode.Scalar {
    guard let next = peek else { throw fault("a \\ at the end") }
    place += 1
    let controls: [Unicode.Scalar: UInt8] = ["a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11]
    if let control = controls[next] { return Unicode.Scalar(control) }
    if next == "x" {
      let isBraced = take("{")
      var value: UInt32 = 0, count = 0
      while let digit = peek, let number = Self.hexadecimal(digit), isBraced ? count < 6 : count < 2 {
        value = value * 16 + number
        count += 1
        place += 1
      }
      guard isBraced ? count > 0 && take("}") : count == 2, let scalar = Unicode.Scalar(value) else { throw fault("\\x without digits") }
      return scalar
    }
    if ("0"..."7").contains(next) {
      // A digit alone would refer back to a group, but for 0.
      var value = next.value - 48, count = 1
      while count < 3, let digit = peek, ("0"..."7").contains(digit) {
        value = value * 8 + (digit.value - 48)
        count += 1
        place += 1
      }
      guard next == "0" || count > 1, let scalar = Unicode.Scalar(value) else { throw fault("a back reference") }
      return scalar
    }
    guard next.isASCII, !next.properties.isAlphabetic, next.properties.numericType == nil else { throw fault("\\\(next)") }
    return next
  }

  private static func hexadecimal(_ digit: Unicode.Scalar) -> UInt32? {
    digit.isASCII ? Character(digit).hexDigitValue.map(UInt32.init) : nil
  }

  /// Behind the opening bracket.
  private mutating func brackets() throws(OperatorError) -> CharacterClass {
    var result = CharacterClass(items: [], isNegated: take("^"), ignoresCase: flags.ignoresCase)
    var isFirst = true
    while isFirst || peek != "]" {
      guard let next = peek else { throw fault("a [ without a ]") }
      isFirst = false
      if next == "[", place + 1 < pattern.count, pattern[place + 1] == ":" {
        result.items.append(try namedClass())
        continue
      }
      if take("\\") {
        if let item = try classEscape() {
          result.items.append(item)
          continue
        }
        try range(from: try characterEscape(), into: &result)
      } else {
        place += 1
        try range(from: next, into: &result)
      }
    }
    place += 1
    return result
  }

  private mutating func range(from low: Unicode.Scalar, into result: inout CharacterClass) throws(OperatorError) {
    var high = low
    if peek == "-", place + 1 < pattern.count, pattern[place + 1] != "]" {
      place += 1
      high = pattern[place]
      place += 1
      if high == "\\" { high = try characterEscape() }
    }
    guard high.value >= low.value else { throw fault("the range \(low)-\(high)") }
    result.items.append(.range(low.value...high.value))
  }

  /// `[:alpha:]` and its like.
  private mutating func namedClass() throws(OperatorError) -> CharacterClass.Item {
    place += 2
    let isNegated = take("^")
    var name = ""
    while let next = peek, next != ":", next != "]" {
      name.unicodeScalars.append(next)
      place += 1
    }
    let digits = 48...57 as ClosedRange<UInt32>, upper = 65...90 as ClosedRange<UInt32>, lower = 97...122 as ClosedRange<UInt32>
    let classes: [String: [ClosedRange<UInt32>]] = [
      "alnum": [digits, upper, lower], "alpha": [upper, lower], "ascii": [0...127], "blank": [9...9, 32...32], "cntrl": [0...31, 127...127],
      "digit": [digits], "graph": [33...126], "lower": [lower], "print": [32...126], "punct": [33...47, 58...64, 91...96, 123...126],
      "space": [9...13, 32...32], "upper": [upper], "word": [digits, upper, lower, 95...95], "xdigit": [digits, 65...70, 97...102],
    ]
    guard take(":]"), let ranges = classes[name] else { throw fault("the class [:\(name):]") }
    let items = ranges.map(CharacterClass.Item.range)
    return isNegated ? .not(items) : .not([.not(items)])
  }

  // MARK: Places

  private var peek: Unicode.Scalar? { place < pattern.count ? pattern[place] : nil }

  private mutating func take(_ text: String) -> Bool {
    let wanted = text.unicodeScalars
    guard pattern[place...].prefix(wanted.count).elementsEqual(wanted) else { return false }
    place += wanted.count
    return true
  }

  private func fault(_ what: String) -> OperatorError {
    .attribute("the regular expression is not in the syntax of RE2: \(what) at character \(place)")
  }
}
