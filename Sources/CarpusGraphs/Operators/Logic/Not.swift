import CarpusTensors

/// `Y = not X`
///
/// - Operands: `X`, truth values of any shape.
public struct Not: Pointwise, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Not", operands: 1...1, gradient: .stops)

  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Logic.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0].elements(Bool.self)
    var y = results.elements(0, as: Bool.self)
    for index in y.indices { y[index] = !x[index] }
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
