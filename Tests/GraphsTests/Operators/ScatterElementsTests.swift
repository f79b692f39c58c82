import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ScatterElementsTests {
  @Test(arguments: ["none", "add", "mul", "max", "min"], 0..<3) func gradients(_ reduction: String, _ axis: Int) throws {
    let node = try TestNode("ScatterElements", ["axis": .int(axis - 3), "reduction": .string(reduction)])
    // Without a reduction every place is named only once.
    let repeated = Tensor([0, 1, -1, 1, 0, 1, 1, -2] as [Int64], shape: [2, 2, 2])
    let once = Tensor([0, 1, 1, 0, 1, 0, 0, 1] as [Int64], shape: [2, 2, 2])
    let single = Tensor([2, -1, 0, 1] as [Int64], shape: axis == 0 ? [1, 2, 2] : axis == 1 ? [2, 1, 2] : [2, 2, 1])
    for indices in reduction == "none" ? [single] : [repeated, once, single] {
      try expectDifferences(
        node, [randomTensor([3, 3, 3], seed: 5), indices, randomTensor(indices.shape, seed: 6)], wanted: [0, 2])
    }
  }

  private func gradients(
    _ reduction: String, _ x: [Double], _ places: [Int64], _ updates: [Double], seed: [Double], y: [Double]
  ) throws -> [[Double]] {
    let node = try TestNode("ScatterElements", ["reduction": .string(reduction)])
    #expect(try node.result(Tensor(x), Tensor(places), Tensor(updates)).doubles == y)
    let run = try OperatorRun(node, [Tensor(x), Tensor(places), Tensor(updates)], constants: [1])
    let variables = [run.operands[0], run.operands[2]].compactMap { $0 }
    return try run.graph.gradients(of: run.results[0], seed: Tensor(seed), withRespectTo: variables, for: run.inputs).map(\.doubles)
  }

  /// torch 2.6, `scatter_reduce(…, 'prod')`: at places with no zero, one in `X`, one among the updates, one in an update alone, and no
  /// update.
  @Test func productsWithZeros() throws {
    let found = try gradients(
      "mul", [2, 0, 3, 0, 5], [0, 0, 1, 2, 2, 3], [4, 0.5, 7, 0, 6, 0], seed: [1, 2, 3, 4, 5], y: [4, 0, 0, 0, 5])
    #expect(found == [[2, 14, 0, 0, 5], [1, 8, 0, 54, 0, 0]])
  }

  /// torch 2.6, `scatter_reduce(…, 'amax')` and `'amin'`: equals share.
  @Test func ties() throws {
    let x = [1.0, 3, 2], places: [Int64] = [0, 0, 1, 1, 2], updates = [1.0, 1, 3, 2, 5], seed = [6.0, 12, 24]
    #expect(try gradients("max", x, places, updates, seed: seed, y: [1, 3, 5]) == [[2, 6, 0], [2, 2, 6, 0, 24]])
    #expect(try gradients("min", x, places, updates, seed: seed, y: [1, 2, 2]) == [[2, 0, 24], [2, 2, 0, 12, 0]])
  }

  /// torch 2.6, `scatter`: an update that was replaced gets a gradient all the same. The value is that of the last.
  @Test func replacedUpdates() throws {
    #expect(try gradients("none", [1, 2, 3], [2, 0, 2], [5, 6, 7], seed: [1, 2, 4], y: [6, 2, 7]) == [[0, 2, 0], [4, 1, 4]])
  }

  /// By hand; sums wrap around.
  @Test(arguments: [("none", [250, 2]), ("add", [4, 2]), ("mul", [196, 2]), ("max", [250, 2]), ("min", [10, 2])])
  func integers(_ reduction: String, _ wanted: [Int]) throws {
    let node = try TestNode("ScatterElements", ["reduction": .string(reduction)])
    #expect(try node.result(Tensor([10, 2] as [UInt8]), Tensor([0] as [Int32]), Tensor([250] as [UInt8])).integers == wanted)
  }

  /// By hand: every type can be replaced, and numbers alone be added.
  @Test func otherTypes() throws {
    let node = try TestNode("ScatterElements"), places = Tensor([1, -1] as [Int64])
    #expect(try node.result(Tensor(["a", "b", "c"], shape: [3]), places, Tensor(["ä", ""], shape: [2])).texts == ["a", "ä", ""])
    for type in [ElementType.complex128, .complex64, .int4, .float8e5m2, .float16, .bfloat16] {
      let size = type.byteCount
      func tensor(_ count: Int, _ byte: UInt8) -> Tensor {
        Tensor(elementType: type, shape: [count], bytes: Tensor([UInt8](repeating: byte, count: count * size)).bytes)
      }
      let y = try node.result(tensor(3, 1), places, tensor(2, 7))
      #expect(y.elementType == type)
      #expect(y.byteArray == [UInt8](repeating: 1, count: size) + [UInt8](repeating: 7, count: 2 * size))
    }
    let sum = try TestNode("ScatterElements", ["reduction": .string("add")])
    expectRefusal("no arithmetic on string") { try sum.run([Tensor(["a"], shape: [1]), indices(0), Tensor(["b"], shape: [1])]) }
  }

  @Test func predecessor() throws {
    let node = try TestNode("Scatter", opset: 9, ["axis": .int(1)])
    let x = Tensor([1, 2, 3, 4, 5] as [Float], shape: [1, 5]), updates = Tensor([6, 7] as [Float], shape: [1, 2])
    #expect(try node.result(x, Tensor([1, 3] as [Int64], shape: [1, 2]), updates).doubles == [1, 6, 3, 7, 5])
    try expectAdjoint(node, [0: [2, 3], 2: [2, 1]], constants: [1: Tensor([2, 0] as [Int64], shape: [2, 1])])
  }

  @Test func refusals() throws {
    let node = try TestNode("ScatterElements")
    expectRefusal("index 3 lies outside axis 0") { try node.run([zeros(3), indices(3), zeros(1)], extentsAreKnown: false) }
    expectRefusal("lies outside axis 0") { try node.folded([zeros(3), indices(.min), zeros(1)]) }
    expectRefusal("must have the rank") { try node.folded([zeros(3, 2), indices(1), zeros(1)]) }
    expectRefusal("reach beyond axis 1") { try node.folded([zeros(3, 1), Tensor(zeros: .int64, shape: [1, 2]), zeros(1, 2)]) }
    expectRefusal("shape of the indices") { try node.folded([zeros(3), indices(1), zeros(2)]) }
    expectRefusal("updates must be float32") { try node.folded([zeros(3), indices(1), Tensor([1.0])]) }
    expectRefusal("axis 0 does not exist") { try node.folded([Tensor(scalar: 1.0), Tensor(scalar: Int64(0)), Tensor(scalar: 1.0)]) }
    expectRefusal("reduction must be") { try TestNode("ScatterElements", ["reduction": .string("mean")]) }
  }
}
