import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// `SequenceMap`, `Scan` of version 8 and optional values give the same whether they are replaced by other nodes or run as they are.
@Suite struct UnrolledTests {
  /// Element · factor − element, for each element.
  @Test func map() throws {
    let node = try TestNode(
      "SequenceMap", ["body": try body(inputs: 2, [("Mul", [0, 1]), ("Sub", [2, 0])], outputs: [3])], operands: 2)
    let parts = [Tensor([1.0, 2]), Tensor([3.0])], expected = [[2.0, 4], [6.0]]
    let run = try OperatorRun(node, [zeros(0), Tensor([3.0])], sequences: [0: parts])
    guard case .sequence(let elements, _) = try run.evaluated()[0] else { throw GraphError.notConnected("no sequence") }
    #expect(elements.compactMap(\.tensor?.doubles) == expected)

    var builder = GraphBuilder()
    let inputs = parts.enumerated().map { builder.input("\($0)", ValueType(.float64, $1.shape)) }
    let mapped = try builder.add(node.op, builder.add("SequenceConstruct", [:], inputs), builder.constant(Tensor([3.0])))
    for (index, expected) in expected.enumerated() {
      let element = try builder.add("SequenceAt", [:], [mapped, builder.constant(Tensor(scalar: Int64(index)))])
      var other = builder
      other.name(element, "y")
      let graph = other.finished(outputs: [NamedValue(name: "y", value: element)])
      #expect(!graph.nodes.contains { $0.operatorName == "SequenceMap" })
      #expect(try Workspace(try Plan(graph)).run(["0": parts[0], "1": parts[1]])[0].tensor?.doubles == expected)
    }
    let one = try builder.add("SequenceConstruct", [:], [inputs[0]]), two = try builder.add("SequenceConstruct", [:], inputs)
    expectRefusal("sequences of 2 and 1 elements") { try builder.add(node.op, two, one) }
  }

  /// v ← 2 v + x for examples of lengths 2 and 3; what lies behind the end is not read.
  @Test(arguments: [false, true]) func scan(_ shapesAreKnown: Bool) throws {
    let two = Tensor([2.0])
    let node = try TestNode(
      "Scan", opset: 8, ["body": try body(inputs: 2, constants: [two], [("Mul", [0, 2]), ("Add", [3, 1])], outputs: [4, 4]), "num_scan_inputs": .int(1)],
      operands: 3, results: 2)
    let states = Tensor([1.0, 10], shape: [2, 1]), x = Tensor([1.0, 2, .nan, 1, 2, 3], shape: [2, 3, 1])
    let operands = [Tensor([2, 3] as [Int64]), states, x]
    let run = try OperatorRun(node, operands, constants: [0], shapes: shapesAreKnown ? nil : operands.map { .unknown(rank: $0.shape.rank) })
    #expect(run.graph.nodes.contains { $0.operatorName == "Scan" } != shapesAreKnown)
    let results = try run.evaluated().compactMap(\.tensor)
    #expect(results.map(\.shape) == [[2, 1], [2, 3, 1]])
    #expect(results.map(\.doubles) == [[8, 91], [3, 8, 0, 21, 44, 91]])
    for (lengths, text) in [([2, 4], "4 is not the length"), ([0, 3], "0 is not the length"), ([1], "1 lengths for 2 examples")] as [([Int64], String)] {
      expectRefusal(text) { try OperatorRun(node, [Tensor(lengths), states, x], constants: [0]) }
    }
  }

  /// An empty optional value is refused when it is taken, not before: that may never happen.
  @Test func nothing() throws {
    var builder = GraphBuilder()
    let type = ValueType(.float32, [2])
    let empty = try builder.add(try TestNode("Optional", ["type": .type(type)], operands: 0).op, [], results: 1)[0]
    let element = try builder.add("OptionalGetElement", [:], [empty])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: element)])
    expectRefusal("holds nothing") { try Workspace(try Plan(graph)).run([:]) }
  }
}
