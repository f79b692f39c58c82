public import CarpusGraphs
package import CarpusTensors

/// A graph as an ONNX file: the same bytes whenever the same graph is written.
///
/// Nodes that were read from a file are written as they were read. What gradients add is written in operators of ONNX that mean the same;
/// where there are none, the graph is refused. Constants that were folded are initializers.
///
/// Source: ONNX IR specification.
public struct ONNXWriting: Sendable {
  /// The `ModelProto`.
  package let model: OutgoingMessage
  /// Elements that lie in a file beside the model, each from an offset on, ascending.
  package let external: [(offset: Int, tensor: Tensor)]

  /// Weights of more bytes lie in a file of their own in any case: a message has less than 2 GiB.
  private static let mostByteCount = 1 << 30

  /// - Parameters:
  ///   - envelope: what the file that the graph stems from says beside it.
  ///   - producerVersion: of Carpus.
  ///   - externalFile: the name of the file beside the model for weights that do not lie in it.
  ///   - movesWeights: whether weights go there also where that is not necessary.
  /// - Throws: `ExportError` where a node has no form in ONNX.
  public init(
    _ graph: Graph, envelope: ModelEnvelope = ModelEnvelope(), producerVersion: String = "", externalFile: String, movesWeights: Bool = false
  ) throws(ExportError) {
    let opset = envelope.opset(for: graph)
    let lowered: Graph
    do { lowered = try graph.lowered(opset: opset) } catch {
      if case .node(let name, let operatorName, _, let cause) = error {
        throw .node(name: name, operatorName: operatorName, reason: "\(cause)")
      }
      throw .graph(error)
    }
    var writer = GraphWriter(lowered, envelope, opset: opset)
    let weights = Set(lowered.nodes.flatMap { $0.operands.compactMap(\.self) }).compactMap(lowered.constant).reduce(0) { $0 + $1.byteCount }
    var placement = WeightPlacement(file: movesWeights || weights > Self.mostByteCount ? externalFile : nil)
    let body = try writer.message(&placement)
    external = placement.external
    var model = OutgoingMessage()
    // From version 4 on initializers need not be inputs too.
    model.integer(1, max(envelope.irVersion, 4))
    model.text(2, "Carpus")
    model.optionalText(3, producerVersion)
    model.optionalText(4, envelope.domain)
    if envelope.modelVersion != 0 { model.integer(5, envelope.modelVersion) }
    model.message(7, body)
    for (domain, version) in writer.opsets.sorted(by: { $0.key < $1.key }) {
      model.message(8) { entry in
        entry.optionalText(1, domain)
        entry.integer(2, version)
      }
    }
    model.entries(14, envelope.metadata)
    guard model.byteCount < Int(Int32.max) else { throw .unsupported("the model would have \(model.byteCount) bytes, more than an ONNX file may have") }
    self.model = model
  }
}

/// Writes the outermost graph.
private struct GraphWriter {
  private let graph: Graph
  private let envelope: ModelEnvelope
  private var writer: NodeWriter
  private var names: [Value: String] = [:]
  /// Constants that nodes read, in the order in which they are met.
  private var constants: [Value] = []
  private var nodes: [OutgoingMessage] = []
  private var initializers: [OutgoingMessage] = []
  /// The names of the graph.
  private let given: [Value: String]

  init(_ graph: Graph, _ envelope: ModelEnvelope, opset: Int) {
    self.graph = graph
    self.envelope = envelope
    given = graph.preferredNames
    let used = Set(graph.nodes.compactMap { $0.source?.domain }).union([""])
    writer = NodeWriter(opsets: envelope.opsetImports.filter { used.contains($0.key) }, opset: opset)
  }

  /// The versions of the operator sets that the nodes need.
  var opsets: [String: Int] { writer.opsets.isEmpty ? ["": writer.opset] : writer.opsets }

