import CarpusGraphs
import CarpusTensors

/// Inserts the nodes of a file into a graph, in an order in which every operand comes before its use.
struct GraphAssembly {
  private let model: ONNXModel
  private var builder: GraphBuilder
  private var values: [String: Value] = [:]

  init(_ model: ONNXModel) {
    self.model = model
    // Room for what networks calculate from their weights: other layouts, other types.
    let initializers = model.graph.initializers.values.reduce(0) { $0 + $1.byteCount }
    builder = GraphBuilder(constantLimit: 1 << 28 + 4 * initializers)
  }

  consuming func assembled() throws(ImportError) -> Graph {
    let graph = model.graph
    for name in graph.initializerOrder {
      guard let tensor = graph.initializers[name] else { continue }
      define(name, builder.constant(tensor))
    }
    // Files of old versions list their initializers as inputs too: those are constants.
    for input in graph.inputs where graph.initializers[input.name] == nil {
      guard values[input.name] == nil else { throw .malformed("the graph has two inputs \(quoted(input.name))") }
      define(input.name, builder.input(input.name, try type(of: input)))
    }
    for index in try order() { try insert(graph.nodes[index]) }
    var outputs: [NamedValue] = []
    for output in graph.outputs {
      guard let value = values[output.name] else { throw .malformed("output \(quoted(output.name)) is computed by no node") }
      try check(output, value)
      outputs.append(NamedValue(name: output.name, value: value))
    }
    guard !outputs.isEmpty else { throw .malformed("the graph has no outputs") }
    return builder.finished(outputs: outputs)
  }

  private mutating func define(_ name: String, _ value: Value) {
    values[name] = value
    builder.name(value, name)
  }

  private mutating func insert(_ node: ONNXNode) throws(ImportError) {
    let opset = min(model.opset(of: node.domain), ONNXDocument.newestOpset)
    guard let type = OperatorCatalog.type(domain: node.domain, name: node.operatorType, opset: opset) else {
      throw .missingOperators([OperatorUse(name: node.operatorType, domain: node.domain, opset: opset, count: 1)])
    }
    // A place that is left out at the end is no place.
    let inputs = node.inputs.prefix((node.inputs.lastIndex { !$0.isEmpty } ?? -1) + 1)
    let outputs = node.outputs.prefix((node.outputs.lastIndex { !$0.isEmpty } ?? -1) + 1)
    let operands = inputs.map { values[$0] }
    guard !outputs.isEmpty else { return }
    do throws(OperatorError) {
      var reader = NodeReader(opset: opset, operandCount: operands.count, resultCount: node.outputs.count, attributes: node.attributes)
      let op = try type.init(&reader)
      let unread = reader.unreadAttributes
      guard unread.isEmpty else {
        throw OperatorError.attribute(
          "\(node.operatorType) (version \(opset)) has no attribute \(unread.map(quoted).joined(separator: ", "))")
      }
      let results = try builder.add(op, operands, results: outputs.count, name: node.name)
      for (name, value) in zip(outputs, results) where !name.isEmpty { define(name, value) }
    } catch {
      throw .graph(
        .node(
          name: label(node), operatorName: node.operatorType,
          operands: operands.map { $0.map { builder.type(of: $0).description } ?? "nothing" }, cause: error))
    }
  }

  /// The node's name, or its place where it has none.
  private func label(_ node: ONNXNode) -> String {
    node.name.isEmpty ? "#\(node.index)" : node.name
  }

  /// Indices of the nodes such that operands come first; the order of the file wherever it allows that.
  private func order() throws(ImportError) -> [Int] {
    let nodes = model.graph.nodes
    var producers: [String: Int] = [:]
    for node in nodes {
      for output in node.outputs where !output.isEmpty {
        guard producers[output] == nil, values[output] == nil else {
          throw .malformed("\(quoted(output)) is computed by two nodes, or is also an input or initializer")
        }
        producers[output] = node.index
      }
    }
    var needs = [[Int]](repeating: [], count: nodes.count)
    for node in nodes {
      for input in node.inputs where !input.isEmpty && values[input] == nil {
        if let reason = model.graph.unsupportedInitializers[input] {
          throw .malformed("node \(quoted(label(node))) reads initializer \(quoted(input)): \(reason)")
        }
        guard let producer = producers[input] else {
          throw .malformed(
            "node \(quoted(label(node))) (\(node.operatorType)) reads \(quoted(input)), which is no input, no initializer and no result")
        }
        needs[node.index].append(producer)
      }
    }
    // Depth first, without recursion: a node is placed when all that it needs has been.
    enum State { case new, open, placed }
    var states = [State](repeating: .new, count: nodes.count)
    var order: [Int] = []
    var stack: [Int] = []
    for root in nodes.indices {
      stack.append(root)
      while let index = stack.last {
        switch states[index] {
        case .placed: stack.removeLast()
        case .open:
          states[index] = .placed
          order.append(index)
          stack.removeLast()
        case .new:
          states[index] = .open
          for needed in needs[index].reversed() where states[needed] != .placed {
            guard states[needed] == .new else {
              throw .malformed(
                "the graph is cyclic: node \(quoted(label(nodes[needed]))) (\(nodes[needed].operatorType)) depends on its own result")
            }
            stack.append(needed)
          }
        }
      }
    }
    return order
  }

  private func type(of input: ONNXValueInfo) throws(ImportError) -> ValueType {
    switch input.type {
    case .tensor(let elementType, let dimensions)?:
      let extents = dimensions.map { $0.map { if case .known(let extent) = $0, extent >= 0 { extent } else { nil as Int? } } }
      return ValueType(elementType, PartialShape(extents))
    case let other?: throw .malformed("input \(quoted(input.name)) is \(other), and only tensors are taken as inputs here")
    case nil: throw .malformed("input \(quoted(input.name)) has no type")
    }
  }

  /// A file that declares another element type than its nodes give contradicts itself.
  private func check(_ output: ONNXValueInfo, _ value: Value) throws(ImportError) {
    guard case .tensor(let declared, _)? = output.type, case .tensor(let found) = builder.type(of: value), declared != found.elementType
    else { return }
    throw .malformed("output \(quoted(output.name)) is declared as \(declared) and computed as \(found.elementType)")
  }
}
