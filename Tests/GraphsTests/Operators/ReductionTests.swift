import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Reductions that no network of the reference cases uses; by hand.
@Suite struct ReductionTests {
  private static let x = Tensor([1, -2, 3, -4, 5, -6.0], shape: [2, 3])

  @Test(arguments: [
    ("ReduceSum", [2, -5]), ("ReduceMax", [3, 5]), ("ReduceMin", [-2, -6]), ("ReduceProd", [-6, 120]), ("ReduceL1", [6, 15]),
    ("ReduceSumSquare", [14, 77]),
  ] as [(String, [Double])])
  func numbers(_ name: String, _ expected: [Double]) throws {
    let node = try TestNode(name, opset: 11, ["axes": .ints([1]), "keepdims": .int(0)])
    #expect(try node.result(Self.x).doubles == expected)
    let integers = Tensor(Self.x.doubles.map { Int32($0) }, shape: [2, 3])
    #expect(try node.result(integers).integers == expected.map { Int($0) })
    let signed = Tensor(Self.x.doubles.map { Int64($0) }, shape: [3, 2]).reshaped([2, 3, 1])
    #expect(try node.result(signed).integers == expected.map { Int($0) })
  }

  /// Axes that are no neighbours: x[i][j][k] = 4i + 2j + k, reduced over i and k.
  @Test func separatedAxes() throws {
    let node = try TestNode("ReduceSum", opset: 11, ["axes": .ints([2, 0]), "keepdims": .int(1)])
    let y = try node.result(Tensor((0..<8).map { Int64($0) }, shape: [2, 2, 2]))
    #expect(y.shape == [1, 2, 1] && y.integers == [0 + 1 + 4 + 5, 2 + 3 + 6 + 7])
  }

  @Test func wrappingAround() throws {
    let y = try TestNode("ReduceL1", opset: 11).result(Tensor([Int64.min, 0]))
    #expect(y.integers == [.min])
  }

  @Test(
    arguments: ["ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceSumSquare", "ReduceProd", "ReduceLogSumExp"], [[1], [0, 2], []])
  func gradients(_ name: String, _ axes: [Int]) throws {
    for keeps in [0, 1] {
      try expectDifferences(
        try TestNode(name, opset: 11, ["axes": .ints(axes), "keepdims": .int(keeps)]), [randomTensor([2, 3, 2], seed: 1)], wanted: [0])
    }
  }

  @Test(arguments: [[1], [0, 2], []]) func gradientsOfLogarithms(_ axes: [Int]) throws {
    let x = Tensor(randomTensor([2, 3, 2], seed: 1).doubles.map { $0 + 1.5 }, shape: [2, 3, 2])
    try expectDifferences(try TestNode("ReduceLogSum", opset: 11, ["axes": .ints(axes)]), [x], wanted: [0])
  }

  /// Products of none, one and two zeros, as PyTorch gives them.
  @Test func productsWithZeros() throws {
    let x = Tensor([2, 5, 3, 2, 0, 3, 0, 4, 0.0], shape: [3, 3])
    let gradients = try TestNode("ReduceProd", opset: 11, ["axes": .ints([1])]).gradients(x, seed: Tensor([1, 1, 1.0], shape: [3, 1]))
    #expect(gradients[0] == [15, 6, 10, 0, 6, 0, 0, 0, 0])
  }

  /// Neither overflow nor, of nothing or of -∞, NaN. log(exp 1000 + exp 1001 + exp -5) by PyTorch 2.
  @Test func extremeLogarithms() throws {
    let node = try TestNode("ReduceLogSumExp", ["keepdims": .int(0)])
    func result(_ numbers: [Double]) throws -> Double { try node.result(Tensor(numbers)).doubles[0] }
    #expect(abs(try result([1000, 1001, -5]) - 1001.3132616875182) < 1e-12)
    #expect(try result([]) == -.infinity && result([-.infinity, -.infinity]) == -.infinity && result([.infinity, 0]) == .infinity)
    #expect(try result([0, .nan, 3]).isNaN && result([.nan, .infinity]).isNaN)
    #expect(try TestNode("ReduceLogSum").result(Tensor(zeros: .float32, shape: [0])).doubles == [-.infinity])
    let gradient = try TestNode("ReduceLogSumExp").gradients(Tensor([-Double.infinity, -.infinity]), seed: Tensor([1.0]))
    #expect(gradient == [[0, 0]])
  }

  /// √25 = 5, √24 and log 24, cut off.
  @Test func integersThroughRealNumbers() throws {
    #expect(try TestNode("ReduceL2").result(Tensor([-3, 4] as [Int32])).integers == [5])
    #expect(try TestNode("ReduceMean").result(Tensor([Int8](repeating: 100, count: 300))).integers == [100])
    #expect(try TestNode("ReduceMean").result(Tensor([-3, -4] as [Int64])).integers == [-3])
    #expect(try TestNode("ReduceL2", opset: 13).result(Tensor([4, 2, 2] as [UInt64])).integers == [4])
    #expect(try TestNode("ReduceLogSum").result(Tensor([20, 4] as [Int64])).integers == [3])
    #expect(try TestNode("ReduceLogSumExp").result(Tensor([20, 20] as [UInt32])).integers == [20])
  }

  @Test func truthValues() throws {
    let x = Tensor([true, false, false, false], shape: [2, 2])
    let axes = Tensor([1] as [Int64])
    func result(_ name: String, _ x: Tensor) throws -> [Bool] {
      try TestNode(name, ["keepdims": .int(0)], operands: 2).result(x, axes).array(of: Bool.self)
    }
    #expect(try result("ReduceMax", x) == [true, false])
    #expect(try result("ReduceMin", x) == [false, false])
    let nothing = Tensor(zeros: .bool, shape: [1, 0])
    #expect(try result("ReduceMin", nothing) == [true] && result("ReduceMax", nothing) == [false])
    expectRefusal("truth values") { try TestNode("ReduceSum").types((.bool, [2])) }
  }

  /// As PyTorch's `amax`.
  @Test func equalsShareTheGradient() throws {
    let node = try TestNode("ReduceMax", ["keepdims": .int(0)])
    #expect(try node.gradients(Tensor([7.0, 1, 7, 7]), seed: Tensor(scalar: 3.0)) == [[1, 0, 1, 1]])
  }

  @Test func refusals() {
    expectRefusal("must be 0 or 1") { try TestNode("ReduceMax", ["keepdims": .int(2)]).folded([Self.x]) }
    expectRefusal("does not exist") { try TestNode("ReduceLogSum", opset: 11, ["axes": .ints([2])]).folded([Self.x]) }
  }
}
