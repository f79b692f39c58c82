import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ModTests {
  @Test(arguments: try OperatorCase.load("Mod"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func refusesIntegersDividedByZero() throws {
    let node = try TestNode("Mod")
    #expect(throws: GraphError.self) { try node.result(Tensor([1, 2] as [Int32]), Tensor([1, 0] as [Int32])) }
    var builder = GraphBuilder()
    let one = builder.constant(Tensor(scalar: 1 as UInt8)), nothing = builder.constant(Tensor(scalar: 0 as UInt8))
    #expect(throws: OperatorError.operands("the integer 1 is divided by 0")) { try builder.add(node.op, [one, nothing]) }
  }

  @Test func refusesRealNumbersWithoutFmodAndOtherValuesOfIt() throws {
    #expect(throws: OperatorError.attribute("attribute fmod must be 1 for operands of float32")) {
      try TestNode("Mod").types((.float32, [2]), (.float32, [2]))
    }
    #expect(throws: OperatorError.self) { try TestNode("Mod", ["fmod": .int(2)]) }
  }

  @Test func leastIntegerModuloMinusOneIsZero() throws {
    for attributes in [[:], ["fmod": .int(1)]] as [[String: AttributeValue]] {
      #expect(try TestNode("Mod", attributes).result(Tensor([Int64.min]), Tensor([-1] as [Int64])).integers == [0])
    }
  }

  @Test func gradientReachesTheDividendAlone() throws {
    let node = try TestNode("Mod", ["fmod": .int(1)])
    #expect(throws: GraphError.self) { try node.gradients(Tensor([5.5]), Tensor([2.0]), seed: Tensor([1.0])) }
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [2] as Shape))
    let y = try builder.add(node.op, x, builder.constant(Tensor(scalar: 2.0)))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let gradients = try graph.gradients(of: y, seed: Tensor([3.0, -1.0]), withRespectTo: [x], for: ["x": Tensor([5.5, -3.25])])
    #expect(gradients[0].doubles == [3, -1])
  }
}
