public import CarpusTensors

/// A graph as a file gives it: operators and how they are connected. Its values get types when it is inserted into a graph, so that
/// the body of a loop can be typed for what comes in.
public struct UntypedGraph: Sendable {
  /// An operator whose operands and results are slots; `nil` where one is left out.
  public struct Node: Sendable {
    public let `operator`: any Operator
    public let operands: [Int?]
    public let results: [Int?]
    public let name: String
    public let scope: ModuleScope?
    /// How the file names it.
    public let source: NodeSource?

    public init(
      operator: any Operator, operands: [Int?], results: [Int?], name: String, scope: ModuleScope? = nil, source: NodeSource? = nil
    ) {
      self.operator = `operator`
      self.operands = operands
      self.results = results
      self.name = name
      self.scope = scope
      self.source = source
    }
  }

  public struct Input: Sendable {
    public let name: String
    public let slot: Int
    /// As declared; `nil` where the file says nothing.
    public let type: ValueType?

    public init(name: String, slot: Int, type: ValueType?) {
      self.name = name
      self.slot = slot
      self.type = type
    }
  }

  /// How many values there are. Each has a number, its slot.
  public let slotCount: Int
  public let inputs: [Input]
  /// Slots that take values of the graph around this one.
  public let captures: [Int]
  /// Which operands of the node that this graph belongs to are the captured values.
  public let captureOperands: Range<Int>
  public let constants: [(slot: Int, tensor: Tensor)]
  /// In an order in which operands come first.
  public let nodes: [Node]
  public let outputs: [(name: String, slot: Int)]
  /// Names of values, where the file gives them.
  public let names: [(name: String, slot: Int)]

  public init(
    slotCount: Int, inputs: [Input], captures: [Int] = [], captureOperands: Range<Int> = 0..<0, constants: [(slot: Int, tensor: Tensor)],
    nodes: [Node], outputs: [(name: String, slot: Int)], names: [(name: String, slot: Int)]
  ) {
    self.slotCount = slotCount
    self.inputs = inputs
    self.captures = captures
    self.captureOperands = captureOperands
    self.constants = constants
    self.nodes = nodes
    self.outputs = outputs
    self.names = names
  }

  /// Inserts the nodes into a graph.
  ///
  /// - Parameters:
  ///   - values: by slot: inputs and captured values.
  ///   - named: called for every value of the file that has a name.
  /// - Returns: the outputs.
  /// - Throws: `GraphError.node` where a node is refused.
  func insert(
    into builder: inout GraphBuilder, _ values: [Int: Value], named: (_ name: String, _ value: Value, _ builder: inout GraphBuilder) -> Void = { _, _, _ in }
  ) throws(GraphError) -> [Value] {
    var slots = [Value?](repeating: nil, count: slotCount)
    for (slot, value) in values { slots[slot] = value }
    for (slot, tensor) in constants { slots[slot] = builder.constant(tensor) }
    for node in nodes {
      let operands = node.operands.map { $0.flatMap { slots[$0] } }
      do throws(OperatorError) {
        let results = try builder.add(
          node.operator, operands, results: node.results.count, name: node.name, scope: node.scope, source: node.source)
        for (slot, value) in zip(node.results, results) { if let slot { slots[slot] = value } }
      } catch {
        throw .node(
          name: node.name, operatorName: node.operator.signature.name,
          operands: operands.map { $0.map { builder.type(of: $0).description } ?? "nothing" }, cause: error)
      }
    }
    for (name, slot) in names {
      if let value = slots[slot] { named(name, value, &builder) }
    }
    var results: [Value] = []
    for output in outputs {
      guard let value = slots[output.slot] else { throw .notConnected("output '\(output.name)' is computed by no node") }
      results.append(value)
    }
    return results
  }

  /// The whole graph of a file.
  ///
  /// Parameters: see `GraphBuilder`.
  public func typed(constantLimit: Int, composes: Bool = true) throws(GraphError) -> Graph {
    var builder = GraphBuilder(constantLimit: constantLimit, composes: composes)
    var values: [Int: Value] = [:]
    for input in inputs {
      guard let type = input.type else { throw .notConnected("input '\(input.name)' has no type") }
      values[input.slot] = builder.input(input.name, type)
    }
    let results = try insert(into: &builder, values) { name, value, builder in builder.name(value, name) }
    return builder.finished(outputs: zip(outputs, results).map { NamedValue(name: $0.name, value: $1) })
  }
}
