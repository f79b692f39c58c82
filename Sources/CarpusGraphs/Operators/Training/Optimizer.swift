import CarpusTensors

/// What a training optimizer does to one element.
protocol OptimizerRule: Operator {
  /// How many tensors there are for each optimized one besides itself and its gradient: one or two.
  static var stateCount: Int { get }

  /// - Parameter count: updates before this one.
  func updated(_ element: OptimizedElement, count: Double) -> OptimizedElement

  /// The gradients of the element and of the rate, for the gradients of its new value and states.
  func pulledBack(_ element: OptimizedElement, count: Double, seed: OptimizedElement) -> OptimizedElement
}

extension OptimizerRule {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Optimizer.resultTypes(self, for: operands)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Optimizer.evaluate(self, operands, into: &results)
  }

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try Optimizer.pullback(self, step, seeds, in: &graph)
  }
}

/// An element of an optimized tensor, with its gradient, its states and the learning rate.
struct OptimizedElement {
  var value: Double
  var gradient = 0.0
  var states: SIMD2<Double>
  var rate = 0.0
}

/// What the training optimizers have in common.
///
/// Operands: the learning rate `R` and the count of updates `T`, one number each; then the optimized tensors, their gradients, and one or
/// two states of each, all tensors of a kind one after another. Results: the new tensors and states in the same order.
enum Optimizer {
  /// How many tensors are optimized.
  static func tensorCount(_ rule: any OptimizerRule, operands: Int) throws(OperatorError) -> Int {
    let kinds = 2 + type(of: rule).stateCount
    guard operands > 2, (operands - 2) % kinds == 0 else {
      throw .operands("\(rule.signature.name) takes the rate, the count and \(kinds) operands for each tensor, not \(operands)")
    }
    return (operands - 2) / kinds
  }

  static func resultTypes(_ rule: any OptimizerRule, for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let count = try tensorCount(rule, operands: operands.count)
    for (index, what) in ["the learning rate", "the count of updates"].enumerated() {
      let type = try operands.tensor(index)
      guard type.shape.shape.map({ $0.count == 1 }) ?? true, type.elementType != .bool else {
        throw .operands("\(what) must be one number, not \(type)")
      }
    }
    var types: [TensorType] = []
    for index in 2..<2 + count { types.append(try operands.floatingTensor(index)) }
    for index in operands.indices.dropFirst(2 + count) {
      let type = try operands.tensor(index), own = types[(index - 2) % count]
      guard type.elementType == own.elementType, type.shape.agrees(with: own.shape) else {
        throw .operands("operand \(index) must be \(own) like the tensor that is optimized, not \(type)")
      }
    }
    return (0..<1 + type(of: rule).stateCount).flatMap { _ in types.map(ValueType.tensor) }
  }

  static func evaluate(_ rule: any OptimizerRule, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let tensors = try tensorCount(rule, operands: operands.count)
    for tensor in 0..<tensors {
      let elements = try Elements(rule, operands, tensor, of: tensors)
      let new = elements.all.map { rule.updated($0, count: elements.count) }
      results.write(new.map(\.value), to: tensor)
      for state in 0..<type(of: rule).stateCount { results.write(new.map { $0.states[state] }, to: (1 + state) * tensors + tensor) }
    }
  }

  static func pullback(
    _ rule: any OptimizerRule, _ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value?] {
    let tensors = try tensorCount(rule, operands: step.operands.count), results = tensors * (1 + type(of: rule).stateCount)
    let seeds = seeds + [Value?](repeating: nil, count: results - seeds.count)
    let gradients = try graph.add(OptimizerAdjoint(rule: rule, tensors: tensors), seeds + step.operands, results: step.operands.count - 1)
    let after: [Value?] = gradients.dropFirst().map { $0 }
    return [gradients[0], nil] + after
  }

  /// The elements of one of the optimized tensors.
  struct Elements {
    let all: [OptimizedElement]
    let count: Double

    init(_ rule: any OptimizerRule, _ operands: borrowing Operands, _ tensor: Int, of tensors: Int, first: Int = 0) throws(OperatorError) {
      guard let rate = operands[first].doubles.first, let count = operands[first + 1].doubles.first else {
        throw .operands("the learning rate and the count of updates must be one number each")
      }
      var values: [[Double]] = []
      for kind in 0..<2 + type(of: rule).stateCount { values.append(operands[first + 2 + tensor + kind * tensors].doubles) }
      guard values.allSatisfy({ $0.count == values[0].count }) else { throw .operands("a gradient or state has another shape than its tensor") }
      self.count = count
      all = values[0].indices.map { place in
        OptimizedElement(
          value: values[0][place], gradient: values[1][place], states: [values[2][place], values.count > 3 ? values[3][place] : 0],
          rate: rate)
      }
    }
  }
}

/// The gradients of the rate, the optimized tensors, their gradients and their states.
///
/// - Operands: a seed for each result of the optimizer, each or none of them, and its operands.
struct OptimizerAdjoint: InternalOperator {
  static let signature = OperatorSignature(
    "Optimizer", domain: "adjoint", operands: 7...OperatorSignature.any, results: 4...OperatorSignature.any, gradient: .undefined)
  let rule: any OptimizerRule
  let tensors: Int

  private var first: Int { tensors * (1 + type(of: rule).stateCount) }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var types: [ValueType] = []
    for index in operands.indices.dropFirst(first) where index != first + 1 { types.append(.tensor(try operands.tensor(index))) }
    return types
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    var rate = 0.0
    let states = type(of: rule).stateCount
    for tensor in 0..<tensors {
      let elements = try Optimizer.Elements(rule, operands, tensor, of: tensors, first: first)
      var seeds: [[Double]?] = []
      for kind in 0...states { seeds.append(operands.optional(kind * tensors + tensor)?.doubles) }
      let gradients = elements.all.indices.map { place in
        func seed(_ kind: Int) -> Double { kind <= states ? seeds[kind]?[place] ?? 0 : 0 }
        return rule.pulledBack(
          elements.all[place], count: elements.count, seed: OptimizedElement(value: seed(0), states: [seed(1), seed(2)]))
      }
      rate += gradients.reduce(0) { $0 + $1.rate }
      results.write(gradients.map(\.value), to: 1 + tensor)
      results.write(gradients.map(\.gradient), to: 1 + tensors + tensor)
      for state in 0..<states { results.write(gradients.map { $0.states[state] }, to: 1 + (2 + state) * tensors + tensor) }
    }
    results.write([rate], to: 0)
  }
}

extension Results {
  /// Writes numbers as the elements of a result.
  fileprivate mutating func write(_ numbers: [Double], to index: Int) {
    guard isWanted(index) else { return }
    copyElements(of: Tensor(numbers, shape: shape(index)).converted(to: elementType(index)), to: index)
  }
}
