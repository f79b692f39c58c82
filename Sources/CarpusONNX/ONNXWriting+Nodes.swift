import CarpusGraphs
import CarpusTensors

/// Names of which no two are equal.
struct UniqueNames {
  private var used: Set<String> = []

  /// The name, or the name and a number behind it.
  mutating func unique(_ wanted: String) -> String {
    var name = wanted, number = 1
    while name.isEmpty || !used.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }
}

/// The names of the values and nodes of a file, and how its nodes are written.
struct NodeWriter {
  var values = UniqueNames()
  private var nodes = UniqueNames()
  /// What the nodes need.
  private(set) var opsets: [String: Int]
  let opset: Int

  init(opsets: [String: Int], opset: Int) {
    self.opsets = opsets
    self.opset = opset
  }

  /// A `NodeProto`.
  ///
  /// - Parameter operands: all of them, captured values too; empty where one is left out.
  mutating func message(
    _ source: NodeSource, operands: [String], results: [String], label: String
  ) throws(ExportError) -> OutgoingMessage {
    // A function of the file may mean another version than the file itself.
    if let known = opsets.updateValue(source.opset, forKey: source.domain), known != source.opset {
      throw .node(
        name: label, operatorName: source.operatorName,
        reason: "it is of version \(source.opset) of its operator set and stands beside nodes of version \(known)")
    }
    var names: [OutgoingMessage] = []
    for (name, value) in source.attributes.sorted(by: { $0.key < $1.key }) {
      // A sparse constant has become a dense one.
      let isSparse = source.operatorName == "Constant" && name == "sparse_value"
      do { names.append(try attribute(isSparse ? "value" : name, value, operands)) } catch {
        if case .unsupported(let reason) = error { throw .node(name: label, operatorName: source.operatorName, reason: reason) }
        throw error
      }
    }
    var inputs = Array(operands.prefix(source.operandCount))
    while inputs.last == "" { inputs.removeLast() }
    return message(
      source.operatorName, source.domain, name: source.name, inputs: inputs,
      outputs: results + [String](repeating: "", count: max(source.resultCount - results.count, 0)), attributes: names, metadata: source.metadata)
  }

  /// A node that no file named.
  mutating func message(_ node: WrittenNode, inputs: [String], outputs: [String]) throws(ExportError) -> OutgoingMessage {
    opsets[""] = opset
    var attributes: [OutgoingMessage] = []
    for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) { attributes.append(try attribute(name, value, inputs)) }
    return message(node.operatorName, "", name: node.operatorName, inputs: inputs, outputs: outputs, attributes: attributes)
  }

  mutating func identity(of input: String, as output: String) -> OutgoingMessage {
    opsets[""] = opset
    return message("Identity", "", name: "Identity", inputs: [input], outputs: [output], attributes: [])
  }

  private mutating func message(
    _ operatorName: String, _ domain: String, name: String, inputs: [String], outputs: [String], attributes: [OutgoingMessage],
    metadata: [String: String] = [:]
  ) -> OutgoingMessage {
    var node = OutgoingMessage()
    inputs.forEach { node.text(1, $0) }
    outputs.forEach { node.text(2, $0) }
    if !name.isEmpty { node.text(3, nodes.unique(name)) }
    node.text(4, operatorName)
    attributes.forEach { node.message(5, $0) }
    node.optionalText(7, domain)
    node.entries(9, metadata)
    return node
  }

  /// An `AttributeProto`.
  ///
  /// - Parameter operands: of the node, from which graphs take values.
  private mutating func attribute(_ name: String, _ value: AttributeValue, _ operands: [String]) throws(ExportError) -> OutgoingMessage {
    var message = OutgoingMessage()
    message.text(1, name)
    let type: Int
    switch value {
    case .float(let number):
      message.float(2, number)
      type = 1
    case .int(let number):
      message.integer(3, number)
      type = 2
    case .string(let text):
      message.text(4, text)
      type = 3
    case .tensor(let tensor):
      message.message(5, tensor.message())
      type = 4
    case .graph(let graph):
      message.message(6, try self.message(graph, operands))
      type = 5
    case .floats(let numbers):
      numbers.forEach { message.float(7, $0) }
      type = 6
    case .ints(let numbers):
      numbers.forEach { message.integer(8, $0) }
      type = 7
    case .strings(let texts):
      texts.forEach { message.text(9, $0) }
      type = 8
    case .tensors(let tensors):
      tensors.forEach { message.message(10, $0.message()) }
      type = 9
    case .type(let valueType):
      message.message(14, valueType.message(declared: nil))
      type = 13
    case .unsupported(let kind): throw .unsupported("its attribute \(name) is a \(kind), which is not written here")
    }
    message.integer(20, type)
    return message
  }

  /// A `GraphProto` inside a node.
  private mutating func message(_ graph: UntypedGraph, _ operands: [String]) throws(ExportError) -> OutgoingMessage {
    var slots = [String](repeating: "", count: graph.slotCount)
    var given = [String](repeating: "", count: graph.slotCount)
    for (name, slot) in graph.names.reversed() { given[slot] = name }
    for (slot, index) in zip(graph.captures, graph.captureOperands) where operands.indices.contains(index) { slots[slot] = operands[index] }
    var message = OutgoingMessage()
    var own: Set<Int> = []
    func define(_ slot: Int, _ writer: inout NodeWriter) -> String {
      slots[slot] = writer.values.unique(given[slot].isEmpty ? "value" : given[slot])
      return slots[slot]
    }
    // Inputs are named first, so that they keep their names.
    for input in graph.inputs { _ = define(input.slot, &self) }
    for (slot, _) in graph.constants { _ = define(slot, &self) }
    for node in graph.nodes {
      guard let source = node.source else {
        throw .node(name: node.name, operatorName: node.operator.signature.name, reason: "it stands in a graph inside a node and stems from no file")
      }
      let inputs = node.operands.map { $0.map { slots[$0] } ?? "" }
      var outputs: [String] = []
      for slot in node.results {
        outputs.append(slot.map { define($0, &self) } ?? "")
        if let slot { own.insert(slot) }
      }
      message.message(1, try self.message(source, operands: inputs, results: outputs, label: node.name))
    }
    // An output is the result of a node of the graph, each of another one.
    var results: [String] = []
    for output in graph.outputs {
      if own.remove(output.slot) != nil { results.append(slots[output.slot]); continue }
      let name = values.unique(output.name)
      message.message(1, identity(of: slots[output.slot], as: name))
      results.append(name)
    }
    message.text(2, "body")
    for (slot, tensor) in graph.constants { message.message(5, tensor.message(name: slots[slot])) }
    for input in graph.inputs {
      message.message(11) { info in
        info.text(1, slots[input.slot])
        if let type = input.type { info.message(2, type.message(declared: nil)) }
      }
    }
    for name in results { message.message(12) { $0.text(1, name) } }
    return message
  }
}

extension OutgoingMessage {
  /// `StringStringEntryProto` for each.
  mutating func entries(_ field: Int, _ values: [String: String]) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      message(field) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
  }
}
