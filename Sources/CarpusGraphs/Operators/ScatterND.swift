import CarpusTensors

/// `Y = X`, then `Y[indices[i…, :], …] = updates[i…, …]` in order; with `reduction`, what is there and the update are
/// added, multiplied, or the larger or smaller is taken.
///
/// - Operands: `X`, any type, rank r; `indices`, integers `[n…, k]` with k ≤ r, negative ones count from the end;
///   `updates` `[n…, extents of X from axis k on]`. Without a reduction no slice may be named twice (the last would count,
///   and the gradient would be wrong).
/// - Throws: when a coordinate lies outside its axis, or the shapes do not fit together.
public struct ScatterND: Operator {
  public static let signature = OperatorSignature("ScatterND", since: 11, operands: 3...3, gradient: .defined)
  private let reduction: Reduction
  private static let rule = SliceRule.coordinates(batchAxes: 0)

  private enum Reduction: String { case none, add, mul, max, min }

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let name = try node.string("reduction") ?? "none"
    guard let reduction = Reduction(rawValue: name) else {
      throw .attribute("attribute reduction must be none, add, mul, max or min, not '\(name)'")
    }
    self.reduction = reduction
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), indices = try operands.tensor(1), updates = try operands.tensor(2)
    guard indices.elementType.isInteger else { throw .operands("indices must be integers, not \(indices.elementType)") }
    guard updates.elementType == x.elementType else {
      throw .operands("updates must be \(x.elementType), as the tensor that they change, not \(updates.elementType)")
    }
    guard reduction == .none || x.elementType != .bool else { throw .unsupported("truth values cannot be reduced here") }
    if let slices = try SliceRule.sliceShape(indices: indices.shape, of: x.shape, batchAxes: 0), let given = updates.shape.extents {
      let fits = slices.count == given.count && zip(slices, given).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
      guard fits else { throw .operands("updates of shape \(updates.shape) must have the shape of the slices, \(PartialShape(slices))") }
    }
    return [.tensor(x)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let selection = try Self.rule.selection(operands[1], from: operands[0].shape)
    results.copyElements(of: operands[0])
    switch results.elementType(0) {
    case .float32: number(Float.self, +, *, operands[2], selection, into: &results)
    case .float64: number(Double.self, +, *, operands[2], selection, into: &results)
    case .int8: number(Int8.self, &+, &*, operands[2], selection, into: &results)
    case .int16: number(Int16.self, &+, &*, operands[2], selection, into: &results)
    case .int32: number(Int32.self, &+, &*, operands[2], selection, into: &results)
    case .int64: number(Int64.self, &+, &*, operands[2], selection, into: &results)
    case .uint8: number(UInt8.self, &+, &*, operands[2], selection, into: &results)
    case .uint16: number(UInt16.self, &+, &*, operands[2], selection, into: &results)
    case .uint32: number(UInt32.self, &+, &*, operands[2], selection, into: &results)
    case .uint64: number(UInt64.self, &+, &*, operands[2], selection, into: &results)
    case .bool: scatter(Bool.self, operands[2], selection, into: &results) { _, new in new }
    case .float16, .bfloat16: throw .operands("no arithmetic on \(results.elementType(0))")
    }
  }

  private func number<T: TensorElement & Comparable>(
    _ type: T.Type, _ sum: (T, T) -> T, _ product: (T, T) -> T, _ updates: Tensor, _ selection: SliceSelection, into results: inout Results
  ) {
    switch reduction {
    case .none: scatter(type, updates, selection, into: &results) { _, new in new }
    case .add: scatter(type, updates, selection, into: &results, sum)
    case .mul: scatter(type, updates, selection, into: &results, product)
    // What differs from itself is NaN, and stays.
    case .max: scatter(type, updates, selection, into: &results) { old, new in old != old || old > new ? old : new }
    case .min: scatter(type, updates, selection, into: &results) { old, new in old != old || old < new ? old : new }
    }
  }

  private func scatter<T: TensorElement>(
    _ type: T.Type, _ updates: Tensor, _ selection: SliceSelection, into results: inout Results, _ combine: (T, T) -> T
  ) {
    let updates = updates.elements(T.self), inner = selection.inner
    var y = results.elements(0, as: T.self)
    for (position, number) in selection.numbers.enumerated() {
      for place in 0..<inner {
        let target = Int(number) * inner + place
        y[target] = combine(y[target], updates[position * inner + place])
      }
    }
  }

  // MARK: Gradient

  /// Without a reduction ∂X is ∂Y with zeros at the updates; ∂updates is ∂Y there. A sum passes all of ∂Y on to X.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    guard reduction == .none || reduction == .add else {
      throw .notDifferentiable("no gradient is defined here for the reduction \(reduction.rawValue)")
    }
    let indices = try step.operand(1)
    var x: Value?
    if step.wants[0] {
      let zeros = graph.constant(Tensor(zeros: try step.elementType(2), shape: try step.shape(2)))
      x = reduction == .add ? seed : try graph.add(self, seed, indices, zeros)
    }
    return [x, nil, step.wants[2] ? try graph.add(GatherND(), seed, indices) : nil]
  }
}
