import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// n^1.5 for n = 1…12.
private let image = Tensor((1...12).map { Double($0) * Double($0).squareRoot() }, shape: [1, 1, 3, 4])

@Suite struct RoiAlignTests {
  private static let regions = Tensor([0.5, 0.3, 3.6, 2.2, 1, 1, 1.5, 1.2, -3, -3, 2, 9] as [Double], shape: [3, 4])
  private static let attributes: [String: AttributeValue] = ["output_height": .int(2), "output_width": .int(2), "spatial_scale": .float(0.9)]

  /// ONNX Runtime 1.32.
  @Test func versions() throws {
    let images = indices(0, 0, 0)
    let old = try TestNode("RoiAlign", opset: 10, Self.attributes.merging(["sampling_ratio": .int(2)]) { $1 })
    let expectedOld = [
      11.64365005493164, 16.50396728515625, 24.723899841308594, 30.96622657775879, 17.832639694213867, 19.822059631347656,
      26.37331771850586, 28.621929168701172, 0, 9.692898750305176, 0, 0,
    ]
    #expect(isClose(try old.result(image, Self.regions, images).doubles, expectedOld, tolerance: 1e-6))
    let new = try TestNode("RoiAlign", opset: 16, Self.attributes)
    let expectedNew = [
      4.410409450531006, 8.019942283630371, 14.325471878051758, 19.683032989501953, 6.852328300476074, 7.43275260925293,
      7.846426486968994, 8.46103572845459, 0, 6.471566200256348, 0, 4.782503128051758,
    ]
    #expect(isClose(try new.result(image, Self.regions, images).doubles, expectedNew, tolerance: 1e-6))
  }

  @Test(arguments: ["avg", "max"], [("half_pixel", 0), ("half_pixel", 3), ("output_half_pixel", 0), ("output_half_pixel", 3)])
  func gradients(_ mode: String, _ points: (String, Int)) throws {
    let (transformation, ratio) = points
    let node = try TestNode(
      "RoiAlign",
      Self.attributes.merging([
        "mode": .string(mode), "coordinate_transformation_mode": .string(transformation), "sampling_ratio": .int(ratio),
      ]) { $1 })
    let regions = Tensor([0.51, 0.33, 3.64, 2.27, 1.1, 1, 1.5, 1.2, -1.17, -2.3, 2.04, 3.9] as [Double], shape: [3, 4])
    try expectDifferences(node, [randomTensor([2, 2, 3, 4], seed: 8), regions, indices(1, 0, 1)], wanted: [0, 1], step: 1e-7)
  }

  @Test func refusals() throws {
    let node = try TestNode("RoiAlign"), x = zeros(1, 1, 3, 3)
    expectRefusal("region 0 is on image 1 of a batch of 1") { try node.run([x, zeros(1, 4), indices(1)]) }
    expectRefusal("region 0 is on image -1") { try node.run([x, zeros(1, 4), indices(-1)]) }
    expectRefusal("more than 4096") { try node.run([x, Tensor([0, 0, 1e30, 1] as [Float], shape: [1, 4]), indices(0)]) }
    expectRefusal("points along an axis of a bin") { try node.run([x, Tensor([0, 0, .nan, 1] as [Float], shape: [1, 4]), indices(0)]) }
    expectRefusal("rois must be [R×4]") { try node.folded([x, zeros(2, 4), indices(0)]) }
    expectRefusal("X must be [N×C×H×W]") { try node.folded([zeros(1, 3, 3), zeros(1, 4), indices(0)]) }
    expectRefusal("mode must be avg or max") { try TestNode("RoiAlign", ["mode": .string("min")]) }
    expectRefusal("must be positive, not 0 and 1") { try TestNode("RoiAlign", ["output_height": .int(0)]) }
    expectRefusal("must be half_pixel") { try TestNode("RoiAlign", ["coordinate_transformation_mode": .string("x")]) }
  }
}

@Suite struct MaxRoiPoolTests {
  private static let regions = Tensor(
    [0, 0.5, 0.3, 3.6, 2.2, 0, 1, 1, 1.5, 1.2, 0, -3, -3, 2, 9, 0, 6, 1, 9, 1] as [Double], shape: [4, 5])
  private static let attributes: [String: AttributeValue] = ["pooled_shape": .ints([2, 2]), "spatial_scale": .float(0.9)]

  /// ONNX Runtime 1.32.
  @Test func results() throws {
    let y = try TestNode("MaxRoiPool", Self.attributes).result(image, Self.regions)
    let expected = [
      14.696938514709473, 22.627416610717773, 31.62277603149414, 41.569217681884766, 14.696938514709473, 14.696938514709473,
      14.696938514709473, 14.696938514709473, 0, 36.482872009277344, 0, 0, 0, 0, 0, 0,
    ]
    #expect(isClose(y.doubles, expected, tolerance: 1e-6), "\(y.doubles)")
  }

  @Test func gradients() throws {
    let node = try TestNode("MaxRoiPool", Self.attributes)
    try expectDifferences(node, [randomTensor([1, 2, 3, 4], seed: 1), Self.regions], wanted: [0])
    // The first of equals; nothing for the corners, which are rounded.
    let ones = Tensor([1, 1, 1, 1] as [Double], shape: [1, 1, 2, 2]), all = Tensor([0, 0, 0, 1, 1] as [Double], shape: [1, 5])
    let whole = try TestNode("MaxRoiPool", ["pooled_shape": .ints([1, 1])])
    let gradients = try whole.gradients(ones, all, seed: Tensor([3] as [Double], shape: [1, 1, 1, 1]))
    #expect(gradients == [[3, 0, 0, 0], [0, 0, 0, 0, 0]])
  }

