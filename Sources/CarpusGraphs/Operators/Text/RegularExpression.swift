/// A regular expression in the syntax of RE2 (<https://github.com/google/re2/wiki/Syntax>), matched in time proportional to the length
/// of the text times that of the expression: all ways through it are followed at once (K. Thompson, 1968).
///
/// Refused are what RE2 refuses (back references, look-around, more than 1000 repeats), `\C`, and the names of scripts in `\p{…}`; the
/// general categories of Unicode are there.
struct RegularExpression: Sendable {
  /// A condition on one character.
  struct CharacterClass: Sendable {
    enum Item: Sendable {
      case range(ClosedRange<UInt32>)
      case category(String)
      case not([Item])
    }

    var items: [Item]
    var isNegated = false
    var ignoresCase = false
  }

  enum Assertion: Sendable { case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary }

  indirect enum Node: Sendable {
    case empty
    case character(CharacterClass)
    case assertion(Assertion)
    case sequence([Node])
    case choice([Node])
    case repetition(Node, ClosedRange<Int>)
    case unbounded(Node, from: Int)
  }

  enum Instruction: Sendable {
    case character(CharacterClass)
    case assertion(Assertion)
    case split(Int, Int)
    case jump(Int)
    case match
  }

  private var program: [Instruction] = []
  /// Nodes that were written out; repeats of nothing make no instructions.
  private var emitted = 0

  init(_ pattern: String) throws(OperatorError) {
    var parser = RegularExpressionParser(pattern)
    try emit(try parser.parsed())
    program.append(.match)
  }

  // MARK: Program

  private mutating func append(_ instruction: Instruction) throws(OperatorError) {
    guard program.count < 20_000 else { throw .attribute("the regular expression repeats too much") }
    program.append(instruction)
  }

  private mutating func emit(_ node: Node) throws(OperatorError) {
    emitted += 1
    guard emitted < 200_000 else { throw .attribute("the regular expression repeats too much") }
    switch node {
    case .empty: break
    case .character(let characters): try append(.character(characters))
    case .assertion(let assertion): try append(.assertion(assertion))
    case .sequence(let nodes): for node in nodes { try emit(node) }
    case .choice(let nodes):
      var ends: [Int] = []
      for node in nodes.dropLast() {
        let split = program.count
        try append(.match)
        try emit(node)
        ends.append(program.count)
        try append(.match)
        program[split] = .split(split + 1, program.count)
      }
      if let last = nodes.last { try emit(last) }
      for end in ends { program[end] = .jump(program.count) }
    case .repetition(let node, let counts):
      for _ in 0..<counts.lowerBound { try emit(node) }
      for _ in counts.lowerBound..<counts.upperBound { try optional(node) }
    case .unbounded(let node, let count):
      for _ in 0..<count { try emit(node) }
      let split = program.count
      try append(.match)
      try emit(node)
      try append(.jump(split))
      program[split] = .split(split + 1, program.count)
    }
  }

  /// As any number of optional repeats may follow each other, each may simply be left out.
  private mutating func optional(_ node: Node) throws(OperatorError) {
    let split = program.count
    try append(.match)
    try emit(node)
    program[split] = .split(split + 1, program.count)
  }

  // MARK: Matching

  /// True if the expression matches the whole text.
  func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var marks = [Int](repeating: -1, count: program.count)
    var current: [Int] = [0]
    for position in 0...scalars.count {
      var open = current, next: [Int] = []
      current = []
      while let place = open.popLast() {
        guard marks[place] != position else { continue }
        marks[place] = position
        switch program[place] {
        case .match: if position == scalars.count { return true }
        case .jump(let target): open.append(target)
        case .split(let first, let second):
          open.append(second)
          open.append(first)
        case .assertion(let assertion): if assertion.holds(in: scalars, at: position) { open.append(place + 1) }
        case .character(let characters): if position < scalars.count, characters.contains(scalars[position]) { next.append(place + 1) }
        }
      }
      if next.isEmpty { return false }
      current = next
    }
    return false
  }
}

extension RegularExpression.CharacterClass {
  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var found = Self.contains(scalar, items)
    if !found, ignoresCase {
      for other in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] where !found {
        if let only = other.unicodeScalars.first, other.unicodeScalars.count == 1 { found = Self.contains(only, items) }
      }
    }
    return found != isNegated
  }

  private static func contains(_ scalar: Unicode.Scalar, _ items: [Item]) -> Bool {
    items.contains { item in
      switch item {
      case .range(let range): range.contains(scalar.value)
      case .category(let name): scalar.properties.generalCategory.abbreviation.hasPrefix(name)
      case .not(let items): !contains(scalar, items)
      }
    }
  }
}

extension RegularExpression.Assertion {
  func holds(in text: [Unicode.Scalar], at position: Int) -> Bool {
    switch self {
    case .textStart: position == 0
    case .textEnd: position == text.count
    case .lineStart: position == 0 || text[position - 1] == "\n"
    case .lineEnd: position == text.count || text[position] == "\n"
    case .wordBoundary: Self.isBoundary(text, position)
    case .noWordBoundary: !Self.isBoundary(text, position)
    }
  }

  private static func isBoundary(_ text: [Unicode.Scalar], _ position: Int) -> Bool {
    func isWord(_ index: Int) -> Bool {
      guard text.indices.contains(index) else { return false }
      let scalar = text[index]
      return scalar.isASCII && (scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
    return isWord(position - 1) != isWord(position)
  }
}

extension Unicode.GeneralCategory {
  /// As in `\p{Lu}`.
  var abbreviation: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }

  static let abbreviations: Set<String> = [
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm",
    "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co",
  ]
}
