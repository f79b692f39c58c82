import CarpusTensors

extension Graph {
  /// The same graph for inputs of known shapes: every node is inserted again, so that everything that depends on
  /// shapes alone is folded away.
  ///
  /// - Parameter types: by input name. Inputs that are not named keep their type.
  /// - Throws: `GraphError.input` when a type does not fit, or what a shape rule throws.
  public func specialized(to types: [String: TensorType]) throws(GraphError) -> Graph {
    var rebuilt = Rebuilding(of: self)
    for input in inputs {
      var type = self.type(of: input.value)
      if let wanted = types[input.name] {
        guard case .tensor(let declared) = type, declared.elementType == wanted.elementType,
          wanted.shape.shape.map(declared.shape.admits) ?? true
        else { throw .input(name: input.name, wanted: type.description, given: wanted.description) }
        type = .tensor(wanted)
      }
      rebuilt.input(input, type)
    }
    for node in nodes { try rebuilt.add(node) }
    return rebuilt.finished()
  }

  /// The part of the graph that computes `outputs`, with some values taken as inputs instead of being computed.
  ///
  /// - Parameter replaced: values that become inputs, with their new names.
  public func extracting(_ outputs: [NamedValue], replacing replaced: [NamedValue] = []) throws(GraphError) -> Graph {
    let kept = ancestors(of: outputs.map(\.value), stoppingAt: Set(replaced.map(\.value)))
    var rebuilt = Rebuilding(of: self)
    for input in inputs where kept.contains(input.value) { rebuilt.input(input, type(of: input.value)) }
    for value in replaced { rebuilt.input(value, type(of: value.value)) }
    for node in nodes where node.results.contains(where: { kept.contains($0) && !rebuilt.knows($0) }) { try rebuilt.add(node) }
    return rebuilt.finished(outputs: outputs)
  }

  /// All values that `values` depend on, themselves included; the search does not go behind `stops`.
  package func ancestors(of values: [Value], stoppingAt stops: Set<Value> = []) -> Set<Value> {
    var found = Set(values)
    var open = values.filter { !stops.contains($0) }
    while let value = open.popLast() {
      guard let node = producer(of: value) else { continue }
      for operand in node.operands.compactMap({ $0 }) where found.insert(operand).inserted && !stops.contains(operand) {
        open.append(operand)
      }
    }
    return found
  }
}

/// Inserts the nodes of a graph into a new one, keeping all names.
struct Rebuilding {
  private let source: Graph
  private var builder: GraphBuilder
  private var map: [Value: Value] = [:]

  init(of source: Graph) {
    self.source = source
    builder = GraphBuilder(takingOver: source)
  }

  func knows(_ value: Value) -> Bool { map[value] != nil }

  mutating func input(_ input: NamedValue, _ type: ValueType) { map[input.value] = builder.input(input.name, type) }

  /// The value of the new graph that stands for one of the old; constants are carried over when first met.
  mutating func image(of value: Value) -> Value? {
    if let image = map[value] { return image }
    guard let constant = source.constant(value) else { return nil }
    let image = builder.takenOver(constant)
    map[value] = image
    return image
  }

  /// The shape of a value of the new graph, where it is known.
  func shape(of value: Value) -> Shape? { builder.type(of: value).staticShape }

  /// A constant that the old graph does not have.
  mutating func constant(_ tensor: Tensor) -> Value { builder.constant(tensor) }

  /// Makes a value of the new graph stand for one of the old.
  mutating func put(_ new: Value, for old: Value) { map[old] = new }

  /// Inserts an operator on values of the new graph.
  mutating func insert(_ op: any Operator, _ operands: [Value?], name: String, scope: ModuleScope?) throws(GraphError) -> Value {
    do { return try builder.add(op, operands, name: name, scope: scope)[0] } catch {
      throw .node(
        name: name, operatorName: op.signature.name,
        operands: operands.map { $0.map { builder.type(of: $0).description } ?? "nothing" }, cause: error)
    }
  }

  private mutating func images(of operands: [Value?]) throws(GraphError) -> [Value?] {
    var images: [Value?] = []
    for operand in operands {
      guard let operand else { images.append(nil); continue }
      guard let image = image(of: operand) else { throw .shapesUnknown("a node was moved before its operands") }
      images.append(image)
    }
    return images
  }

  mutating func add(_ node: Node) throws(GraphError) {
    try add(node.operator, node.operands, results: node.results, name: node.name, scope: node.scope, source: node.source)
  }

  /// Inserts an operator whose results stand for those of the old graph. Operands are values of the old graph, and
  /// new constants behind them.
  mutating func add(
    _ op: any Operator, _ operands: [Value?], constants: [Tensor] = [], results: [Value], name: String, scope: ModuleScope?,
    source: NodeSource? = nil
  ) throws(GraphError) {
    var images = try images(of: operands)
    images += constants.map { builder.constant($0) }
    do {
      let made = try builder.add(op, images, results: results.count, name: name, scope: scope, source: source)
      for (old, new) in zip(results, made) where map[old] == nil { map[old] = new }
    } catch {
      throw .node(
        name: name, operatorName: op.signature.name,
        operands: images.map { $0.map { builder.type(of: $0).description } ?? "nothing" }, cause: error)
    }
  }

  /// Inserts what `replacement` makes of the operands in the place of a node.
  mutating func add(
    _ node: Node,
    as replacement: (_ operands: [Value?], _ infos: [OperandInfo], _ graph: inout GraphBuilder) throws(OperatorError) -> [Value]
  ) throws(GraphError) {
    let images = try images(of: node.operands)
    let infos = images.map { builder.info($0) }
    do {
      let made = try replacement(images, infos, &builder)
      for (old, new) in zip(node.results, made) where map[old] == nil { map[old] = new }
    } catch {
      throw .node(
        name: node.name, operatorName: node.operatorName, operands: infos.map { $0.type?.description ?? "nothing" }, cause: error)
    }
  }

  consuming func finished() -> Graph { finished(outputs: source.outputs) }

  consuming func finished(outputs: [NamedValue]) -> Graph {
    for (name, value) in source.names {
      if let image = image(of: value) { builder.name(image, name) }
    }
    let images = outputs.compactMap { output in image(of: output.value).map { NamedValue(name: output.name, value: $0) } }
    return builder.finished(outputs: images)
  }
}
