import CarpusGraphs
import CarpusTensors

/// Turns a model into an untyped graph: operators made from nodes, calls of the model's functions replaced by their bodies, and every
/// operand before its use.
struct GraphAssembly {
  private let functions: FunctionTable
  private let model: ONNXModel
  /// Nodes that may still be made; functions that call each other can grow without bounds.
  private var budget: Int
  /// Bytes that the names of values in functions may still take: each is preceded by those of all calls around it.
  private var nameBudget = 1 << 28

  init(_ model: ONNXModel) {
    self.model = model
    functions = FunctionTable(model)
    budget = 1_000_000
  }

  mutating func assembled(composes: Bool) throws(ImportError) -> Graph {
    let scope = NodeScope(opsets: model.opsetImports, arguments: nil)
    let (graph, outer) = try body(model.graph, scope, captureOperands: nil)
    if let (name, reader) = outer.first {
      throw .malformed("\(reader) reads \(quoted(name)), which is no input, no initializer and no result")
    }
    guard !graph.outputs.isEmpty else { throw .malformed("the graph has no outputs") }
    // Room for what networks calculate from their weights: other layouts, other types.
    let initializers = graph.constants.reduce(0) { $0 + $1.tensor.byteCount }
    let typed: Graph
    do { typed = try graph.typed(constantLimit: 1 << 28 + 4 * initializers, composes: composes) } catch { throw .graph(error) }
    // A file that declares another element type than its nodes give contradicts itself.
    for (declared, output) in zip(model.graph.outputs, typed.outputs) {
      guard let wanted = declared.type?.elementType, let found = typed.type(of: output.value).tensor?.elementType, wanted != found else { continue }
      throw .malformed("output \(quoted(output.name)) is declared as \(wanted) and computed as \(found)")
    }
    return typed
  }

  // MARK: Graphs

  /// - Parameter captureOperands: the first operand of the node around the graph that may be a captured value; `nil` for the outermost graph.
  /// - Returns: the graph, and the names that it takes from outside, each with a node that reads it.
  private mutating func body(
    _ graph: ONNXGraph, _ scope: NodeScope, captureOperands first: Int?
  ) throws(ImportError) -> (UntypedGraph, outer: [(name: String, reader: String)]) {
    var draft = GraphDraft()
    var constants: [(slot: Int, tensor: Tensor)] = []
    for name in graph.initializerOrder {
      guard let tensor = graph.initializers[name] else { continue }
      constants.append((draft.define(name), tensor))
    }
    // Files of old versions list their initializers as inputs too: those are constants.
    var inputs: [UntypedGraph.Input] = []
    for input in graph.inputs where graph.initializers[input.name] == nil {
      guard draft.table.slots[input.name] == nil else { throw .malformed("the graph has two inputs \(quoted(input.name))") }
      let type = try valueType(of: input, isNeeded: first == nil)
      inputs.append(UntypedGraph.Input(name: input.name, slot: draft.define(input.name), type: type))
    }
    draft.table.unreadable = graph.unsupportedInitializers
    try emit(graph.nodes, scope, into: &draft)
    var outputs: [(name: String, slot: Int)] = []
    for output in graph.outputs {
      guard let slot = try draft.slot(output.name, readBy: "the graph's list of outputs") else { continue }
      outputs.append((output.name, slot))
    }
    let start = first ?? 0
    let untyped = UntypedGraph(
      slotCount: draft.slotCount, inputs: inputs, captures: draft.outer.map(\.slot), captureOperands: start..<start + draft.outer.count,
      constants: constants, nodes: draft.nodes, outputs: outputs, names: draft.names)
    return (untyped, draft.outer.map { ($0.name, $0.reader) })
  }

  private mutating func emit(_ nodes: [ONNXNode], _ scope: NodeScope, into draft: inout GraphDraft) throws(ImportError) {
    var nodes = nodes
    for index in nodes.indices { nodes[index] = try nodes[index].withGradientBody(among: nodes) }
    for index in try NodeOrder(nodes, table: draft.table).indices {
      let node = nodes[index]
      budget -= 1
      guard budget > 0 else { throw .malformed("the functions of the model call each other too often") }
      if let function = functions[node] {
        try call(function, node, scope, into: &draft)
      } else {
        try insert(node, scope, into: &draft)
      }
    }
  }

