public import CarpusGraphs
public import CarpusTensors
public import Testing

/// A node as a file would name it.
public struct TestNode {
  public let op: any Operator
  let resultCount: Int
  /// The node, so that it can be written.
  public let source: NodeSource

  /// - Throws: what the operator makes of the attributes; it is a failure to leave one unread.
  public init(
    _ name: String, domain: String = "", opset: Int = 22, _ attributes: [String: AttributeValue] = [:], operands: Int = 1, results: Int = 1
  ) throws {
    let type = try #require(OperatorCatalog.type(domain: domain, name: name, opset: opset), "no operator \(name) in version \(opset)")
    var reader = NodeReader(opset: opset, operandCount: operands, resultCount: results, attributes: attributes)
    op = try type.init(&reader)
    resultCount = results
    source = NodeSource(
      operatorName: name, domain: domain, opset: opset, attributes: attributes, operandCount: operands, resultCount: results, name: "node")
    #expect(reader.unreadAttributes.isEmpty)
  }

  /// What the shape rule makes of operands of which the types are known.
  public func types(_ operands: (ElementType, PartialShape)...) throws -> [ValueType] {
    try op.resultTypes(for: operands.map { OperandInfo(type: ValueType($0.0, $0.1)) })
  }

  /// The types of the results, folded where they can be, for operands that are all constant.
  public func folded(_ operands: [Tensor?]) throws -> [ValueType] {
    let run = try OperatorRun(self, operands, constants: Set(operands.indices))
    return run.results.map(run.graph.type)
  }

  /// The results for operands that come with the run.
  ///
  /// - Parameter extentsAreKnown: whether the extents of the operands are known before; otherwise only their ranks are.
  public func run(_ operands: [Tensor?], extentsAreKnown: Bool = true) throws -> [RunValue] {
    try OperatorRun(self, operands, shapes: extentsAreKnown ? nil : operands.map { .unknown(rank: $0?.shape.rank ?? 0) }).evaluated()
  }

  /// The first result for operands that come with the run.
  ///
  /// - Parameter shapes: what is known of the operands' shapes before; everything if `nil`.
  public func result(_ operands: Tensor?..., shapes: [PartialShape]? = nil) throws -> Tensor {
    try #require(try OperatorRun(self, operands, shapes: shapes).evaluated()[0].tensor)
  }

  /// The gradients of `Σ seed · result` with respect to all operands.
  public func gradients(_ operands: Tensor..., seed: Tensor) throws -> [[Double]] {
    let run = try OperatorRun(self, operands)
    let variables = run.operands.compactMap { $0 }
    return try run.graph.gradients(of: run.results[0], seed: seed, withRespectTo: variables, for: run.inputs).map(\.doubles)
  }
}

extension GraphBuilder {
  /// Inserts a node with one result, as a file would name it.
  public mutating func add(_ name: String, _ attributes: [String: AttributeValue], _ operands: [Value?]) throws -> Value {
    try add(try TestNode(name, attributes).op, operands, results: 1)[0]
  }
}

extension Graph {
  /// The gradients of `Σ seed · target` with respect to `values`, when the graph is given `inputs`.
  public func gradients(
    of target: Value, seed: Tensor, withRespectTo values: [Value], for inputs: [String: Tensor],
    rewrites: [any Rewrite.Type] = RewriteCatalog.all
  ) throws -> [Tensor] {
    let (differentiated, gradients) = try differentiating(target, seed: seed, withRespectTo: values)
    let wanted = gradients.enumerated().map { NamedValue(name: "gradient \($0)", value: $1) }
    let results = try Workspace(try Plan(try differentiated.extracting(wanted), rewrites: rewrites)).run(inputs)
    return try results.map { try #require($0.tensor) }
  }
}

/// Checks that something is refused with a sentence that contains `text`.
public func expectRefusal<Result>(_ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result) {
  do {
    _ = try body()
    Issue.record("not refused: \(text)", sourceLocation: sourceLocation)
  } catch {
    #expect("\(error)".contains(text), "\(error)", sourceLocation: sourceLocation)
  }
}
