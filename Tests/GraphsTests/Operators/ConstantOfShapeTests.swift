import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ConstantOfShapeTests {
  @Test(arguments: try OperatorCase.load("ConstantOfShape"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func refusals() throws {
    let node = try TestNode("ConstantOfShape")
    expectRefusal("an extent is negative") { try node.folded([indices(2, -1)]) }
    expectRefusal("must hold integers") { try node.folded([zeros(1)]) }
    expectRefusal("one element, not 2") { try TestNode("ConstantOfShape", ["value": .tensor(zeros(2))]) }
    expectRefusal("more elements than can be counted") { try node.folded([indices(.max, .max)]) }
    expectRefusal("more than the") { try node.folded([indices(1 << 47)]) }
    expectRefusal("more than the") { try node.run([indices(1 << 47)]) }
    expectRefusal("an extent is negative") { try node.run([indices(-1)]) }
  }
}
