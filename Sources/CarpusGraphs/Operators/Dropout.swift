import CarpusTensors

/// `Y = X`, and the mask, which is true everywhere: dropout as it is when a network is used, not trained.
///
/// - Operands: `X`, any type and shape; the ratio, a scalar (an attribute before version 12; 0.5 by default); whether
///   it is trained, a bool scalar (before version 7 the attribute `is_test` says the opposite).
/// - Throws: `OperatorError.unsupported` when a part other than 0 is to be dropped at random.
public struct Dropout: Forwarding {
  public static let signature = OperatorSignature("Dropout", operands: 1...3, results: 1...2, numerics: .moves, gradient: .defined)
  /// Before version 10 the mask has the type of `X`.
  private let hasTruthMask: Bool
  private let ratio: Float
  private let trains: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    hasTruthMask = node.opset >= 10
    ratio = try node.float("ratio") ?? 0.5
    trains = node.opset < 7 ? try !node.flag("is_test", default: false) : false
    node.ignore("seed")
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  /// False when it is not known yet.
  private func isIdentity(_ operands: [OperandInfo]) throws(OperatorError) -> Bool {
    let trains = operands.isPresent(2) ? operands[2].value?.integers.map { $0.contains { $0 != 0 } } : self.trains
    let dropped = operands.isPresent(1) ? operands[1].value?.doubles.first : Double(ratio)
    if trains == false || dropped == 0 { return true }
    guard trains == true, dropped != nil else { return false }
    throw .unsupported("dropping elements at random is for training; export the model in evaluation mode")
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    _ = try (operands.optionalTensor(1), operands.optionalTensor(2))
    _ = try isIdentity(operands)
    return [.tensor(x), ValueType(hasTruthMask ? .bool : x.elementType, x.shape)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { (try? isIdentity(operands)) == true ? [0] : nil }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard try isIdentity(operands.infos) else { throw .operands("the ratio and the training mode must be given as numbers") }
    results.copyElements(of: operands[0])
    guard results.isWanted(1) else { return }
    let one = Tensor(scalar: true).converted(to: results.elementType(1))
    results.fill(1, with: one)
  }

  // MARK: Gradient

  /// ∂X = ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] {
    [seeds[0]] + step.operands.dropFirst().map { _ in nil }
  }
}
