/// `Y = alpha · f(beta · X)`
protocol ScaledFunction: StandIn {
  /// f
  static var function: any Operator { get }
  var alpha: Float { get }
  var beta: Float { get }
  init(alpha: Float, beta: Float)
}

extension ScaledFunction {
  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let alpha = try node.float("alpha"), let beta = try node.float("beta") else { throw .attribute("alpha and beta must be given") }
    self.init(alpha: alpha, beta: beta)
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = operands[0] else { return nil }
    return [try graph.scaled(graph.add(Self.function, graph.scaled(x, by: Double(beta))), by: Double(alpha))]
  }
}
