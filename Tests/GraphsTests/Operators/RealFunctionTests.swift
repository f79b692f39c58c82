import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Operators that apply one smooth function, or one that bends, to each number.
@Suite struct RealFunctionTests {
  /// Results of NumPy 2 (SciPy's definition for Mish, PyTorch 2 for the linear units), to the last digits.
  @Test(arguments: [
    ("Mish", [:], [-0.29809974216680674, 0.1695724096638176, 1.9439589595339946]),
    ("Elu", ["alpha": .float(0.5)], [-0.3884349199257851, 0.25, 2]),
    ("Celu", ["alpha": .float(2)], [-1.0552668945179706, 0.25, 2]),
    ("Softsign", [:], [-0.6, 0.2, 2.0 / 3]),
    ("ThresholdedRelu", ["alpha": .float(0.25)], [0, 0, 2]),
    ("Shrink", ["lambd": .float(1), "bias": .float(0.5)], [-1, 0, 1.5]),
    ("Sign", [:], [-1, 1, 1]),
    ("Round", [:], [-2, 0, 2]),
    ("Swish", ["alpha": .float(0)], [-0.75, 0.125, 1]),
  ] as [(String, [String: AttributeValue], [Double])])
  func results(_ name: String, _ attributes: [String: AttributeValue], _ expected: [Double]) throws {
    let node = try TestNode(name, opset: 28, attributes), x = Tensor([-1.5, 0.25, 2])
    #expect(isClose(try node.result(x).doubles, expected))
    #expect(isClose(try node.result(x.converted(to: .float32)).doubles, expected, tolerance: 1e-7))
    #expect(isClose(try node.result(x.converted(to: .float16)).doubles, expected, tolerance: 1e-3))
  }

  /// The default values are float32 numbers, in version 1 of five digits.
  @Test(arguments: [(22, 1.67326319217681884765625, 1.05070102214813232421875), (5, Double(Float(1.6732)), Double(Float(1.0507)))])
  func selu(_ opset: Int, _ alpha: Double, _ gamma: Double) throws {
    let y = try TestNode("Selu", opset: opset).result(Tensor([-1.5, 0.25, 2])).doubles
    #expect(isClose(y, [gamma * alpha * -0.7768698398515702, 0.25 * gamma, 2 * gamma], tolerance: opset < 6 ? 1e-5 : 1e-14))
  }

  private static let smooth: [(String, [String: AttributeValue], ClosedRange<Double>)] = [
    ("Acos", [:], -0.95...0.95), ("Asin", [:], -0.95...0.95), ("Atan", [:], -5...5), ("Cos", [:], -7...7), ("Sin", [:], -7...7),
    ("Tan", [:], -1.2...1.2), ("Acosh", [:], 1.1...9), ("Asinh", [:], -5...5), ("Atanh", [:], -0.95...0.95), ("Cosh", [:], -3...3),
    ("Sinh", [:], -3...3), ("Softsign", [:], -3...3), ("Mish", [:], -4...4), ("Elu", ["alpha": .float(0.5)], -3...3),
    ("Celu", ["alpha": .float(2)], -3...3), ("Celu", ["alpha": .float(-2)], -3...3),
    ("Selu", ["alpha": .float(2), "gamma": .float(3)], -3...3), ("Swish", [:], -4...4), ("Swish", ["alpha": .float(-1.5)], -4...4),
    ("Shrink", ["bias": .float(0.25)], -2...2), ("ThresholdedRelu", [:], -2...2),
  ]

  @Test(arguments: smooth) func gradients(_ name: String, _ attributes: [String: AttributeValue], _ range: ClosedRange<Double>) throws {
    let node = try TestNode(name, opset: 28, attributes)
    for shape in [[], [7], [2, 1, 3]] as [Shape] {
      let x = randomTensor(shape, seed: 1).doubles.map { range.lowerBound + ($0 + 1) / 2 * (range.upperBound - range.lowerBound) }
      try expectDifferences(node, [Tensor(x, shape: shape)], wanted: [0])
    }
  }

