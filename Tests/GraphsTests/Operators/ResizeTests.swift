import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ResizeTests {
  /// What ONNX Runtime 1.32 makes of 0, 1, 4, 9, 16.
  @Test(arguments: [
    (10, ["mode": .string("linear")], 0.6, [0, 3, 34.0 / 3]),
    (10, ["mode": .string("nearest")], 0.6, [0, 4, 16]),
    (10, [:], 2.5, [0, 0, 0, 1, 1, 4, 4, 4, 9, 9, 16, 16]),
    (
      11, ["coordinate_transformation_mode": .string("tf_half_pixel_for_nn"), "nearest_mode": .string("floor")], 0.6, [0, 4, 16]
    ),
    (13, ["mode": .string("linear"), "coordinate_transformation_mode": .string("asymmetric")], 0.6, [0, 3, 34.0 / 3]),
    (18, ["mode": .string("linear"), "antialias": .int(1)], 0.6, [0.375, 40.0 / 9, 13.375]),
    (
      18, ["mode": .string("cubic"), "antialias": .int(1), "exclude_outside": .int(1)], 0.6,
      [0.045917510986328125, 4.087961673736572, 13.47449016571045]
    ),
  ] as [(Int, [String: AttributeValue], Float, [Double])])
  func versions(_ opset: Int, _ attributes: [String: AttributeValue], _ scale: Float, _ expected: [Double]) throws {
    let x = Tensor([0, 1, 4, 9, 16] as [Float], shape: [1, 5]), scales = Tensor([1, scale])
    let node = try TestNode("Resize", opset: opset, attributes)
    let y = try opset < 11 ? node.result(x, scales) : node.result(x, nil, scales)
    #expect(isClose(y.doubles, expected, tolerance: 2e-6), "\(y.doubles)")
  }

  /// By the reference implementation of ONNX 1.23: rounded to the nearest and clamped.
  @Test func integers() throws {
    let scales = Tensor([1, 2] as [Float]), numbers: [UInt8] = [0, 1, 3, 10, 255]
    let linear = try TestNode("Resize", opset: 19, ["mode": .string("linear")])
    #expect(try linear.result(Tensor(numbers, shape: [1, 5]), nil, scales).integers == [0, 0, 1, 2, 2, 5, 8, 71, 194, 255])
    let cubic = try TestNode("Resize", opset: 19, ["mode": .string("cubic")])
    let large = Tensor(numbers.map { Int64($0) * 1000 }, shape: [1, 5])
    #expect(
      try cubic.result(large, nil, scales).integers == [-105, 156, 562, 1312, 1844, -3816, -17355, 66246, 199738, 280840])
    #expect(try cubic.result(Tensor(numbers, shape: [1, 5]), nil, scales).integers?[5...6] == [0, 0])
    let nearest = try TestNode("Resize", opset: 19)
    #expect(try nearest.result(Tensor([true, false]), nil, Tensor([1.5] as [Float])).integers == [1, 1, 0])
    #expect(try nearest.result(Tensor([1, 2] as [Float16]), nil, Tensor([2] as [Float])).doubles == [1, 1, 2, 2])
    #expect(try linear.result(Tensor([0, 4] as [Float16]), nil, Tensor([2] as [Float])).doubles == [0, 1, 3, 4])
  }

  /// What can only be chosen.
  @Test func textAndComplexNumbers() throws {
    let nearest = try TestNode("Resize"), twice = Tensor([1, 2] as [Float])
    #expect(try nearest.result(Tensor(["a", "bc"], shape: [1, 2]), nil, twice).texts == ["a", "a", "bc", "bc"])
    let numbers = Tensor([1, 2, 3, 4] as [Double])
    let complex = Tensor(elementType: .complex128, shape: [1, 2], bytes: numbers.bytes)
    let y = try nearest.result(complex, nil, twice)
    #expect(Tensor(elementType: .float64, shape: [8], bytes: y.bytes).doubles == [1, 2, 1, 2, 3, 4, 3, 4])
    let linear = try TestNode("Resize", ["mode": .string("linear")])
    expectRefusal("string cannot be interpolated") { try linear.run([Tensor(["a"], shape: [1]), nil, Tensor([2] as [Float])]) }
  }

  @Test func extents() throws {
    let node = try TestNode("Resize", ["axes": .ints([-1])])
    #expect(try node.types((.float32, [nil, 5]), (.float32, [0]), (.float32, [1])) == [ValueType(.float32, [nil, nil])])
    // 10 · 0.7 is 7 in float32.
    #expect(try TestNode("Resize").folded([zeros(1, 10), nil, Tensor([1, 0.7] as [Float])]) == [ValueType(.float32, [1, 7])])
    #expect(try TestNode("Resize").folded([zeros(1, 10), nil, Tensor([1, 0.05] as [Float])]) == [ValueType(.float32, [1, 0])])
  }

  static let modes: [[String: AttributeValue]] = [
    ["mode": .string("nearest"), "nearest_mode": .string("ceil")],
    ["mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"), "nearest_mode": .string("floor")],
    ["mode": .string("linear")],
    ["mode": .string("linear"), "coordinate_transformation_mode": .string("align_corners")],
    ["mode": .string("linear"), "antialias": .int(1)],
    ["mode": .string("cubic"), "coordinate_transformation_mode": .string("pytorch_half_pixel")],
    ["mode": .string("cubic"), "exclude_outside": .int(1), "coordinate_transformation_mode": .string("half_pixel_symmetric")],
  ]

  @Test(arguments: modes, [[5, 7], [2, 3], [1, 9], [3, 4]] as [[Int64]])
  func adjoints(_ attributes: [String: AttributeValue], _ sizes: [Int64]) throws {
    let node = try TestNode("Resize", attributes.merging(["axes": .ints([2, 3])]) { $1 })
    // The region and the scales are constants of no elements, which stand for absent operands.
    let none = Tensor([] as [Float])
    try expectAdjoint(node, [0: [2, 1, 3, 4]], constants: [1: none, 2: none, 3: Tensor(sizes)])
  }

  /// A region that reaches beyond the end: nothing flows back from what has the extrapolated value.
  @Test func cropGradients() throws {
    let node = try TestNode(
      "Resize",
      ["mode": .string("linear"), "coordinate_transformation_mode": .string("tf_crop_and_resize"), "extrapolation_value": .float(7)])
    let region = Tensor([0, 0.25, 1, 1.5] as [Float]), sizes = indices(2, 4)
    try expectDifferences(node, [randomTensor([2, 5], seed: 3), region, nil, sizes], wanted: [0])
    let y = try node.result(Tensor((0..<10).map(Double.init), shape: [2, 5]), region, nil, sizes)
    // Positions 1, 8/3, 13/3 and 6 of 0…4.
    #expect(isClose(y.doubles, [1, 8.0 / 3, 7, 7, 6, 5 + 8.0 / 3, 7, 7]))
  }

  /// Each of four elements was made from the one nearest to it, halves going down.
  @Test func nearestGradient() throws {
    let run = try OperatorRun(
      try TestNode("Resize"), [Tensor([1, 2, 3] as [Double]), nil, nil, indices(4)], constants: [3])
    let x = try #require(run.operands[0])
    let seed = Tensor([1, 10, 100, 1000] as [Double])
    let gradient = try run.graph.gradients(of: run.results[0], seed: seed, withRespectTo: [x], for: run.inputs)
    // Positions -1/8, 5/8, 11/8, 17/8.
    #expect(gradient[0].doubles == [1, 110, 1000])
  }

  @Test func refusals() throws {
    let node = try TestNode("Resize"), x = zeros(1, 4)
    expectRefusal("either scales or sizes must be given, not neither") { try node.folded([x]) }
    expectRefusal("not both") { try node.folded([x, nil, Tensor([1, 1] as [Float]), indices(1, 1)]) }
    expectRefusal("2 axes take as many scales, not 1") { try node.folded([x, nil, Tensor([1] as [Float])]) }
    expectRefusal("2 axes take as many sizes, not 3") { try node.folded([x, nil, nil, indices(1, 2, 3)]) }
    expectRefusal("must be positive, not nan") { try node.folded([x, nil, Tensor([1, Float.nan])]) }
    expectRefusal("must be positive, not 0.0") { try node.folded([x, nil, Tensor([1, 0] as [Float])]) }
    expectRefusal("cannot be counted") { try node.folded([x, nil, Tensor([1, 1e30] as [Float])]) }
    expectRefusal("-1 is no size") { try node.folded([x, nil, nil, indices(1, -1)]) }
    expectRefusal("no elements from which 3") { try node.run([zeros(1, 0), nil, nil, indices(1, 3)]) }
    expectRefusal("named twice") { try TestNode("Resize", ["axes": .ints([1, -1])]).folded([x, nil, nil, indices(1, 3)]) }
    expectRefusal("mode must be nearest, linear or cubic, not 'area'") { try TestNode("Resize", ["mode": .string("area")]) }
    expectRefusal("nearest_mode must be") { try TestNode("Resize", ["nearest_mode": .string("")]) }
    expectRefusal("antialias is for") { try TestNode("Resize", ["antialias": .int(1)]) }
    let crop = try TestNode("Resize", ["coordinate_transformation_mode": .string("tf_crop_and_resize")])
    expectRefusal("the region of interest is not known") { try crop.run([x, nil, nil, indices(1, 3)]) }
    expectRefusal("takes 4 numbers, not 2") { try crop.run([x, Tensor([0, 1] as [Float]), nil, indices(1, 3)]) }
  }
}

