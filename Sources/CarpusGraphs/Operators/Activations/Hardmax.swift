import CarpusTensors

/// `Y` is 1 at the first of the largest `X` along an axis, 0 elsewhere; which axis as in `Softmax`. NaN is the largest.
///
/// - Operands: `X`, floating-point.
public struct Hardmax: Operator {
  public static let signature = OperatorSignature("Hardmax", operands: 1...1, gradient: .stops)
  private let axis: SoftmaxAxis

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try SoftmaxAxis(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axis.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[0].shape)
    func apply<T: KernelScalar>(_ type: T.Type) {
      let x = operands[0].elements(T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = 0 }
      for row in 0..<outer {
        for column in 0..<inner {
          let first = row * count * inner + column
          var best = first
          for place in stride(from: first, to: first + count * inner, by: inner) where !(x[place] <= x[best]) && !x[best].isNaN {
            best = place
          }
          y[best] = 1
        }
      }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// A step function is flat where it has a derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
