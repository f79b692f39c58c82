import CarpusTensors

/// `∂X` of `Softmax` or `LogSoftmax`.
///
/// - Operands: `seed` and the softmax `P`, of one shape.
struct SoftmaxAdjoint: InternalOperator, Floating, Lowered {
  static let signature = OperatorSignature("Softmax", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let axis: SoftmaxAxis
  private let isLogarithm: Bool

  init(_ axis: SoftmaxAxis, ofLogarithm isLogarithm: Bool) {
    self.axis = axis
    self.isLogarithm = isLogarithm
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[1].shape)
    let a = operands[0], b = operands[1]
    let seed = a.elements(T.self), p = b.elements(T.self)
    var target = results.elements(0, as: T.self)
    for row in 0..<outer {
      for column in 0..<inner {
        let first = row * count * inner + column
        var sum = 0.0
        for index in 0..<count {
          let place = first + index * inner
          sum += isLogarithm ? Double(seed[place]) : Double(seed[place]) * Double(p[place])
        }
        for index in 0..<count {
          let place = first + index * inner
          let s = Double(seed[place]), value = Double(p[place])
          target[place] = T(isLogarithm ? s - value * sum : value * (s - sum))
        }
      }
    }
  }

  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let (seed, p) = (try operands.present(0), try operands.present(1))
    guard let rank = try infos.tensor(1).shape.rank else { throw .unsupported("only a gradient of known shapes can be written") }
    let axes = try axis.axes(rank: rank)
    if isLogarithm { return [try graph.difference(seed, graph.product(p, graph.total(seed, over: axes)))] }
    return [try graph.product(p, graph.difference(seed, graph.total(graph.product(seed, p), over: axes)))]
  }
}
