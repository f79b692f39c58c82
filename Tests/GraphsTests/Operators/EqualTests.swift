import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct EqualTests {
  @Test(arguments: try OperatorCase.load("Equal"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func refusesWhatDoesNotFit() throws {
    let node = try TestNode("Equal")
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float64, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float32, [3])) }
    #expect(throws: GraphError.self) {
      try node.result(Tensor([1, 2, 3] as [Int64]), Tensor([1, 2] as [Int64]), shapes: [[3], [nil]])
    }
    #expect(throws: GraphError.self) { try node.result(Tensor([1.0, 2, 3]), Tensor([1.0, 2]), shapes: [[3], [nil]]) }
  }

  @Test func typesWithoutReferenceCases() throws {
    let node = try TestNode("Equal")
    #expect(try node.result(Tensor([1, 200] as [UInt8]), Tensor([1, 100] as [UInt8])).integers == [1, 0])
    #expect(try node.result(Tensor([1, 0.5] as [Float16]), Tensor(scalar: 0.5 as Float16)).integers == [0, 1])
  }
}