  private mutating func insert(_ node: ONNXNode, _ scope: NodeScope, into draft: inout GraphDraft) throws(ImportError) {
    let opset = min(scope.opset(of: node.domain), ONNXDocument.newestOpset(of: node.domain))
    guard let type = OperatorCatalog.type(domain: node.domain, name: node.operatorType, opset: opset) else {
      throw .missingOperators([OperatorUse(name: node.operatorType, domain: node.domain, opset: opset, count: 1)])
    }
    // A place that is left out at the end is no place, unless captured values follow.
    let hasGraph = node.attributes.values.contains { if case .graph = $0 { true } else { false } }
    let inputs = hasGraph ? node.inputs[...] : node.inputs.prefix((node.inputs.lastIndex { !$0.isEmpty } ?? -1) + 1)
    let outputs = node.outputs.prefix((node.outputs.lastIndex { !$0.isEmpty } ?? -1) + 1)
    guard !outputs.isEmpty else { return }
    let label = node.label
    var operands: [Int?] = []
    for input in inputs { operands.append(try draft.operand(input, of: node)) }
    var attributes: [String: AttributeValue] = [:]
    for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
      if case .reference(let other) = attribute, scope.arguments == nil {
        throw .malformed("attribute \(quoted(name)) of node \(quoted(label)) refers to attribute \(quoted(other)) of a function, but the node stands in none")
      }
      switch scope.resolved(attribute) {
      case .value(let value)?: attributes[name] = value
      case .type(let type)?: attributes[name] = type.valueType.map(AttributeValue.type) ?? .unsupported(kind: "type \(type)")
      case .graph(let graph)?:
        guard scope.graphDepth < 24 else { throw .malformed("graphs lie in graphs more than 24 deep") }
        var inner = scope
        inner.graphDepth += 1
        let (body, outer) = try self.body(graph, inner, captureOperands: operands.count)
        for value in outer { operands.append(try draft.slot(value.name, readBy: value.reader)) }
        attributes[name] = .graph(body)
      case .reference?, nil: break
      }
    }
    do throws(OperatorError) {
      var reader = NodeReader(opset: opset, operandCount: inputs.count, resultCount: node.outputs.count, attributes: attributes)
      let op = try type.init(&reader)
      let unread = reader.unreadAttributes
      guard unread.isEmpty else {
        throw OperatorError.attribute(
          "\(node.operatorType) (version \(opset)) has no attribute \(unread.map(quoted).joined(separator: ", "))")
      }
      let results = outputs.map { $0.isEmpty ? nil : draft.define($0) }
      let source = NodeSource(
        operatorName: node.operatorType, domain: node.domain, opset: scope.opset(of: node.domain),
        attributes: attributes.filter { name, _ in !(node.isGradient && name == "body") }, operandCount: inputs.count,
        resultCount: node.outputs.count, name: node.name, metadata: node.metadata)
      draft.nodes.append(
        UntypedGraph.Node(
          operator: op, operands: operands, results: results, name: label, scope: ModuleScope(of: node) ?? scope.modules, source: source))
    } catch {
      throw .graph(.node(name: label, operatorName: node.operatorType, operands: inputs.map { $0.isEmpty ? "nothing" : $0 }, cause: error))
    }
  }

  /// Puts the nodes of a function in the place of a node that calls it.
  private mutating func call(_ function: ONNXFunction, _ node: ONNXNode, _ scope: NodeScope, into draft: inout GraphDraft) throws(ImportError) {
    guard scope.depth < 64 else { throw .malformed("the functions of the model call each other in a circle, or more than 64 deep") }
    guard node.inputs.count <= function.inputs.count, node.outputs.count <= function.outputs.count else {
      throw .malformed(
        "node \(quoted(node.label)) gives function \(quoted(function.name)) \(node.inputs.count) values and takes \(node.outputs.count); "
          + "it has \(function.inputs.count) inputs and \(function.outputs.count) outputs")
    }
    var arguments: [String: ONNXAttribute] = function.defaults
    for (name, attribute) in node.attributes {
      guard function.attributes.contains(name) || function.defaults[name] != nil else {
        throw .malformed("function \(quoted(function.name)) has no attribute \(quoted(name))")
      }
      arguments[name] = scope.resolved(attribute)
    }
    // The body has names of its own.
    var table = NameTable(prefix: draft.table.prefix + node.label + "/", isFunction: true)
    for (index, name) in function.inputs.enumerated() {
      let slot = index < node.inputs.count ? try draft.operand(node.inputs[index], of: node) : nil
      if let slot { table.slots[name] = slot } else { table.absent.insert(name) }
    }
    nameBudget -= table.prefix.utf8.count * function.nodes.reduce(0) { $0 + $1.outputs.count }
    guard nameBudget > 0 else { throw .malformed("the names of the values in the functions that the model calls are too long") }
    let outside = draft.table
    draft.table = table
    try emit(
      function.nodes, NodeScope(
        opsets: function.opsetImports.isEmpty ? scope.opsets : function.opsetImports, arguments: arguments,
        modules: ModuleScope(of: node) ?? scope.modules, depth: scope.depth + 1, graphDepth: scope.graphDepth),
      into: &draft)
    let results = function.outputs.map { draft.table.slots[$0] }
    draft.table = outside
    for (index, output) in node.outputs.enumerated() where !output.isEmpty {
      guard let slot = results[index] else {
        throw .malformed("output \(quoted(function.outputs[index])) of function \(quoted(function.name)) is computed by no node")
      }
      draft.define(output, as: slot)
    }
  }

  private func valueType(of input: ONNXValueInfo, isNeeded: Bool) throws(ImportError) -> ValueType? {
    guard let type = input.type else {
      guard !isNeeded else { throw .malformed("input \(quoted(input.name)) has no type") }
      return nil
    }
    guard let valueType = type.valueType else {
      guard !isNeeded else { throw .malformed("input \(quoted(input.name)) is \(type), which is not taken as an input here") }
      return nil
    }
    return valueType
  }
}