  mutating func message(_ placement: inout WeightPlacement) throws(ExportError) -> OutgoingMessage {
    let copies = nameValues()
    for node in graph.nodes { try write(node) }
    for (value, name) in copies { nodes.append(writer.identity(of: self.name(of: value), as: name)) }
    var message = OutgoingMessage()
    for value in constants {
      guard let tensor = graph.constant(value) else { continue }
      if let filled = filled(tensor) {
        let shape = writer.values.unique("\(name(of: value)).shape")
        initializers.append(Tensor(tensor.shape.extents.map(Int64.init)).message(name: shape))
        message.message(1, try writer.message(filled, inputs: [shape], outputs: [name(of: value)]))
      } else {
        initializers.append(placement.message(tensor, name: name(of: value)))
      }
    }
    nodes.forEach { message.message(1, $0) }
    message.text(2, envelope.graphName.isEmpty ? "graph" : envelope.graphName)
    initializers.forEach { message.message(5, $0) }
    for input in graph.inputs { message.message(11, info(input.name, input.value)) }
    for output in graph.outputs { message.message(12, info(output.name, output.value)) }
    let shown = Set(graph.inputs.map(\.name) + graph.outputs.map(\.name))
    for node in graph.nodes {
      for value in node.results {
        let name = name(of: value)
        if !shown.contains(name), graph.type(of: value).tensor?.shape.rank != nil { message.message(13, info(name, value)) }
      }
    }
    return message
  }

  /// Gives every value that is an input or a result its name.
  ///
  /// - Returns: outputs that are not the result of a node, or a second name of one: they are copied.
  private mutating func nameValues() -> [(value: Value, name: String)] {
    for input in graph.inputs { names[input.value] = writer.values.unique(input.name) }
    var copies: [(Value, String)] = []
    for output in graph.outputs {
      if names[output.value] == output.name { continue }
      let name = writer.values.unique(output.name)
      if names[output.value] == nil, graph.constant(output.value) == nil {
        names[output.value] = name
      } else {
        copies.append((output.value, name))
      }
    }
    for node in graph.nodes {
      for (index, value) in node.results.enumerated() where names[value] == nil {
        names[value] = writer.values.unique(given[value] ?? "\(node.operator.signature.name).\(index)")
      }
    }
    return copies
  }

  /// The name of a value; a constant is met here first.
  private mutating func name(of value: Value) -> String {
    if let name = names[value] { return name }
    let name = writer.values.unique(given[value] ?? "constant")
    names[value] = name
    constants.append(value)
    return name
  }

  private mutating func write(_ node: Node) throws(ExportError) {
    var operands: [String] = []
    for operand in node.operands { operands.append(operand.map { name(of: $0) } ?? "") }
    let results = node.results.map { name(of: $0) }
    if let source = node.source {
      nodes.append(try writer.message(source, operands: operands, results: results, label: node.name))
      return
    }
    guard let op = node.operator as? any Writable else {
      throw .node(name: node.name, operatorName: node.operatorName, reason: "ONNX has no such operator, and it is not written as others here")
    }
    let written: WrittenNode
    do { written = try op.written(opset: writer.opset) } catch {
      throw .node(name: node.name, operatorName: node.operatorName, reason: "\(error)")
    }
    guard writer.opset >= written.since else {
      throw .node(
        name: node.name, operatorName: node.operatorName,
        reason: "\(written.operatorName) is needed as in version \(written.since) of ai.onnx, and the model is written for version \(writer.opset)")
    }
    for tensor in written.constants {
      operands.append(writer.values.unique("\(written.operatorName).operand"))
      initializers.append(tensor.message(name: operands[operands.count - 1]))
    }
    nodes.append(try writer.message(written, inputs: operands, outputs: results))
  }

  /// A large constant with the same number everywhere, such as the zeros that gradients are added to, as a node that fills it.
  private func filled(_ tensor: Tensor) -> WrittenNode? {
    guard tensor.byteCount >= 1 << 14, [.float16, .float32, .float64].contains(tensor.elementType), writer.opset >= 9, tensor.isUniform else {
      return nil
    }
    return ConstantOfShape.written(filling: tensor)
  }

  private func info(_ name: String, _ value: Value) -> OutgoingMessage {
    let type = graph.type(of: value), declared = envelope.types[name]
    // An optional value may be declared as what it holds.
    let given = declared?.valueType.flatMap { $0.isOfKind(of: type) ? nil : $0 }
    var info = OutgoingMessage()
    info.text(1, name)
    info.message(2, (given ?? type).message(declared: declared))
    return info
  }
}
