import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CastTests {
  @Test(arguments: try OperatorCase.load("Cast"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// The result is rounded to float32, so that differences of 1e-6 are lost.
  @Test(arguments: try OperatorCase.load("Cast", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: false)
  }

  @Test func unknownShapesAreKept() throws {
    #expect(try TestNode("Cast", ["to": .int(7)]).types((.float32, [nil, 3])) == [ValueType(.int64, [nil, 3])])
  }

  @Test func refusesTypesThatThereAreNot() {
    for number in [0, 8, 14, 17, 22, -1, 1000] {
      #expect(throws: OperatorError.unsupported("there is no cast to \(Self.names[number] ?? "") here")) {
        try TestNode("Cast", ["to": .int(number)])
      }
    }
    #expect(throws: OperatorError.attribute("attribute to is missing: the type to cast to")) { try TestNode("Cast") }
    #expect(throws: OperatorError.self) { try TestNode("Cast", ["to": .int(1), "saturate": .int(2)]) }
  }

  private static let names = [
    0: "no element type", 8: "string", 14: "complex64", 17: "float8e4m3fn", 22: "int4", -1: "element type number -1",
    1000: "element type number 1000",
  ]

  @Test func noGradientFlowsThroughIntegers() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [2] as Shape))
    let y = try builder.add(Cast(to: .float64), builder.add(Cast(to: .int32), x))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let (whole, gradients) = try graph.differentiating(y, seed: Tensor([1.0, 1.0]), withRespectTo: [x])
    #expect(whole.constant(gradients[0])?.doubles == [0, 0])
  }
}
