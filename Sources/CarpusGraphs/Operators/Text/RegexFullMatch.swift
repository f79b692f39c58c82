import CarpusTensors

/// `Y` is true where the regular expression `pattern`, in the syntax of RE2, matches the whole of the text `X` (`RegularExpression`).
///
/// - Operands: `X`, text, any shape.
/// - Throws: when the pattern is not in that syntax.
public struct RegexFullMatch: Operator {
  public static let signature = OperatorSignature("RegexFullMatch", since: 20, operands: 1...1, numerics: .exact, gradient: .stops)
  /// Kept as it is: what a short pattern stands for may be long.
  private let pattern: String

  public init(_ node: inout NodeReader) throws(OperatorError) {
    pattern = try node.string("pattern") ?? ""
    _ = try RegularExpression(pattern)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(.bool, try operands.tensor(0, of: [.string]).shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let expression = try RegularExpression(pattern)
    let texts = operands[0].texts ?? []
    var y = results.elements(0, as: Bool.self)
    for (index, text) in texts.enumerated() { y[index] = expression.matches(text) }
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