/// Where a node stands: which operator sets it means, and what the attributes of the function around it are.
private struct NodeScope {
  let opsets: [String: Int]
  /// `nil` outside functions.
  let arguments: [String: ONNXAttribute]?
  /// The modules of the call, for nodes of a function that say nothing themselves.
  let modules: ModuleScope?
  /// How many calls, and how many nodes with graphs, stand around it.
  var depth = 0, graphDepth = 0

  init(opsets: [String: Int], arguments: [String: ONNXAttribute]?, modules: ModuleScope? = nil, depth: Int = 0, graphDepth: Int = 0) {
    self.opsets = opsets
    self.arguments = arguments
    self.modules = modules
    self.depth = depth
    self.graphDepth = graphDepth
  }

  func opset(of domain: String) -> Int { opsets[domain] ?? 1 }

  /// The attribute itself, or that of the call it refers to; `nil` where the call leaves it out.
  func resolved(_ attribute: ONNXAttribute) -> ONNXAttribute? {
    if case .reference(let name) = attribute { arguments?[name] } else { attribute }
  }
}

/// The functions of a model by what calls them.
struct FunctionTable {
  private var functions: [String: ONNXFunction] = [:]

  init(_ model: ONNXModel) {
    for function in model.functions { functions[Self.key(function.domain, function.name, function.overload)] = function }
  }

  subscript(node: ONNXNode) -> ONNXFunction? { functions[Self.key(node.domain, node.operatorType, node.overload)] }

  private static func key(_ domain: String, _ name: String, _ overload: String) -> String { "\(domain)\n\(name)\n\(overload)" }
}

/// The values that are known by name where a node stands.
struct NameTable {
  var slots: [String: Int] = [:]
  /// The inputs that a call leaves out.
  var absent: Set<String> = []
  /// Initializers that could not be read, and why.
  var unreadable: [String: String] = [:]
  /// Put before names, so that those of different calls differ.
  var prefix = ""
  /// A function sees nothing of the graph around it.
  var isFunction = false
}

/// A graph while its nodes are made.
private struct GraphDraft {
  private(set) var slotCount = 0
  var table = NameTable()
  var nodes: [UntypedGraph.Node] = []
  private(set) var names: [(name: String, slot: Int)] = []
  /// What is taken from the graph around this one.
  private(set) var outer: [(name: String, reader: String, slot: Int)] = []

  @discardableResult
  mutating func define(_ name: String) -> Int {
    let slot = newSlot()
    define(name, as: slot)
    return slot
  }

  mutating func define(_ name: String, as slot: Int) {
    table.slots[name] = slot
    names.append((table.prefix + name, slot))
  }

  mutating func operand(_ name: String, of node: ONNXNode) throws(ImportError) -> Int? {
    name.isEmpty ? nil : try slot(name, readBy: "node \(quoted(node.label)) (\(node.operatorType))")
  }

  /// The value of a name; one that is not known comes from outside. `nil` where it stands for an input that a call leaves out.
  mutating func slot(_ name: String, readBy reader: String) throws(ImportError) -> Int? {
    if let slot = table.slots[name] { return slot }
    if table.absent.contains(name) { return nil }
    if let reason = table.unreadable[name] { throw .malformed("\(reader) reads initializer \(quoted(name)): \(reason)") }
    guard !table.isFunction else { throw .malformed("\(reader) in a function reads \(quoted(name)), which nothing there defines") }
    let slot = newSlot()
    table.slots[name] = slot
    outer.append((name, reader, slot))
    return slot
  }

  private mutating func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }
}

extension ONNXNode {
  /// The node's name, or its place where it has none.
  var label: String { name.isEmpty ? "#\(index)" : name }
}