@Suite struct UpsampleTests {
  /// By ONNX Runtime 1.32.
  @Test func versions() throws {
    let x = Tensor([0, 1, 4, 9, 16] as [Float], shape: [1, 1, 1, 5])
    let linear = try TestNode("Upsample", opset: 9, ["mode": .string("linear")], operands: 2)
    #expect(try linear.result(x, Tensor([1, 1, 1, 2] as [Float])).doubles == [0, 0.5, 1, 2.5, 4, 6.5, 9, 12.5, 16, 16])
    let nearest = try TestNode("Upsample", opset: 7, ["scales": .floats([1, 1, 1, 1.5])])
    #expect(try nearest.result(x).doubles == [0, 0, 1, 4, 4, 9, 16])
    let planar = try TestNode("Upsample", opset: 1, ["height_scale": .float(2), "width_scale": .float(1), "mode": .string("bilinear")])
    #expect(try planar.result(x).doubles == [0, 1, 4, 9, 16, 0, 1, 4, 9, 16])
    try expectAdjoint(linear, [0: [1, 2, 3, 2]], constants: [1: Tensor([1, 1, 2, 1.5] as [Float])])
  }

  @Test func refusals() throws {
    expectRefusal("at least 1, not 0.5") { try TestNode("Upsample", opset: 7, ["scales": .floats([0.5])]) }
    expectRefusal("at least 1, not 0.5") { try TestNode("Upsample", opset: 9).folded([zeros(4), Tensor([0.5] as [Float])]) }
    expectRefusal("attribute scales is missing") { try TestNode("Upsample", opset: 7) }
    expectRefusal("width_scale is missing") { try TestNode("Upsample", opset: 1, ["height_scale": .float(2)]) }
    expectRefusal("X must be [N×C×H×W]") {
      try TestNode("Upsample", opset: 1, ["height_scale": .float(2), "width_scale": .float(2)]).folded([zeros(4)])
    }
  }
}
