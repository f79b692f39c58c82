import CarpusTensors

/// `l[n, …] = −w[c] · log softmax(X)[n, c, …]` with the softmax over the axis of classes and c the class of the place, as it is, summed, or as
/// the mean `Σ l / Σ w`.
///
/// - Operands: the scores `X` `[N, C, …]`; the classes int32 or int64 `[N, …]`; optionally the weights `[C]`, 1 without them. Places of the
///   class `ignore_index` have neither loss nor weight.
/// - Results: the loss, and the logarithms of the probabilities.
/// - Throws: when a class is not one of 0…C − 1.
public struct SoftmaxCrossEntropyLoss: Floating {
  public static let signature = OperatorSignature("SoftmaxCrossEntropyLoss", since: 12, operands: 2...3, results: 1...2, gradient: .defined)
  private let loss: ClassLoss

  public init(_ node: inout NodeReader) throws(OperatorError) { loss = try ClassLoss(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [try loss.resultType(for: operands), .tensor(try operands.tensor(0))]
  }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], shape = x.shape, team = results.team
    let logarithms = Tensor(shape: shape) { (y: inout MutableSpan<T>) in
      Kernels.logSoftmax(
        x.elements(T.self), outer: shape[0], count: shape[1], inner: shape.extents.dropFirst(2).reduce(1, *), into: &y, team: team)
    }
    try loss.evaluate(logarithms.elements(T.self), shape, operands, into: &results)
    if results.isWanted(1) { results.copyElements(of: logarithms, to: 1) }
  }

  // MARK: Gradient

  /// The gradients of the loss and of the second result, taken back through the logarithm of the softmax.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let scores = try step.operand(0), axis = SoftmaxAxis(1)
    var seed = seeds.count > 1 ? seeds[1] : nil, weights: Value?
    if let lossSeed = seeds[0] {
      let logarithms = try graph.add(LogSoftmax(axis), scores)
      let gradients = try loss.pullback(lossSeed, logarithms, step, in: &graph)
      seed = try seed.map { value throws(OperatorError) in try graph.sum(value, gradients.logarithms) } ?? gradients.logarithms
      weights = gradients.weights
    }
    guard let seed else { return step.operands.map { _ in nil } }
    let x = try graph.add(SoftmaxAdjoint(axis, ofLogarithm: true), seed, try graph.add(Softmax(axis), scores))
    return Array([x, nil, weights].prefix(step.operands.count))
  }
}
