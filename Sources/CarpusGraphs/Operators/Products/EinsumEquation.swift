import CarpusTensors

/// Which axes of the operands of a sum of products are the same, and which of them remain.
///
/// Source: NumPy's `einsum`; ONNX operator `Einsum`, version 12.
struct EinsumEquation: Sendable {
  private enum Symbol: Hashable, Sendable {
    /// An axis.
    case label(Int)
    /// The axes that the letters leave; they broadcast.
    case ellipsis
  }

  /// An equation for operands whose ranks are known. A label stands for an axis; those of an ellipsis are negative, the last axis is -1.
  struct Resolved: Sendable {
    let terms: [[Int]]
    let output: [Int]

    /// The extent of each label; an extent of 1 is repeated where others differ.
    ///
    /// - Throws: when two extents differ and neither is 1, or when a label is repeated within an operand whose extents differ.
    func extents(_ shapes: [PartialShape]) throws(OperatorError) -> [Int: Int?] {
      var result: [Int: Int?] = [:]
      for (term, shape) in zip(terms, shapes) {
        var own: [Int: Int] = [:]
        for (axis, label) in term.enumerated() {
          let extent = shape[axis]
          if let extent, let other = own.updateValue(extent, forKey: label), other != extent {
            throw .operands("an operand of \(shape) has no diagonal: its extents \(other) and \(extent) have one letter")
          }
          guard let known = result[label] else {
            result[label] = .some(extent)
            continue
          }
          switch (known, extent) {
          case (let known?, let extent?):
            guard known == extent || known == 1 || extent == 1 else {
              let operands = shapes.map(\.description).joined(separator: " and ")
              throw .operands("extents \(known) and \(extent) have one letter in operands of \(operands)")
            }
            result[label] = .some(known == 1 ? extent : known)
          case (let value?, nil), (nil, let value?): result[label] = .some(value == 1 ? nil : value)
          case (nil, nil): break
          }
        }
      }
      return result
    }
  }

  private let terms: [[Symbol]]
  private let output: [Symbol]
  var operandCount: Int { terms.count }

  /// The rank of the result, if it does not depend on the operands.
  var rank: Int? { output.contains(.ellipsis) ? nil : output.count }

  init(_ text: String) throws(OperatorError) {
    let compact = text.filter { $0 != " " }
    let sides = Self.sides(compact)
    guard sides.count <= 2 else { throw .attribute("attribute equation must have one arrow at most: \(text)") }
    var terms: [[Symbol]] = []
    for term in sides[0].split(separator: ",", omittingEmptySubsequences: false) { terms.append(try Self.symbols(term, in: text)) }
    let letters = terms.flatMap(\.self)
    if sides.count == 2 {
      output = try Self.symbols(sides[1], in: text)
      guard Set(output).count == output.count else { throw .attribute("attribute equation names an axis of the result twice: \(text)") }
      guard output.allSatisfy({ $0 == .ellipsis || letters.contains($0) }) else {
        throw .attribute("attribute equation names an axis of the result that no operand has: \(text)")
      }
    } else {
      let counts = Dictionary(letters.map { ($0, 1) }, uniquingKeysWith: +)
      var single: [Int] = []
      for (symbol, count) in counts { if case .label(let label) = symbol, count == 1 { single.append(label) } }
      output = (letters.contains(.ellipsis) ? [.ellipsis] : []) + single.sorted().map(Symbol.label)
    }
    self.terms = terms
  }

  /// No letter has this label or a larger one.
  static let firstFreeLabel = 1 << 8

  /// An equation without ellipses.
  init(terms: [[Int]], output: [Int]) {
    self.terms = terms.map { $0.map(Symbol.label) }
    self.output = output.map(Symbol.label)
  }

  /// The equation with letters for its axes; `nil` if there are not enough.
  var text: String? {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    var letters: [Symbol: String] = [.ellipsis: "..."]
    var next = alphabet.makeIterator()
    for symbol in terms.flatMap(\.self) + output where letters[symbol] == nil {
      guard let letter = next.next() else { return nil }
      letters[symbol] = String(letter)
    }
    func written(_ term: [Symbol]) -> String { term.compactMap { letters[$0] }.joined() }
    return terms.map(written).joined(separator: ",") + "->" + written(output)
  }

  private static func sides(_ text: String) -> [Substring] {
    var sides: [Substring] = [], rest = text[...]
    while let arrow = rest.firstIndex(of: "-"), rest[arrow...].hasPrefix("->") {
      sides.append(rest[..<arrow])
      rest = rest[arrow...].dropFirst(2)
    }
    return sides + [rest]
  }

  private static func symbols(_ term: Substring, in text: String) throws(OperatorError) -> [Symbol] {
    var symbols: [Symbol] = [], rest = term
    while let character = rest.first {
      if rest.hasPrefix("...") {
        guard !symbols.contains(.ellipsis) else { throw .attribute("attribute equation has two ellipses in one term: \(text)") }
        symbols.append(.ellipsis)
        rest = rest.dropFirst(3)
      } else {
        guard character.isASCII, character.isLetter, let value = character.asciiValue else {
          throw .attribute("attribute equation must have letters, commas, ellipses and an arrow only: \(text)")
        }
        symbols.append(.label(Int(value)))
        rest = rest.dropFirst()
      }
    }
    return symbols
  }

  /// - Throws: when an operand has another number of axes than its term.
  func resolved(ranks: [Int]) throws(OperatorError) -> Resolved {
    guard ranks.count == terms.count else { throw .operands("attribute equation has \(terms.count) terms for \(ranks.count) operands") }
    var resolved: [[Int]] = [], widest = 0
    for (index, (term, rank)) in zip(terms, ranks).enumerated() {
      let letters = term.count(where: { $0 != .ellipsis })
      guard term.contains(.ellipsis) ? rank >= letters : rank == letters else {
        throw .operands("operand \(index) of rank \(rank) does not fit its term with \(letters) letters")
      }
      widest = max(widest, rank - letters)
      resolved.append(Self.labels(term, ellipsis: rank - letters))
    }
    return Resolved(terms: resolved, output: Self.labels(output, ellipsis: widest))
  }

  private static func labels(_ term: [Symbol], ellipsis count: Int) -> [Int] {
    term.flatMap { symbol in
      switch symbol {
      case .label(let label): [label]
      case .ellipsis: (0..<count).map { $0 - count }
      }
    }
  }
}
