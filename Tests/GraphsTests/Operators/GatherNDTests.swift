import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GatherNDTests {
  @Test(arguments: try OperatorCase.load("GatherND")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func repeatedIndicesAddUp() throws {
    let node = try TestNode("GatherND")
    try expectAdjoint(node, [0: [3, 4, 2]], constants: [1: Tensor([0, 1, 2, -1, 0, 1] as [Int64], shape: [3, 2])])
    try expectAdjoint(node, [0: [3, 4]], constants: [1: Tensor([2, 3, 2, 3, -1, -1] as [Int64], shape: [3, 2])])
    try expectAdjoint(node, [0: [3, 4]], constants: [1: Tensor([] as [Int64], shape: [0, 1])])
    let batched = try TestNode("GatherND", ["batch_dims": .int(1)])
    try expectAdjoint(batched, [0: [2, 3, 4]], constants: [1: Tensor([1, 1, 2, 0] as [Int64], shape: [2, 2, 1])])
  }

  @Test func refusals() throws {
    let node = try TestNode("GatherND")
    expectRefusal("index 3 lies outside axis 0") { try node.folded([zeros(3, 2), indices(3)]) }
    expectRefusal("lies outside axis 1") { try node.run([zeros(3, 2), indices(0, .min)]) }
    expectRefusal("too many") { try node.folded([zeros(3, 2), indices(0, 0, 0)]) }
    expectRefusal("no coordinates") { try node.folded([zeros(3, 2), Tensor(scalar: Int64(0))]) }
    expectRefusal("indices must be integers") { try node.folded([zeros(3, 2), zeros(1)]) }
    expectRefusal("batch_dims") { try TestNode("GatherND", ["batch_dims": .int(-1)]) }
    expectRefusal("batch axis 0") {
      _ = try TestNode("GatherND", ["batch_dims": .int(1)]).folded([zeros(3, 2), Tensor(zeros: .int64, shape: [2, 1])])
    }
    expectRefusal("no coordinates") { try TestNode("GatherND", ["batch_dims": .int(.max)]).folded([zeros(3, 2), indices(0)]) }
  }
}
