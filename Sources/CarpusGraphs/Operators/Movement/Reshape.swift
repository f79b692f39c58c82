public import CarpusTensors

/// `Y` has the elements of `X` in another shape; 0 copies an extent (unless `allowzero`), one -1 is inferred.
///
/// - Operands: `X`, any shape; `shape` int64 `[rank]` (an attribute before version 5).
/// - Throws: when the counts differ.
public struct Reshape: Reshaping, Writable {
  public static let signature = OperatorSignature("Reshape", operands: 1...2, numerics: .moves, gradient: .defined)
  private let target: [Int]?
  private let allowsZero: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    target = try node.ints("shape")
    allowsZero = try node.flag("allowzero", default: false)
    node.ignore("consumed_inputs")
  }

  /// To a known shape.
  public init(to shape: Shape) {
    target = shape.extents
    allowsZero = true
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    switch try operands.integerList(1, or: target) {
    case .known(let wanted): return [ValueType(x.elementType, try shape(wanted, of: x.shape))]
    case .later(let rank): return [ValueType(x.elementType, rank.map { .unknown(rank: $0) } ?? .unknown)]
    case .absent: throw .operands("the shape is missing")
    }
  }

  private func shape(_ wanted: [Int], of x: PartialShape) throws(OperatorError) -> PartialShape {
    guard wanted.allSatisfy({ $0 >= -1 }), wanted.count(where: { $0 == -1 }) <= 1 else {
      throw .operands("\(wanted) is no shape: extents must not be negative, except for one -1")
    }
    var result: [Int?] = []
    for (axis, extent) in wanted.enumerated() {
      if extent == 0, !allowsZero, let rank = x.rank, axis >= rank {
        throw .operands("extent 0 at axis \(axis) copies an extent that \(x) does not have")
      }
      result.append(extent == -1 || (extent == 0 && !allowsZero) ? x[axis].flatMap { extent == 0 ? $0 : nil } : extent)
    }
    if let inferred = wanted.firstIndex(of: -1) {
      guard let count = x.shape?.count, let others = PartialShape(result.enumerated().map { $0 == inferred ? 1 : $1 }).shape?.count else {
        return PartialShape(result)
      }
      guard others > 0 ? count % others == 0 : count == 0 else {
        throw .operands("\(count) elements of shape \(x) do not fit into \(wanted)")
      }
      result[inferred] = others > 0 ? count / others : 0
    }
    let shape = PartialShape(result)
    if let from = x.shape, let to = shape.shape, from.count != to.count {
      throw .operands("\(from.count) elements of shape \(x) do not fit into \(shape)")
    }
    return shape
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode {
    // Zeros stand for themselves from version 14 on; before, a shape that has one cannot be written.
    let hasZero = target?.contains(0) ?? false
    return WrittenNode(
      "Reshape", allowsZero && hasZero ? ["allowzero": .int(1)] : [:], constants: target.map { [Tensor($0.map(Int64.init))] } ?? [],
      since: allowsZero && hasZero ? 14 : 5)
  }
}

extension GraphBuilder {
  public mutating func reshaped(_ x: Value, to shape: Shape) throws(OperatorError) -> Value { try add(Reshape(to: shape), x) }
}

extension Forwarding {
  /// The first operand, if the only result has exactly its type and all extents are known.
  static func forwardsEqualTypes(_ operands: [OperandInfo], _ results: [ValueType]) -> [Int]? {
    results.count == 1 && operands[0].type == results[0] && results[0].staticShape != nil ? [0] : nil
  }
}

extension Results {
  /// Result `index` gets the elements of `x`, in their order.
  mutating func copyElements(of x: Tensor, to index: Int = 0) {
    if x.elementType == .string { return set(index, .tensor(x.reshaped(shape(index)))) }
    let team = team
    var target = bytes(index)
    Kernels.copyStrided(
      x.bytes, sourceStrides: [1], into: &target, targetStrides: [1], extents: [x.byteCount], elementSize: 1, team: team)
  }
}
