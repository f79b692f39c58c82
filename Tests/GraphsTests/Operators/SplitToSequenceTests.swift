import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SplitToSequenceTests {
  @Test(arguments: try OperatorCase.load("SplitToSequence"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func refusals() throws {
    let node = try TestNode("SplitToSequence")
    expectRefusal("do not add up") { try node.folded([zeros(5), indices(2, 2)]) }
    expectRefusal("0 is not the size") { try node.folded([zeros(5), Tensor(scalar: Int64(0))]) }
    expectRefusal("axis 0 does not exist") { try node.folded([Tensor(scalar: Float(0))]) }
    expectRefusal("longer than 65536") { try node.folded([zeros(1 << 40, 0)]) }
    expectRefusal("longer than 65536") { try node.run([zeros(1 << 40, 0)], extentsAreKnown: false) }
    expectRefusal("do not add up") { try node.run([zeros(5), indices(2, 2)], extentsAreKnown: false) }
  }
}
