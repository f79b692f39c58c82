import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GatherTests {
  @Test(arguments: try OperatorCase.load("Gather")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Gather", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: 0..<3) func repeatedIndicesAddUp(_ axis: Int) throws {
    let node = try TestNode("Gather", ["axis": .int(axis)])
    try expectAdjoint(node, [0: [3, 4, 3]], constants: [1: Tensor([2, 0, -1, 2, 2, -3] as [Int64], shape: [2, 3])])
    try expectAdjoint(node, [0: [3, 4, 3]], constants: [1: Tensor(scalar: Int32(1))])
    try expectAdjoint(node, [0: [3, 4, 3]], constants: [1: Tensor([] as [Int64])])
  }

  /// By hand, in single and, added up in single, in half precision.
  @Test(arguments: [ElementType.float32, .float16, .bfloat16]) func gradientInOtherPrecisions(_ elementType: ElementType) throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(elementType, [3, 2]))
    let y = try builder.add(try TestNode("Gather", operands: 2).op, x, builder.constant(indices(1, 0, 1)))
    let seed = Tensor([1, 2, 4, 8, 16, 32] as [Float], shape: [3, 2]).converted(to: elementType)
    let inputs = ["x": Tensor(zeros: elementType, shape: [3, 2])]
    let gradient = try builder.finished(outputs: []).gradients(of: y, seed: seed, withRespectTo: [x], for: inputs)[0]
    #expect(gradient.elementType == elementType)
    #expect(gradient.doubles == [4, 8, 17, 34, 0, 0])
  }

  @Test(arguments: [3, -4, .min, .max] as [Int64]) func indexOutOfRange(_ index: Int64) throws {
    let node = try TestNode("Gather")
    expectRefusal("index \(index) lies outside axis 0, which has 3 elements") { try node.folded([zeros(3, 2), indices(0, index)]) }
    expectRefusal("index \(index) lies outside") { try node.run([zeros(3, 2), indices(0, index)]) }
    expectRefusal("index \(index) lies outside") { try node.run([zeros(3, 2), indices(0, index)], extentsAreKnown: false) }
  }

  @Test func refusals() throws {
    expectRefusal("axis 2 does not exist") { try TestNode("Gather", ["axis": .int(2)]).folded([zeros(3, 2), indices(0)]) }
    expectRefusal("indices must be integers") { try TestNode("Gather").folded([zeros(3, 2), zeros(1)]) }
    expectRefusal("lies outside axis 0, which has 0 elements") { try TestNode("Gather").folded([zeros(0, 2), indices(0)]) }
  }
}
