import CarpusTensors

/// `Y = X`, with the first `lengths[b]` elements along the time axis in reverse order, for each position b along the batch axis.
///
/// - Operands: `X`, any type, rank ≥ 2; `lengths` int64 `[b]`.
/// - Throws: when the two axes are not the first two, or a length is negative or larger than the time axis.
public struct ReverseSequence: Operator {
  public static let signature = OperatorSignature("ReverseSequence", since: 10, operands: 2...2, numerics: .moves, gradient: .defined)
  /// True when axis 0 is time and axis 1 the batch.
  private let startsWithTime: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let batch = try node.int("batch_axis") ?? 1, time = try node.int("time_axis") ?? 0
    guard [batch, time].sorted() == [0, 1] else {
      throw .attribute("attributes batch_axis and time_axis must be 0 and 1 in some order, not \(batch) and \(time)")
    }
    startsWithTime = time == 0
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), lengths = try operands.tensor(1)
    guard x.shape.rank ?? 2 >= 2 else { throw .operands("operand 0 must have a time axis and a batch axis, not the shape \(x.shape)") }
    guard lengths.elementType.isInteger else { throw .operands("lengths must be integers, not \(lengths.elementType)") }
    guard lengths.shape.agrees(with: [x.shape[startsWithTime ? 1 : 0]]) else {
      throw .operands("lengths of shape \(lengths.shape) must be one for each item of \(x.shape)")
    }
    return [.tensor(x)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], shape = x.shape, lengths = operands.integers(1) ?? []
    let duration = shape[startsWithTime ? 0 : 1]
    guard lengths.allSatisfy({ (0...duration).contains($0) }) else {
      throw .operands("lengths must be between 0 and the \(duration) positions of the time axis")
    }
    var numbers: [Int64] = []
    numbers.reserveCapacity(shape[0] * shape[1])
    for first in 0..<shape[0] {
      for second in 0..<shape[1] {
        let (time, batch) = startsWithTime ? (first, second) : (second, first)
        let from = time < lengths[batch] ? lengths[batch] - 1 - time : time
        numbers.append(Int64(startsWithTime ? from * shape[1] + second : first * shape[1] + from))
      }
    }
    let inner = shape.extents[2...].reduce(1, *)
    try SliceSelection(outer: 1, extent: shape[0] * shape[1], inner: inner, numbers: numbers).gather(x, into: &results)
  }

  // MARK: Gradient

  /// ∂X is ∂Y in reverse order: twice reversed is as before.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    return [try graph.add(self, seed, step.operand(1)), nil]
  }
}
