import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ScatterNDTests {
  @Test(arguments: try OperatorCase.load("ScatterND")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func gradientOfReplacedSlices() throws {
    let rows = Tensor([2, 1, 0, -1] as [Int64], shape: [2, 2])
    try expectAdjoint(try TestNode("ScatterND"), [0: [3, 4, 2], 2: [2, 2]], constants: [1: rows])
    try expectAdjoint(try TestNode("ScatterND"), [0: [3, 4]], constants: [1: indices(1), 2: Tensor(zeros: .float64, shape: [4])])
  }

  @Test func gradientOfSums() throws {
    let rows = Tensor([1, 1, 0] as [Int64], shape: [3, 1])
    try expectAdjoint(try TestNode("ScatterND", ["reduction": .string("add")]), [0: [3, 2], 2: [3, 2]], constants: [1: rows])
  }

  @Test func extremesKeepNaN() throws {
    for name in ["max", "min"] {
      let node = try TestNode("ScatterND", ["reduction": .string(name)])
      let values = try node.run([Tensor([.nan, 1] as [Float]), Tensor([0, 1] as [Int64], shape: [2, 1]), Tensor([2, .nan] as [Float])])
      #expect(values[0].tensor?.array(of: Float.self).allSatisfy(\.isNaN) == true)
    }
  }

  @Test func halfPrecisionIsAddedInSingle() throws {
    let node = try TestNode("ScatterND", ["reduction": .string("add")])
    let updates = Tensor([Float16](repeating: 0.25, count: 4)), places = Tensor([0, 0, 0, 0] as [Int64], shape: [4, 1])
    // In float16 each 1024 + 0.25 would be 1024 again.
    let y = try node.run([Tensor([1024] as [Float16]), places, updates])[0].tensor
    #expect(y?.array(of: Float16.self) == [1025])
  }

  @Test func refusals() throws {
    let node = try TestNode("ScatterND")
    expectRefusal("index 3 lies outside axis 0") { try node.folded([zeros(3, 2), indices(3), zeros(2)]) }
    expectRefusal("index -4 lies outside axis 0") { try node.run([zeros(3, 2), indices(-4), zeros(2)]) }
    expectRefusal("must have the shape of the slices") { try node.folded([zeros(3, 2), indices(1), zeros(3)]) }
    expectRefusal("updates must be float32") { try node.folded([zeros(3), indices(1), Tensor(scalar: 1.0)]) }
    expectRefusal("reduction must be") { try TestNode("ScatterND", ["reduction": .string("mean")]) }
  }

  /// Slices that meet twice; nothing is 0 or equal.
  @Test(arguments: ["add", "mul", "max", "min"]) func gradientOfReductions(_ reduction: String) throws {
    let node = try TestNode("ScatterND", ["reduction": .string(reduction)])
    let rows = Tensor([1, -1, 1, 0] as [Int64], shape: [4, 1])
    try expectDifferences(node, [randomTensor([3, 2], seed: 1), rows, randomTensor([4, 2], seed: 2)], wanted: [0, 2])
    let cells = Tensor([1, 1, 0, 0, 1, -1] as [Int64], shape: [1, 3, 2])
    try expectDifferences(node, [randomTensor([2, 2], seed: 3), cells, randomTensor([1, 3], seed: 4)], wanted: [0, 2])
  }

  /// By hand: 0 and 1 in `X`, each with 0 and with 1.
  @Test func truthValues() throws {
    for (reduction, wanted) in [("add", [0, 1, 1, 1]), ("max", [0, 1, 1, 1]), ("mul", [0, 0, 0, 1]), ("min", [0, 0, 0, 1])] {
      let node = try TestNode("ScatterND", ["reduction": .string(reduction)])
      let y = try node.result(
        Tensor([false, true, false, true]), Tensor([0, 1, 2, 3] as [Int64], shape: [4, 1]), Tensor([false, false, true, true]))
      #expect(y.integers == wanted)
    }
  }
}
