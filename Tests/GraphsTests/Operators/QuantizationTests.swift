import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct QuantizationTests {
  @Test func halvesGoToTheEvenInteger() throws {
    let x = Tensor([-3, -1, 1, 3, 5, 1000, -1000, .nan, .infinity] as [Float])
    let y = try TestNode("QuantizeLinear", operands: 3).result(x, Tensor(scalar: Float(2)), Tensor(scalar: Int8(1)))
    #expect(y.integers == [-1, 1, 1, 3, 3, 127, -128, 1, 127])
  }

  @Test func typeOfTheDivision() throws {
    // 2049 is no float16: the quotient is 2048 there.
    let x = Tensor([2049] as [Float]), scale = Tensor(scalar: Float(1)), zero = Tensor(scalar: Int16(0))
    #expect(try TestNode("QuantizeLinear", opset: 23, operands: 3).result(x, scale, zero).integers == [2049])
    #expect(try TestNode("QuantizeLinear", opset: 23, ["precision": .int(10)], operands: 3).result(x, scale, zero).integers == [2048])
    #expect(try TestNode("QuantizeLinear", opset: 23, operands: 3).result(x, scale.converted(to: .float16), zero).integers == [2048])
    // Integers and powers of two leave the division exact.
    let large = Tensor([1 << 24 + 1] as [Int32]), divisor = Tensor(scalar: Int32(1 << 10))
    #expect(try TestNode("QuantizeLinear", opset: 25, operands: 3).result(large, divisor, zero).integers == [16384])
    #expect(try TestNode("QuantizeLinear", opset: 25).result(x, Tensor(scalar: Float(16)).converted(to: .float8e8m0)).integers == [128])
  }

  @Test func blocks() throws {
    let x = Tensor((0..<10).map(Float.init), shape: [2, 5]), scale = Tensor([1, 2, 4, 1, 2, 4] as [Float], shape: [2, 3])
    let node = try TestNode("QuantizeLinear", opset: 21, ["block_size": .int(2), "axis": .int(-1), "output_dtype": .int(4)])
    #expect(try node.result(x, scale).integers == [0, 1, 1, 2, 1, 5, 6, 4, 4, 2])
    let back = try TestNode("DequantizeLinear", opset: 21, ["block_size": .int(2)]).result(try node.result(x, scale), scale)
    #expect(back.doubles == [0, 1, 2, 4, 4, 5, 6, 8, 8, 8])
  }

  @Test func dynamicScale() throws {
    // numpy: scale = 5/255, zero point = round(102)
    let y = try TestNode("DynamicQuantizeLinear", opset: 11, results: 3).run([Tensor([-2, 0, 3] as [Float])])
    #expect(y.compactMap(\.tensor).map(\.doubles) == [[0, 102, 255], [Double(Float(5) / 255)], [102]])
    let zeros = try TestNode("DynamicQuantizeLinear", opset: 11, results: 3).run([Tensor([0, 0] as [Float])])
    #expect(zeros.compactMap(\.tensor).map(\.doubles) == [[0, 0], [1], [0]])
  }

  @Test func gradientsOfScales() throws {
    let x = Tensor([3, -4, 5, 6, 7, -8] as [Int8], shape: [2, 3])
    let cases: [([String: AttributeValue], Shape)] = [
      ([:], []), (["axis": .int(0)], [2]), (["axis": .int(1)], [3]), (["axis": .int(1), "block_size": .int(2)], [2, 2]),
    ]
    for (attributes, shape) in cases {
      let zero = Tensor((0..<shape.count).map { Int8($0 - 1) }, shape: shape)
      try expectDifferences(
        TestNode("DequantizeLinear", opset: 21, attributes, operands: 3), [x, randomTensor(shape, seed: 3), zero], wanted: [1])
    }
  }

  /// Nothing flows through the rounding, also where it is undone at once.
  @Test func roundingStopsGradients() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [3] as Shape)), scale = builder.constant(Tensor(scalar: Float(0.5)))
    let y = try builder.add("DequantizeLinear", [:], [builder.add("QuantizeLinear", [:], [x, scale]), scale])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let gradients = try graph.gradients(
      of: y, seed: Tensor([1, 1, 1] as [Float]), withRespectTo: [x], for: ["x": Tensor([1, 2, 3] as [Float])])
    #expect(gradients[0].doubles == [0, 0, 0])
  }

  @Test func refusals() throws {
    let x = zeros(2, 3), node = try TestNode("QuantizeLinear", operands: 3)
    expectRefusal("4 scales do not fit axis 1 of 2×3") { try node.folded([x, zeros(4), nil]) }
    expectRefusal("axis 5 does not exist") { try TestNode("QuantizeLinear", ["axis": .int(5)]).folded([x, zeros(2)]) }
    expectRefusal("must have the shape of the scale") { try node.folded([x, zeros(3), Tensor([0, 0] as [UInt8])]) }
    expectRefusal("have 2×2 scales, not 2×3") { try TestNode("QuantizeLinear", ["block_size": .int(2)]).folded([x, zeros(2, 3)]) }
    expectRefusal("not quantized to float32") { try TestNode("QuantizeLinear", ["output_dtype": .int(1)]).folded([x, zeros()]) }
    expectRefusal("must be of a floating-point type or int32, not int64") { try node.folded([indices(1), zeros(), nil]) }
    expectRefusal("must not be negative") { try TestNode("DequantizeLinear", ["block_size": .int(-1)]) }
    expectRefusal("must have its type, int8, not uint8") {
      try TestNode("DequantizeLinear", operands: 3).folded([Tensor([1] as [Int8]), zeros(), Tensor(scalar: UInt8(0))])
    }
  }
}
