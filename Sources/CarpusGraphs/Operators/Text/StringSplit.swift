import CarpusTensors

/// `Y[…, j]` is part `j` of the text `X[…]`, split at each `delimiter` or, without one, at white space; empty texts fill up the rows.
/// After `maxsplit` splits the rest is the last part.
///
/// White space at the beginning and the end of a text belongs to no part. An empty text is one part with a delimiter, and none without.
///
/// - Operands: `X`, text, any shape.
/// - Results: `Y`, text, with one more axis; the numbers of parts, int64, of the shape of `X`.
public struct StringSplit: Operator {
  public static let signature = OperatorSignature(
    "StringSplit", since: 20, operands: 1...1, results: 1...2, numerics: .exact, gradient: .stops)
  private let delimiter: [UInt8]
  /// `nil`: as many as there can be.
  private let limit: Int?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    delimiter = Array((try node.string("delimiter") ?? "").utf8)
    limit = try node.int("maxsplit").flatMap { $0 < 0 ? nil : $0 }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: [.string])
    guard let extents = x.shape.extents else { return [ValueType(.string, .unknown), ValueType(.int64, .unknown)] }
    let longest = operands[0].value?.texts.map { texts in texts.reduce(0) { max($0, parts($1).count) } }
    return [try Movement.resultType(.string, extents + [longest]), ValueType(.int64, x.shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let rows = (operands[0].texts ?? []).map(parts)
    let width = results.shape(0).extents.last ?? 0
    if results.isWanted(0) { try results.setTexts(0, rows.flatMap { $0 + [String](repeating: "", count: width - $0.count) }) }
    if results.isWanted(1) { results.setNumbers(rows.map { Double($0.count) }, of: 1) }
  }

  private func parts(_ text: String) -> [String] { delimiter.isEmpty ? words(text) : pieces(Array(text.utf8)) }

  private func words(_ text: String) -> [String] {
    let scalars = text.unicodeScalars
    var parts: [String] = []
    var place = scalars.startIndex
    while let start = scalars[place...].firstIndex(where: { !$0.properties.isWhitespace }) {
      if parts.count == limit {
        let last = scalars.lastIndex { !$0.properties.isWhitespace } ?? start
        return parts + [String(scalars[start...last])]
      }
      let end = scalars[start...].firstIndex(where: \.properties.isWhitespace) ?? scalars.endIndex
      parts.append(String(scalars[start..<end]))
      place = end
    }
    return parts
  }

  private func pieces(_ text: [UInt8]) -> [String] {
    var parts: [String] = []
    var start = 0, place = 0
    while place + delimiter.count <= text.count, parts.count != limit {
      if text[place] == delimiter[0], text[place..<place + delimiter.count].elementsEqual(delimiter) {
        parts.append(String(decoding: text[start..<place], as: UTF8.self))
        place += delimiter.count
        start = place
      } else {
        place += 1
      }
    }
    return parts + [String(decoding: text[start...], as: UTF8.self)]
  }

  // MARK: Gradient

  /// Text has no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
