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

  /// ∂A = ∂C and ∂B = -⌊A / B⌋ ∂C, or cut off with `fmod`; as PyTorch's `remainder` and `fmod`.
  @Test func gradients() throws {
    let a = Tensor([5.5, -3.25, 7.75, -9]), b = Tensor([2, 1.5, -2.5, 4.0])
    for attributes in [[:], ["fmod": .int(1)]] as [[String: AttributeValue]] {
      let node = try TestNode("Mod", opset: 28, attributes, operands: 2)
      try expectDifferences(node, [a, b], wanted: [0, 1])
      try expectDifferences(node, [a.reshaped([2, 2]), Tensor([2.2])], wanted: [0, 1])
    }
    let gradients = try TestNode("Mod", opset: 28).gradients(a, b, seed: Tensor([1, 1, 1, 1.0]))
    #expect(gradients == [[1, 1, 1, 1], [-2, 3, 4, 3]])
  }
}
