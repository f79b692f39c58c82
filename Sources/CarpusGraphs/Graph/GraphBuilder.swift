public import CarpusTensors

/// Builds a graph node by node. A node is typed when it is inserted, folded if its operands are constant, and
/// left out if its result is one of its operands.
public struct GraphBuilder: Sendable {
  private var graph: Graph
  /// Bytes of all constants so far.
  private var constantByteCount: Int

  /// - Parameters:
  ///   - constantLimit: bytes. A node whose results would take the constants beyond it is not folded: it stays, and its
  ///     results are made when the graph runs. A file of a few bytes can thus not fill the memory with constants.
  ///   - composes: whether nodes of a file that stand for others are replaced by them; otherwise only where all their operands are
  ///     constant, so that they vanish.
  public init(constantLimit: Int = 1 << 28, composes: Bool = true) {
    graph = Graph(inputs: [], outputs: [], nodes: [], records: [], names: [:], constantLimit: constantLimit, composes: composes)
    constantByteCount = 0
  }

  /// Continues a graph; its values keep their identity.
  public init(continuing graph: Graph) {
    self.graph = graph
    constantByteCount = graph.constantByteCount
  }

  /// Begins a graph that takes over constants of another: all of them count from the beginning.
  init(takingOver source: Graph) {
    self.init(constantLimit: source.constantLimit, composes: source.composes)
    constantByteCount = source.constantByteCount
  }

  /// A constant of the graph that is taken over.
  mutating func takenOver(_ tensor: Tensor) -> Value {
    newValue(Graph.Record(type: ValueType(tensor.elementType, tensor.shape), constant: tensor, producer: nil))
  }

  // MARK: Values

  public mutating func input(_ name: String, _ type: ValueType) -> Value {
    let value = newValue(Graph.Record(type: type, constant: nil, producer: nil))
    graph.inputs.append(NamedValue(name: name, value: value))
    graph.names[name] = value
    return value
  }

  public mutating func constant(_ tensor: Tensor) -> Value {
    constantByteCount += tensor.byteCount
    return takenOver(tensor)
  }

  /// Gives a value a name under which it can be asked for.
  public mutating func name(_ value: Value, _ name: String) { graph.names[name] = value }

  func producer(of value: Value) -> Node? { graph.producer(of: value) }

  public func type(of value: Value) -> ValueType { graph.type(of: value) }
  public func constant(_ value: Value) -> Tensor? { graph.constant(value) }
  func info(_ value: Value?) -> OperandInfo { graph.info(value) }

  // MARK: Nodes

  /// Inserts a node, or finds that none is needed.
  ///
  /// - Parameters:
  ///   - name: in the file.
  ///   - source: how the file names the node.
  /// - Returns: its results, `results` of them.
  /// - Throws: what the operator's shape rule throws.
  public mutating func add(
    _ op: any Operator, _ operands: [Value?], results count: Int = 1, name: String = "", scope: ModuleScope? = nil, source: NodeSource? = nil
  ) throws(OperatorError) -> [Value] {
    let signature = op.signature
    guard signature.operands.contains(operands.count) else {
      throw .operands("\(signature.name) takes \(Self.text(signature.operands)) operands, not \(operands.count)")
    }
    guard signature.results.contains(count) else {
      throw .operands("\(signature.name) has \(Self.text(signature.results)) results, not \(count)")
    }
    let infos = operands.map { graph.info($0) }
    guard graph.records.count <= Self.valueLimit - count else { throw .tooLarge("the graph has more than \(Self.valueLimit) values") }
    if let op = op as? any Selecting, let values = try composed(op, operands, infos, results: count, scope) { return values }
    let types = try op.checkedTypes(for: infos)
    guard types.count >= count else { throw .operands("\(signature.name) has \(types.count) results here, not \(count)") }
    if let op = op as? any Forwarding, let sources = op.forwarded(infos, as: types), sources.count >= count {
      let forwarded = sources.prefix(count).compactMap { operands[$0] }
      if forwarded.count == count { return forwarded }
    }
    let isConstant = infos.allSatisfy { $0.type == nil || $0.value != nil }
    if let op = op as? any Composed, graph.composes || source == nil || isConstant,
      let values = try composed(op, operands, infos, results: count, scope)
    { return values }
    if let constants = try folded(op, infos, types) { return constants.prefix(count).map { constant($0) } }
    let index = graph.nodes.count
    let values = types.prefix(count).map { newValue(Graph.Record(type: $0, constant: nil, producer: index)) }
    graph.nodes.append(Node(operator: op, operands: operands, results: values, name: name, source: source, scope: scope))
    return values
  }

  /// Inserts a node with one result.
  public mutating func add(_ op: any Operator, _ operands: Value?...) throws(OperatorError) -> Value {
    try add(op, operands, results: 1)[0]
  }

  public consuming func finished(outputs: [NamedValue]) -> Graph {
    graph.outputs = outputs
    for output in outputs { graph.names[output.name] = output.value }
    return graph
  }

  /// How many values there are so far.
  var valueCount: Int { graph.records.count }

  /// How many values a graph may have: a few bytes of a file may stand for many nodes.
  static var valueLimit: Int { 1_000_000 }

  // MARK: Inside

  private mutating func composed(
    _ op: any Composed, _ operands: [Value?], _ infos: [OperandInfo], results count: Int, _ scope: ModuleScope?
  ) throws(OperatorError) -> [Value]? {
    let first = graph.nodes.count
    guard let values = try op.composed(operands, infos, results: count, in: &self) else { return nil }
    for made in first..<graph.nodes.count where graph.nodes[made].scope == nil { graph.nodes[made].scope = scope }
    return values
  }

  private mutating func newValue(_ record: Graph.Record) -> Value {
    graph.records.append(record)
    return Value(index: graph.records.count - 1)
  }

  private func folded(_ op: any Operator, _ infos: [OperandInfo], _ types: [ValueType]) throws(OperatorError) -> [Tensor]? {
    guard !(op is any SelfTyping) else { return nil }
    if let op = op as? any Inspecting, let result = op.inspected(infos) { return [result] }
    let shapes = types.compactMap(\.staticShape)
    guard shapes.count == types.count, infos.allSatisfy({ $0.type == nil || $0.value != nil }) else { return nil }
    let bytes = zip(types, shapes).reduce(0) { $0 + $1.1.count * Self.byteCount($1.0) }
    guard bytes <= graph.constantLimit - constantByteCount else { return nil }
    let results = try Evaluation.evaluate(
      op, infos.map { $0.value.map(RunValue.tensor) }, types, context: RunContext(team: ThreadTeam(count: 1)))
    let tensors = results.compactMap(\.tensor)
    return tensors.count == results.count ? tensors : nil
  }

  private static func byteCount(_ type: ValueType) -> Int { type.tensor?.elementType.byteCount ?? 0 }

  private static func text(_ range: ClosedRange<Int>) -> String {
    if range.lowerBound == range.upperBound { return String(range.lowerBound) }
    return range.upperBound == OperatorSignature.any ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }
}
