import CarpusTensors

/// Evaluates one node.
enum Evaluation {
  /// Allocates the results of `op` and lets it write them. `types` are those that its shape rule gave for these operands.
  ///
  /// - Parameter limit: bytes that all results together may take.
  static func evaluate(
    _ op: any Operator, _ operands: [RunValue?], _ types: [ValueType], limit: Int = MemoryLimit.byteCount, context: RunContext
  ) throws(OperatorError) -> [RunValue] {
    var targets: [RunValue] = []
    for type in types { targets.append(try allocate(type, for: op, limit: limit - targets.reduce(0) { $0 + $1.byteCount })) }
    return try evaluate(op, operands, into: targets, wanted: [Bool](repeating: true, count: types.count), context: context)
  }

  /// Lets `op` write into memory that is there.
  ///
  /// Half-precision operands of an operator that calculates are widened to float32 first, and its results rounded once.
  static func evaluate(
    _ op: any Operator, _ operands: [RunValue?], into targets: [RunValue], wanted: [Bool], context: RunContext
  ) throws(OperatorError) -> [RunValue] {
    // Without elements there is nothing to write, however many empty rows a kernel would walk through.
    guard targets.contains(where: { $0.tensor?.shape.count != 0 }) else { return targets }
    let halves = op.signature.numerics == .computes && (operands.contains { $0?.isHalf == true } || targets.contains { $0.isHalf })
    guard halves else { return try run(op, operands, into: targets, wanted: wanted, context: context) }
    let wide = try run(
      op, operands.map { $0?.widened(context.team) }, into: targets.map(\.widenedTarget), wanted: wanted, context: context)
    for (target, result) in zip(targets, wide) {
      guard let target = target.tensor, let result = result.tensor else { continue }
      target.overwrite(with: target.elementType.isHalf ? result.converted(to: target.elementType, team: context.team) : result)
    }
    return targets
  }

  /// Memory for a result whose shape is known.
  static func allocate(_ type: ValueType, for op: any Operator, limit: Int) throws(OperatorError) -> RunValue {
    switch type {
    case .sequence: return .sequence([])
    case .tensor(let tensor):
      guard let shape = tensor.shape.shape else {
        throw .unsupported("the shape of a result of \(op.signature.name) is not known even with its operands: \(tensor)")
      }
      try MemoryLimit.check(shape, tensor.elementType, limit: limit)
      return .tensor(Tensor(zeros: tensor.elementType, shape: shape))
    }
  }

  // Swift 6.3.1 stops with an internal error when it inlines this into its callers.
  @inline(never)
  private static func run(
    _ op: any Operator, _ operands: [RunValue?], into targets: [RunValue], wanted: [Bool], context: RunContext
  ) throws(OperatorError) -> [RunValue] {
    var results = Results(targets, wanted: wanted, team: context.team, scratch: context.scratch)
    try op.evaluate(Operands(operands), into: &results)
    return results.finished()
  }
}

extension RunValue {
  fileprivate var isHalf: Bool { tensor?.elementType.isHalf ?? false }

  fileprivate func widened(_ team: ThreadTeam) -> RunValue {
    guard let tensor, tensor.elementType.isHalf else { return self }
    return .tensor(tensor.converted(to: .float32, team: team))
  }

  /// float32 memory where a half-precision result is to come, other memory of its own elsewhere.
  fileprivate var widenedTarget: RunValue {
    guard let tensor else { return self }
    return .tensor(Tensor(zeros: tensor.elementType.isHalf ? .float32 : tensor.elementType, shape: tensor.shape))
  }
}
