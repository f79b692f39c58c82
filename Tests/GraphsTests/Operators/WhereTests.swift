import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct WhereTests {
  @Test(arguments: try OperatorCase.load("Where"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Where", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func halvesKeepTheirBits() throws {
    let a = Tensor([BFloat16(bitPattern: 0x7fc1), BFloat16(1.5)]), b = Tensor([BFloat16(2), BFloat16(bitPattern: 0x8000)])
    let y = try TestNode("Where").result(Tensor([true, false]), a, b)
    #expect(y.array(of: BFloat16.self).map(\.bitPattern) == [0x7fc1, 0x8000])
    let broadcast = try TestNode("Where").result(Tensor([false, true]), Tensor(scalar: 1 as Float16), Tensor(scalar: 2 as Float16))
    #expect(broadcast.doubles == [2, 1])
  }

  @Test func refusesWhatDoesNotFit() throws {
    let node = try TestNode("Where")
    #expect(throws: OperatorError.self) { try node.types((.uint8, [2]), (.float32, [2]), (.float32, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.float32, [2]), (.float64, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.float32, [3]), (.float32, [1])) }
    #expect(throws: GraphError.self) {
      try node.result(Tensor([true, false]), Tensor([1.0, 2, 3]), Tensor(scalar: 1.0), shapes: [[nil], [3], []])
    }
  }
}
