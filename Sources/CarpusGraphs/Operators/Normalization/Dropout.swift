import CarpusTensors

/// `Y = X`, and a mask that is true everywhere; while training, `ratio` of the elements, chosen at random, become 0, where the mask is
/// false, and the others are divided by 1 - ratio.
///
/// An element is kept where a uniform random number is at least the ratio; the numbers are those of `MersenneTwister` for the attribute
/// `seed` (its low 32 bits), as in the reference of the standard. A node without a seed gets one at random when it is read.
///
/// - Operands: `X`, any type and shape, while training floating-point; the ratio, a scalar, at least 0 and below 1 (an attribute before
///   version 12; 0.5 by default); whether it is trained, a bool scalar, false when left out (before version 7 the attribute `is_test` says
///   the opposite).
/// - Throws: when the ratio is out of its range.
public struct Dropout: Forwarding, Pointwise {
  public static let signature = OperatorSignature("Dropout", operands: 1...3, results: 1...2, numerics: .moves, gradient: .defined)
  /// Before version 10 the mask has the type of `X`.
  private let hasTruthMask: Bool
  private let ratio: Float
  private let trains: Bool
  private let seed: UInt32

  public init(_ node: inout NodeReader) throws(OperatorError) {
    hasTruthMask = node.opset >= 10
    ratio = try node.float("ratio") ?? 0.5
    trains = node.opset < 7 ? try !node.flag("is_test", default: false) : false
    seed = try node.int("seed").map { UInt32(truncatingIfNeeded: $0) } ?? .random(in: 0...UInt32.max)
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  /// The part that is dropped; `nil` while it is not known.
  private func dropped(_ operands: [OperandInfo]) throws(OperatorError) -> Double? {
    let trains = operands.isPresent(2) ? operands[2].value?.integers.map { $0.contains { $0 != 0 } } : self.trains
    if trains == false { return 0 }
    guard let ratio = operands.isPresent(1) ? operands[1].value?.doubles.first : Double(ratio) else { return nil }
    guard ratio >= 0, ratio < 1 else { throw .operands("the ratio must be at least 0 and below 1, not \(ratio)") }
    return ratio == 0 || trains == true ? ratio : nil
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    for (index, name) in [(1, "the ratio"), (2, "the training mode")] {
      guard let type = try operands.optionalTensor(index), let count = type.shape.shape?.count, count != 1 else { continue }
      throw .operands("\(name) must be one number, not \(type)")
    }
    if try dropped(operands) ?? 0 > 0 { _ = try operands.floatingTensor(0) }
    return [.tensor(x), ValueType(hasTruthMask ? .bool : x.elementType, x.shape)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { (try? dropped(operands)) == 0 ? [0] : nil }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let dropped = try dropped(operands.infos) else { throw .operands("the ratio and the training mode must be given as numbers") }
    guard dropped > 0 else {
      results.copyElements(of: operands[0])
      guard results.isWanted(1) else { return }
      return results.fill(1, with: Tensor(scalar: true).converted(to: results.elementType(1)))
    }
    var generator = MersenneTwister(seed: seed)
    let mask = Tensor((0..<operands[0].shape.count).map { _ in generator.nextUniform() >= dropped }, shape: operands[0].shape)
    let kept = mask.elements(Bool.self), values = operands[0].doubles
    let scaled = values.indices.map { kept[$0] ? values[$0] / (1 - dropped) : 0 }
    results.copyElements(of: Tensor(scaled).converted(to: results.elementType(0), team: results.team))
    if results.isWanted(1) { results.copyElements(of: mask.converted(to: results.elementType(1)), to: 1) }
  }

  // MARK: Gradient

  /// ∂X is ∂Y with the same elements dropped and the others scaled in the same way.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    return try graph.add(self, [seed] + step.operands.dropFirst()) + step.operands.dropFirst().map { _ in nil }
  }
}
