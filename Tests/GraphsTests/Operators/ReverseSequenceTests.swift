import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReverseSequenceTests {
  @Test func gradients() throws {
    try expectAdjoint(try TestNode("ReverseSequence"), [0: [4, 3, 2]], constants: [1: indices(4, 0, 3)])
    let batched = try TestNode("ReverseSequence", ["batch_axis": .int(0), "time_axis": .int(1)])
    try expectAdjoint(batched, [0: [3, 4]], constants: [1: indices(1, 2, 4)])
  }

  @Test func refusals() throws {
    let node = try TestNode("ReverseSequence")
    expectRefusal("between 0 and the 4 positions") { try node.run([zeros(4, 1), indices(5)]) }
    expectRefusal("between 0 and the 4 positions") { try node.folded([zeros(4, 1), indices(-1)]) }
    expectRefusal("one for each item") { try node.folded([zeros(4, 1), indices(1, 1)]) }
    expectRefusal("a time axis and a batch axis") { try node.folded([zeros(4), indices(1)]) }
    expectRefusal("0 and 1 in some order") { try TestNode("ReverseSequence", ["batch_axis": .int(0)]) }
  }
}
