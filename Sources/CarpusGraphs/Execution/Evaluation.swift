import CarpusTensors

/// Evaluates one node.
enum Evaluation {
  /// Allocates the results of `op` and lets it write them. `types` are those that its shape rule gave for these operands.
  ///
  /// - Parameter limit: bytes that all results together may take.
  static func evaluate(
    _ op: any Operator, _ operands: [RunValue?], _ types: [ValueType], limit: Int = MemoryLimit.byteCount, context: RunContext
  ) throws(OperatorError) -> [RunValue] {
    if let op = op as? any SelfTyping { return try values(op, operands, limit: limit, context: context) }
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
    try checkRoom(op, operands, targets)
    if op.signature.numerics == .moves, operands.contains(where: { $0?.tensor?.elementType == .string }) {
      return try runOnNumbers(op, operands, into: targets, wanted: wanted, context: context)
    }
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

  /// Operators that neither move elements nor are calculated in place by the kernels hold up to 16 bytes for each element besides operands and results.
  private static func checkRoom(_ op: any Operator, _ operands: [RunValue?], _ targets: [RunValue]) throws(OperatorError) {
    let count = (operands + targets).reduce(0) { $0 + ($1?.tensor?.shape.count ?? 0) }
    guard count > 1 << 24, op.signature.numerics != .moves, !(op is any Viewing || op is any Costed || op is any InternalOperator) else { return }
    guard count <= MemoryLimit.byteCount / 16 else {
      throw .tooLarge("\(op.signature.name) of \(count) elements takes more than the \(MemoryLimit.byteCount / 1_000_000) MB that there are")
    }
  }

  /// Memory for a result whose shape is known.
  static func allocate(_ type: ValueType, for op: any Operator, limit: Int) throws(OperatorError) -> RunValue {
    switch type {
    case .sequence(let element): return .sequence([], of: element)
    case .optional(let element): return .optional(nil, of: element)
    case .map(let key, let value):
      guard let value = value.tensor else { throw .unsupported("a map to anything but tensors") }
      return .map(keys: Tensor(zeros: key, shape: [0]), values: Tensor(zeros: value.elementType, shape: [0]))
    case .tensor(let tensor):
      guard let shape = tensor.shape.shape else {
        throw .unsupported("the shape of a result of \(op.signature.name) is not known even with its operands: \(tensor)")
      }
      try MemoryLimit.check(shape, tensor.elementType, limit: limit)
      return .tensor(Tensor(zeros: tensor.elementType, shape: shape))
    }
  }

  /// Lets an operator that moves elements move the numbers that texts have in a table.
  private static func runOnNumbers(
    _ op: any Operator, _ operands: [RunValue?], into targets: [RunValue], wanted: [Bool], context: RunContext
  ) throws(OperatorError) -> [RunValue] {
    var table = TextTable()
    let numbered = operands.map { $0.map { table.numbered($0) } }
    let results = try run(op, numbered, into: targets.map { table.numbered($0) }, wanted: wanted, context: context)
    var texts: [RunValue] = []
    for (target, result) in zip(targets, results) {
      guard target.tensor?.elementType == .string, let numbers = result.tensor else { texts.append(result); continue }
      texts.append(.tensor(try table.texts(numbers)))
    }
    return texts
  }

  // Swift 6.3.1 stops with an internal error when it inlines this or `run` into their callers.
  @inline(never)
  private static func values(
    _ op: any SelfTyping, _ operands: [RunValue?], limit: Int, context: RunContext
  ) throws(OperatorError) -> [RunValue] {
    try op.values(of: Operands(operands), context, limit: limit)
  }

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
