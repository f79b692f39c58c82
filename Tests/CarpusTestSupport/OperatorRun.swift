public import CarpusGraphs
public import CarpusTensors
import Testing

/// One node as a graph, and what it is given: what its operator, its shape rule, the planner and the executor make of it.
public struct OperatorRun {
  public let graph: Graph
  /// The operands that are inputs, by name, and their tensors.
  public let inputs: [String: Tensor]
  /// The values of the operands; `nil` where one is left out.
  public let operands: [Value?]
  /// The values of the results that the node names.
  public let results: [Value]

  /// - Parameters:
  ///   - constants: the indices of the operands that are constant; the others are inputs.
  ///   - sequences: the operands that are sequences, by their index.
  ///   - shapes: what is known of the inputs' shapes before the run; everything if `nil`.
  public init(
    _ node: TestNode, _ tensors: [Tensor?], constants: Set<Int> = [], sequences: [Int: [Tensor]] = [:], shapes: [PartialShape]? = nil
  ) throws {
    var builder = GraphBuilder()
    var inputs: [String: Tensor] = [:]
    var operands: [Value?] = []
    for (index, tensor) in tensors.enumerated() {
      if let sequence = sequences[index] {
        operands.append(try builder.add(Sequencing(), sequence.map { builder.constant($0) }, results: 1)[0])
      } else if let tensor, constants.contains(index) {
        operands.append(builder.constant(tensor))
      } else if let tensor {
        let name = Self.inputName(index)
        operands.append(builder.input(name, ValueType(tensor.elementType, shapes?[index] ?? PartialShape(tensor.shape))))
        inputs[name] = tensor
      } else {
        operands.append(nil)
      }
    }
    results = try builder.add(node.op, operands, results: node.resultCount)
    self.inputs = inputs
    self.operands = operands
    graph = builder.finished(outputs: results.enumerated().map { NamedValue(name: "result \($0)", value: $1) })
  }

  /// - Parameter shapesAreKnown: false makes every operand's extents unknown until the run.
  public init(_ operatorCase: OperatorCase, shapesAreKnown: Bool = true) throws {
    let node = try TestNode(
      operatorCase.operatorName, domain: operatorCase.domain, opset: operatorCase.opset, operatorCase.attributes, operands: operatorCase.operands.count,
      results: operatorCase.results.count)
    try self.init(
      node, operatorCase.operands, constants: operatorCase.constantOperands, sequences: operatorCase.sequenceOperands,
      shapes: shapesAreKnown ? nil : operatorCase.operands.map { .unknown(rank: $0?.shape.rank ?? 0) })
  }

  /// The name of an operand that is an input.
  public static func inputName(_ index: Int) -> String { "operand \(index)" }

  /// What the node gives.
  public func evaluated(threads: Int = 1) throws -> [RunValue] {
    try Workspace(try Plan(graph), threads: threads).run(inputs)
  }
}

/// The sequence of the operands, so that tests have sequences of any tensors.
private struct Sequencing: Operator {
  static let signature = OperatorSignature("Sequencing", domain: "test", operands: 1...OperatorSignature.any, gradient: .undefined)

  init() {}
  init(_ node: inout NodeReader) throws(OperatorError) {}

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [.sequence(ValueType(try operands.tensor(0).elementType, .unknown))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    var tensors: [Tensor] = []
    for index in 0..<operands.count { tensors.append(operands[index]) }
    results.set(0, RunValue(sequence: tensors, elementType: .float32))
  }

  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] { [] }
}
