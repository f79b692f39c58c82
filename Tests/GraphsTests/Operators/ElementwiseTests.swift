import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// What the functions of one number refuse alike.
@Suite struct ElementwiseTests {
  @Test(arguments: [
    "Ceil", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Log", "Reciprocal", "Sigmoid",
    "Softplus", "Sqrt", "Tanh",
  ])
  func refusesIntegers(_ name: String) throws {
    let error = #expect(throws: OperatorError.self) { try TestNode(name).types((.int64, [2])) }
    #expect(error?.description.contains("floating-point") == true)
  }
}
