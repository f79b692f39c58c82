import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MaxTests {
  @Test(arguments: try OperatorCase.load("Max"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// Where two are equal the larger one has a kink.
  @Test(arguments: try OperatorCase.load("Max", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: operatorCase.name != "two that are equal share")
  }

  @Test func threeThatAreEqualShare() throws {
    let gradients = try TestNode("Max", operands: 3).gradients(Tensor([1.0, 2]), Tensor([1.0, 3]), Tensor([1.0, 3]), seed: Tensor([3.0, 4]))
    #expect(gradients == [[1, 0], [1, 2], [1, 2]])
  }

  @Test func shapesUnknownBeforehandMustFit() throws {
    let node = try TestNode("Max", operands: 3)
    let x = Tensor([1, 2, 3] as [Int32]), y = Tensor([7, 0] as [Int32]), z = Tensor([2] as [Int32])
    #expect(try node.result(x, z, z, shapes: [[3], [nil], .unknown]).integers == [2, 2, 3])
    #expect(throws: GraphError.self) { try node.result(x, y, z, shapes: [[3], [nil], [nil]]) }
    #expect(throws: GraphError.self) { try node.result(z, y, x, shapes: [[nil], [nil], [nil]]) }
  }
}