  /// Derivatives where a function bends, as PyTorch 2 gives them.
  @Test(arguments: [
    ("Elu", ["alpha": .float(0.5)], 0, 0.5), ("Celu", ["alpha": .float(2)], 0, 1), ("Selu", [:], 0, 1.7580993408473766),
    ("ThresholdedRelu", ["alpha": .float(0)], 0, 0), ("Shrink", ["lambd": .float(0.5)], 0.5, 0),
    ("Shrink", ["lambd": .float(0.5)], -0.5, 0),
  ] as [(String, [String: AttributeValue], Double, Double)])
  func bends(_ name: String, _ attributes: [String: AttributeValue], _ x: Double, _ expected: Double) throws {
    let gradient = try TestNode(name, attributes).gradients(Tensor([x]), seed: Tensor([1.0]))[0]
    #expect(isClose(gradient, [expected], tolerance: 1e-7))
  }

  @Test func extremeNumbers() throws {
    func result(_ name: String, _ x: [Double]) throws -> [Double] { try TestNode(name, opset: 24).result(Tensor(x)).doubles }
    #expect(try result("Mish", [1000, -1000]) == [1000, 0])
    #expect(try result("Elu", [-.infinity, .infinity]) == [-1, .infinity])
    #expect(try result("Atanh", [1, -1]) == [.infinity, -.infinity])
    #expect(try result("Acos", [1.5])[0].isNaN && result("Acosh", [0.5])[0].isNaN && result("Sign", [.nan])[0].isNaN)
    #expect(try result("Round", [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994]) == [0, 2, 2, 0, -2, 0])
    #expect(try TestNode("Mish").gradients(Tensor([1000.0, -1000]), seed: Tensor([1.0, 1]))[0] == [1, 0])
  }

  @Test func integers() throws {
    #expect(try TestNode("Sign").result(Tensor([Int8.min, 0, 7])).integers == [-1, 0, 1])
    #expect(try TestNode("Sign").result(Tensor([UInt64.max, 0])).integers == [1, 0])
    // X ± 1.5 cut off, and never below 0 for a type without sign.
    let attributes: [String: AttributeValue] = ["lambd": .float(1.5), "bias": .float(1.5)]
    #expect(try TestNode("Shrink", attributes).result(Tensor([-4, -1, 0, 1, 4] as [Int32])).integers == [-2, 0, 0, 0, 2])
    #expect(try TestNode("Shrink", ["bias": .float(9)]).result(Tensor([5, 20] as [UInt8])).integers == [0, 11])
  }

  @Test func refusals() throws {
    for name in ["Cos", "Atanh", "Round", "Elu", "Mish"] {
      expectRefusal("floating-point") { try TestNode(name).types((.int32, [2])) }
    }
    expectRefusal("truth values") { try TestNode("Sign").types((.bool, [2])) }
    expectRefusal("must not be 0") { try TestNode("Celu", ["alpha": .float(0)]) }
    expectRefusal("must be a number") { try TestNode("Elu", ["alpha": .int(1)]) }
  }

  @Test func gatedUnits() throws {
    let node = try TestNode("SwiGLU", opset: 28, ["alpha": .float(1.25)], operands: 2)
    for shape in [[], [2, 3]] as [Shape] {
      try expectDifferences(node, [randomTensor(shape, seed: 1), randomTensor(shape, seed: 2)], wanted: [0, 1])
    }
    // 2 · 1 / (1 + exp -1.25) and 3 · 0 / 2.
    let y = try node.result(Tensor([1.0, 0]), Tensor([2.0, 3])).doubles
    #expect(isClose(y, [2 * 0.7772998611746911, 0]))
    expectRefusal("one shape") { try node.types((.float32, [2, 3]), (.float32, [3])) }
    expectRefusal("floating-point") { try node.types((.int32, [3]), (.int32, [3])) }
  }

  @Test func questions() throws {
    let x = Tensor([.nan, .infinity, -.infinity, 1] as [Float])
    func result(_ name: String, _ attributes: [String: AttributeValue], _ x: Tensor) throws -> [Bool] {
      try TestNode(name, attributes).result(x).array(of: Bool.self)
    }
    #expect(try result("IsNaN", [:], x) == [true, false, false, false])
    #expect(try result("IsInf", [:], x.converted(to: .bfloat16)) == [false, true, true, false])
    #expect(try result("IsInf", ["detect_negative": .int(0)], x.converted(to: .float64)) == [false, true, false, false])
    #expect(try result("IsInf", ["detect_positive": .int(0)], x) == [false, false, true, false])
    expectRefusal("floating-point") { try TestNode("IsNaN").types((.int32, [2])) }
    expectRefusal("must be 0 or 1") { try TestNode("IsInf", ["detect_positive": .int(2)]) }
  }
}