  @Test func refusals() throws {
    let node = try TestNode("MaxRoiPool", Self.attributes), x = zeros(1, 1, 3, 3)
    expectRefusal("pooled_shape must be") { try TestNode("MaxRoiPool") }
    expectRefusal("rois [R×5]") { try node.folded([x, zeros(1, 4)]) }
    expectRefusal("image 1 of a batch of 1") { try node.run([x, Tensor([1, 0, 0, 1, 1] as [Float], shape: [1, 5])]) }
    expectRefusal("not on any image") { try node.run([x, Tensor([0, 0, .infinity, 1, 1] as [Float], shape: [1, 5])]) }
  }
}

@Suite struct AffineGridTests {
  /// `torch.nn.functional.affine_grid` for a single plane: its coordinate is 0.
  @Test func singlePlane() throws {
    let theta = Tensor([1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 7] as [Double], shape: [1, 3, 4])
    let y = try TestNode("AffineGrid", ["align_corners": .int(1)]).result(theta, indices(1, 2, 1, 2, 3))
    #expect(y.shape == [1, 1, 2, 3, 3])
    #expect(y.doubles == [4, -1, 7, 5, -1, 7, 6, -1, 7, 4, 1, 7, 5, 1, 7, 6, 1, 7])
  }

  @Test(arguments: [0, 1]) func adjoints(_ alignsCorners: Int) throws {
    let node = try TestNode("AffineGrid", ["align_corners": .int(alignsCorners)])
    try expectAdjoint(node, [0: [2, 2, 3]], constants: [1: indices(2, 1, 3, 4)])
    try expectAdjoint(node, [0: [2, 3, 4]], constants: [1: indices(2, 1, 2, 3, 1)])
  }

  @Test func refusals() throws {
    let node = try TestNode("AffineGrid")
    expectRefusal("theta must be") { try node.folded([zeros(1, 2, 4), indices(1, 1, 2, 2)]) }
    expectRefusal("size must be") { try node.folded([zeros(1, 2, 3), indices(1, 1, 2, 2, 2)]) }
    expectRefusal("size must be") { try node.folded([zeros(1, 2, 3), indices(1, 1, -2, 2)]) }
    expectRefusal("1 matrices for a batch of 2") { try node.folded([zeros(1, 2, 3), indices(2, 1, 2, 2)]) }
    #expect(try node.types((.float32, [nil, 2, 3]), (.int64, [4])) == [ValueType(.float32, [nil, nil, nil, 2])])
  }
}

@Suite struct DeformConvTests {
  /// Taps that stay where they are make a convolution; one that is moved by whole elements, a moved input.
  @Test func likeConvolution() throws {
    let attributes: [String: AttributeValue] = [
      "pads": .ints([1, 0, 1, 1]), "strides": .ints([2, 1]), "dilations": .ints([1, 2]), "group": .int(2),
    ]
    let x = randomTensor([2, 4, 5, 6], seed: 1), w = randomTensor([6, 2, 3, 2], seed: 2), bias = randomTensor([6], seed: 3)
    let expected = try TestNode("Conv", attributes).result(x, w, bias)
    let offset = Tensor(zeros: .float64, shape: [2, 24, expected.shape[2], expected.shape[3]])
    let node = try TestNode("DeformConv", attributes.merging(["offset_group": .int(2)]) { $1 })
    let y = try node.result(x, w, offset, bias)
    #expect(y.shape == expected.shape && isClose(y.doubles, expected.doubles, tolerance: 1e-13))
    let line = Tensor([1, 2, 3] as [Double], shape: [1, 1, 3]), one = Tensor([1.0], shape: [1, 1, 1])
    let moved = try TestNode("DeformConv").result(line, one, Tensor([1, 0.5, 0.25] as [Double], shape: [1, 1, 3]))
    #expect(moved.doubles == [2, 2.5, 2.25])
  }

  @Test func gradients() throws {
    let node = try TestNode("DeformConv", ["group": .int(2), "offset_group": .int(2), "pads": .ints([1, 0, 0, 0])])
    let operands = [
      randomTensor([1, 4, 3, 3], seed: 1), randomTensor([2, 2, 2, 2], seed: 2), randomTensor([1, 16, 3, 2], seed: 3),
      randomTensor([2], seed: 4), randomTensor([1, 8, 3, 2], seed: 5),
    ]
    try expectDifferences(node, operands, wanted: [0, 1, 2, 3, 4])
    let volume = [randomTensor([1, 1, 2, 3, 2], seed: 1), randomTensor([1, 1, 1, 2, 2], seed: 2), randomTensor([1, 12, 2, 2, 1], seed: 3)]
    try expectDifferences(try TestNode("DeformConv"), volume, wanted: [0, 1, 2])
  }

  @Test func refusals() throws {
    let node = try TestNode("DeformConv"), x = zeros(1, 2, 3, 3), w = zeros(1, 2, 2, 2)
    expectRefusal("offset must be 1×8×2×2, not 1×4×2×2") { try node.folded([x, w, zeros(1, 4, 2, 2)]) }
    expectRefusal("mask must be 1×4×2×2") { try node.folded([x, w, zeros(1, 8, 2, 2), nil, zeros(1, 8, 2, 2)]) }
    expectRefusal("B must have one element") { try node.folded([x, w, zeros(1, 8, 2, 2), zeros(2)]) }
    expectRefusal("X has 2 channels") { try node.folded([x, zeros(1, 3, 2, 2), zeros(1, 8, 2, 2)]) }
    expectRefusal("in 3 groups") { try TestNode("DeformConv", ["group": .int(3)]).folded([x, w, zeros(1, 8, 2, 2)]) }
    expectRefusal("the same rank") { try node.folded([x, w, zeros(1, 8, 2)]) }
  }
}
