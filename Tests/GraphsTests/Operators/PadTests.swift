import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct PadTests {
  @Test(arguments: try OperatorCase.load("Pad")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Pad", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  static let pads: [[Int64]] = [[1, 2, 0, 1], [-1, 2, 2, -1], [0, -2, 0, -1], [2, 0, 7, 9], [-2, 3, 0, -3]]

  @Test(arguments: ["constant", "edge", "reflect", "wrap"], pads) func adjoint(_ mode: String, _ pads: [Int64]) throws {
    try expectAdjoint(try TestNode("Pad", opset: 19, ["mode": .string(mode)]), [0: [3, 5]], constants: [1: Tensor(pads)])
  }

  /// By hand, further than the elements reach once.
  @Test func repetitions() throws {
    let x = Tensor([1, 2, 3] as [Float])
    func padded(_ mode: String) throws -> [Float]? {
      try TestNode("Pad", opset: 19, ["mode": .string(mode)]).run([x, indices(4, 5)])[0].tensor?.array(of: Float.self)
    }
    #expect(try padded("edge") == [1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3])
    #expect(try padded("wrap") == [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2])
    #expect(try padded("reflect") == [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2])
  }

  @Test func firstVersion() throws {
    let node = try TestNode("Pad", opset: 1, ["paddings": .ints([1, 2]), "value": .float(7)])
    #expect(try node.result(Tensor([1, 2] as [Float])).doubles == [7, 1, 2, 7, 7])
  }

  @Test func nothingIsForwarded() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [nil, nil]))
    let op = try TestNode("Pad").op
    #expect(try builder.add(op, x, builder.constant(indices(0, 0, 0, 0))) == x)
    // The type stays, the elements do not.
    let y = builder.input("y", ValueType(.float32, [3]))
    #expect(try builder.add(op, y, builder.constant(indices(-1, 1))) != y)
  }

  @Test func refusals() throws {
    let node = try TestNode("Pad")
    expectRefusal("more elements are taken from axis 0") { try node.folded([zeros(3), indices(-2, -2)]) }
    expectRefusal("take 4 numbers") { try node.folded([zeros(3, 2), indices(1, 1)]) }
    expectRefusal("axis 1 does not exist") { try node.folded([zeros(3), indices(1, 1), nil, indices(1)]) }
    expectRefusal("too many") { try node.folded([zeros(3), indices(.max, .max)]) }
    expectRefusal("too many") { try node.folded([zeros(3), indices(.min, 0)]) }
    expectRefusal("value must be float32") { try node.folded([zeros(3), indices(1, 1), indices(0)]) }
    expectRefusal("value must be one number") { try node.folded([zeros(3), indices(1, 1), zeros(2)]) }
    expectRefusal("are missing") { try node.folded([zeros(3)]) }
    expectRefusal("mode must be") { try TestNode("Pad", ["mode": .string("mirror")]) }
    expectRefusal("no elements that could be repeated") {
      _ = try TestNode("Pad", ["mode": .string("edge")]).folded([zeros(0), indices(1, 1)])
    }
    expectRefusal("more elements are taken") { try node.run([zeros(3), indices(-2, -2)]) }
  }

  @Test func giantResultsAreRefused() throws {
    for mode in ["constant", "reflect"] {
      let node = try TestNode("Pad", ["mode": .string(mode)])
      expectRefusal("than") { try node.folded([zeros(2, 2), indices(1 << 47, 1 << 47, 0, 0)]) }
      expectRefusal("than") { try node.run([zeros(2, 2), indices(1 << 44, 0, 0, 0)]) }
      // Nothing to compute, however long an axis is.
      let y = try node.run([zeros(2, 2), indices(1 << 40, -1, 0, -1)])[0].tensor
      #expect(y?.shape == [(1 << 40) + 2, 0])
    }
  }

  /// Axes that get shorter come first: no tensor on the way is larger than both ends.
  @Test func cropsBeforeItGrows() throws {
    let node = try TestNode("Pad", ["mode": .string("edge")])
    let y = try node.run([zeros(1, 1 << 22), indices((1 << 22) - 1, 0, 0, 1 - (1 << 22))])
    #expect(y[0].tensor?.shape == [1 << 22, 1])
  }
}
