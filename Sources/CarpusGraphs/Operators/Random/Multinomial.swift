import CarpusTensors

/// `Y[b, j]` is class k with probability `exp X[b, k] / Σ exp X[b, …]`, drawn for each j anew: the first class up to which the
/// probabilities add up to more than u, with evenly distributed u.
///
/// The numbers u depend on `seed` and the place alone, see `RandomNumbers`; without a seed it is 0, so that every run gives the
/// same ones.
///
/// - Operands: `X` `[N, classes]`, floating-point.
/// - Results: `Y` `[N, sample_size]`, int32 or int64.
/// - Throws: when a row has no class that may be drawn.
public struct Multinomial: Operator {
  public static let signature = OperatorSignature("Multinomial", since: 7, operands: 1...1, gradient: .stops)
  private let numbers: RandomNumbers
  private let elementType: ElementType
  private let sampleCount: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    numbers = try RandomNumbers(&node)
    elementType = try node.elementType("dtype") ?? .int32
    sampleCount = try node.int("sample_size") ?? 1
    guard elementType == .int32 || elementType == .int64 else {
      throw .attribute("attribute dtype must be int32 or int64, not \(elementType)")
    }
    guard sampleCount >= 0 else { throw .attribute("attribute sample_size must not be negative, and is \(sampleCount)") }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard x.shape.rank ?? 2 == 2 else { throw .operands("operand 0 must be [N, classes], not \(x.shape)") }
    return [try Movement.resultType(elementType, [x.shape[0], sampleCount])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    var row = 0, sums = try sums(operands[0], row: 0)
    func write<T: IntegerElement>(_ type: T.Type) throws(OperatorError) {
      var y = results.elements(0, as: T.self)
      for places in RandomNumbers.parts(of: y.count) {
        for (place, number) in zip(places, numbers.uniform(places)) {
          if place / sampleCount != row {
            row = place / sampleCount
            sums = try self.sums(operands[0], row: row)
          }
          let drawn = number * sums[sums.count - 1]
          y[place] = T(truncatingIfNeeded: sums.firstIndex { $0 > drawn } ?? sums.count - 1)
        }
      }
    }
    elementType == .int64 ? try write(Int64.self) : try write(Int32.self)
  }

  /// The probabilities of a row, times a common factor, added up from the first class on.
  private func sums(_ x: Tensor, row: Int) throws(OperatorError) -> [Double] {
    let logits = x.part(row).doubles
    guard let largest = logits.max(), largest.isFinite, !logits.contains(where: \.isNaN) else {
      throw .operands("row \(row) has no class that may be drawn, or a probability that is not finite")
    }
    var sums = applied(.exp, to: logits.map { $0 - largest })
    for place in sums.indices.dropFirst() { sums[place] += sums[place - 1] }
    return sums
  }

  // MARK: Gradient

  /// A draw does not change smoothly with its probability.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
