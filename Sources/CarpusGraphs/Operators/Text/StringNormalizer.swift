import CarpusTensors

/// `Y` is `X` without the texts that are stop words, in upper or lower case if wanted. If none is left, `Y` is one empty text.
///
/// Without `is_case_sensitive` stop words are found in any case. The rules of upper and lower case are those of Unicode, whatever
/// `locale` says.
///
/// - Operands: `X`, text `[C]` or `[1, C]`.
public struct StringNormalizer: Operator {
  public static let signature = OperatorSignature("StringNormalizer", since: 10, operands: 1...1, numerics: .exact, gradient: .stops)

  private enum Case: String, CaseIterable { case lower = "LOWER", upper = "UPPER", unchanged = "NONE" }
  private let target: Case
  private let stopwords: Set<TableKey>
  private let isCaseSensitive: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    target = try node.choice("case_change_action", default: .unchanged)
    let isCaseSensitive = try node.flag("is_case_sensitive", default: false)
    self.isCaseSensitive = isCaseSensitive
    stopwords = Set((try node.strings("stopwords") ?? []).map { TableKey(isCaseSensitive ? $0 : $0.lowercased()) })
    node.ignore("locale")
  }

  private func normalized(_ texts: [String]) -> [String] {
    let kept = stopwords.isEmpty ? texts : texts.filter { !stopwords.contains(TableKey(isCaseSensitive ? $0 : $0.lowercased())) }
    guard !kept.isEmpty else { return [""] }
    return switch target {
    case .lower: kept.map { $0.lowercased() }
    case .upper: kept.map { $0.uppercased() }
    case .unchanged: kept
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: [.string])
    guard let extents = x.shape.extents else { return [ValueType(.string, .unknown)] }
    guard extents.count == 1 || extents.count == 2 && (extents[0] ?? 1) == 1 else {
      throw .operands("X must have the shape [C] or [1, C], not \(x.shape)")
    }
    let count = operands[0].value?.texts.map { normalized($0).count }
    return [ValueType(.string, PartialShape(extents.count == 1 ? [count] : [1, count]))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) { try results.setTexts(0, normalized(operands[0].texts ?? [])) }

  // MARK: Gradient

  /// Text has no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
