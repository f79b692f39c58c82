import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// What the operators on two broadcast operands refuse alike.
@Suite struct BroadcastingTests {
  @Test(arguments: ["Add", "Div", "Greater", "Less", "Max", "Min", "Mod", "Mul", "Sub"])
  func refusesWhatDoesNotFit(_ name: String) throws {
    let node = try TestNode(name, name == "Mod" ? ["fmod": .int(1)] : [:])
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float64, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.bool, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float32, [3])) }
    #expect(throws: GraphError.self) { try node.result(Tensor([1, 2, 3] as [Int64]), Tensor([1, 2] as [Int64]), shapes: [[3], [nil]]) }
    #expect(throws: GraphError.self) { try node.result(Tensor([1, 2, 3] as [Float]), Tensor([1, 2] as [Float]), shapes: [[3], [nil]]) }
    #expect(throws: GraphError.self) { try node.result(Tensor([1.0, 2, 3]), Tensor([1.0, 2]), shapes: [[3], [nil]]) }
  }

  @Test(arguments: ["Greater", "Less"]) func truthValuesHaveNoOrder(_ name: String) throws {
    #expect(throws: OperatorError.operands("truth values have no order")) { try TestNode(name).types((.bool, [2]), (.bool, [2])) }
  }

  @Test func integersModuloWithoutFmodMustFitToo() throws {
    #expect(throws: GraphError.self) {
      try TestNode("Mod").result(Tensor([1, 2, 3] as [Int64]), Tensor([1, 2] as [Int64]), shapes: [[3], [nil]])
    }
  }
}
