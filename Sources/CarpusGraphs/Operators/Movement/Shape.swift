public import CarpusTensors

/// `Y = extents of X` from axis `start` to before axis `end`, int64. (`ShapeOf`: the name `Shape` is the tensor's.)
///
/// - Operands: `X`, any type and shape.
public struct ShapeOf: Inspecting {
  public static let signature = OperatorSignature("Shape", operands: 1...1, numerics: .moves, gradient: .stops)
  private let start: Int
  private let end: Int?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    start = try node.int("start") ?? 0
    end = try node.int("end")
  }

  /// The axes that are asked for; counted from the end when negative, clamped to the rank.
  private func axes(_ rank: Int) -> Range<Int> {
    func clamped(_ axis: Int) -> Int { min(max(axis < 0 ? axis.addingReportingOverflow(rank).partialValue : axis, 0), rank) }
    let first = clamped(start)
    return first..<max(first, clamped(end ?? rank))
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let rank = try operands.tensor(0).shape.rank
    return [ValueType(.int64, PartialShape([rank.map { axes($0).count }]))]
  }

  public func inspected(_ operands: [OperandInfo]) -> Tensor? {
    guard case .tensor(let type)? = operands[0].type, let extents = type.shape.extents else { return nil }
    let asked = extents[axes(extents.count)].compactMap { $0.map(Int64.init) }
    return asked.count == axes(extents.count).count ? Tensor(asked) : nil
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let extents = operands[0].shape.extents
    var y = results.elements(0, as: Int64.self)
    for (index, axis) in axes(extents.count).enumerated() { y[index] = Int64(extents[axis]) }
  }

  // MARK: Gradient

  /// The shape does not change with the elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
