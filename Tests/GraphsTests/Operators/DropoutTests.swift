import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct DropoutTests {
  @Test(arguments: try OperatorCase.load("Dropout")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Dropout", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  /// `numpy.random.RandomState(3).uniform(0, 1, 10) >= 0.4`, the kept ones divided by 0.6.
  @Test func training() throws {
    let node = try TestNode("Dropout", ["seed": .int(3)], operands: 3, results: 2), kept = [1, 1, 0, 1, 1, 1, 0, 0, 0, 1.0]
    let x = randomTensor([10], seed: 1), ratio = Tensor(scalar: 0.4), yes = Tensor(scalar: true)
    let results = try node.run([x, ratio, yes]).compactMap(\.tensor)
    #expect(isClose(results[0].doubles, zip(x.doubles, kept).map { $0 * $1 / 0.6 }))
    #expect(results[1].converted(to: .float64).doubles == kept)
    #expect(try node.run([x.converted(to: .bfloat16), ratio, yes])[1].tensor?.converted(to: .float64).doubles == kept)
    #expect(try node.run([zeros(2), Tensor(scalar: Float(0)), yes])[1].tensor?.array(of: Bool.self) == [true, true])
  }

  @Test(arguments: [[12], [2, 3, 2]] as [Shape]) func trainingGradients(_ shape: Shape) throws {
    let node = try TestNode("Dropout", operands: 3)
    try expectAdjoint(node, [0: shape], constants: [1: Tensor(scalar: 0.5), 2: Tensor(scalar: true)])
  }

  @Test func refusals() throws {
    let node = try TestNode("Dropout", operands: 3), yes = Tensor(scalar: true)
    for ratio in [1, -0.1, Float.nan] {
      expectRefusal("at least 0 and below 1") { try node.folded([zeros(2), Tensor(scalar: ratio), yes]) }
      expectRefusal("at least 0 and below 1") { try node.run([zeros(2), Tensor(scalar: ratio), yes]) }
    }
    expectRefusal("must be one number") { try node.folded([zeros(2), zeros(2), yes]) }
    expectRefusal("floating-point") { try node.folded([Tensor([1] as [Int32]), Tensor(scalar: Float(0.5)), yes]) }
    #expect(try node.run([Tensor([7] as [Int32]), nil, Tensor(scalar: false)])[0].tensor?.integers == [7])
  }

  @Test func oldVersions() throws {
    let y = try TestNode("Dropout", opset: 6, ["ratio": .float(0.75)]).result(Tensor([Double](repeating: 1, count: 64)))
    #expect(y.doubles.allSatisfy { $0 == 0 || $0 == 4 } && y.doubles.contains(0))
    #expect(try TestNode("Dropout", opset: 6, ["is_test": .int(1)]).folded([zeros(2)]) == [ValueType(.float32, [2])])
    let masked = try TestNode("Dropout", opset: 7, results: 2).run([zeros(2)])
    #expect(masked[1].tensor?.array(of: Float.self) == [1, 1])
  }

  @Test func leavesNoNode() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, .unknown))
    #expect(try builder.add(try TestNode("Dropout").op, x) == x)
  }
}
