import CarpusTensors

/// `Y` is the mean of each window. The padding counts as zeros with `count_include_pad` 1, otherwise it is left out.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct AveragePool: Operator {
  public static let signature = OperatorSignature("AveragePool", operands: 1...1, gradient: .defined)
  private let attributes: WindowAttributes
  private let countsPadding: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let roundsUp = try node.flag("ceil_mode", default: false)
    attributes = try WindowAttributes(&node, roundsUp: roundsUp)
    countsPadding = try node.flag("count_include_pad", default: false)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    return [ValueType(x.elementType, try attributes.pooledShape(x.shape))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let window = try attributes.placement(on: Array(x.shape.extents.dropFirst(2))).window()
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.averagePool(
        x.elements(T.self), planes: x.shape[0] * x.shape[1], window: window, countingPadding: countsPadding, into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y is shared by the elements of its window.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(AveragePoolAdjoint(attributes, countsPadding: countsPadding, input: try step.shape(0)), seed)]
  }
}

/// `∂X` of `AveragePool`.
///
/// - Operands: `seed`.
struct AveragePoolAdjoint: InternalOperator {
  static let signature = OperatorSignature("AveragePool", domain: "adjoint", operands: 1...1, gradient: .undefined)
  private let attributes: WindowAttributes
  private let countsPadding: Bool
  private let input: Shape

  init(_ attributes: WindowAttributes, countsPadding: Bool, input: Shape) {
    self.attributes = attributes
    self.countsPadding = countsPadding
    self.input = input
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, input)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let seed = operands[0], team = results.team
    let window = try attributes.placement(on: Array(input.extents.dropFirst(2))).window()
    func apply<T: KernelScalar>(_ type: T.Type) {
      var target = results.elements(0, as: T.self)
      Kernels.averagePoolGradient(
        seed: seed.elements(T.self), planes: input[0] * input[1], window: window, countingPadding: countsPadding, into: &target, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}
