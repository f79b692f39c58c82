import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// ONNX's removed experimental operators: results by hand.
@Suite struct RemovedOperatorTests {
  @Test func imageScaler() throws {
    let node = try TestNode("ImageScaler", opset: 7, ["scale": .float(2), "bias": .floats([1, -1])])
    let x = Tensor([1.0, 2, 3, 4], shape: [1, 2, 1, 2])
    #expect(try node.result(x).doubles == [3, 5, 5, 7])
    #expect(try node.result(x.converted(to: .float16), shapes: [.unknown]).converted(to: .float64).doubles == [3, 5, 5, 7])
    try expectAdjoint(try TestNode("ImageScaler", opset: 7, ["scale": .float(2)]), [0: [1, 2, 2, 2]])
    expectRefusal("2 biases") { try node.types((.float32, [1, 3, 2, 2])) }
    expectRefusal("[N, C, H, W]") { try node.types((.float32, [3, 2, 2])) }
  }

  @Test func elementwise() throws {
    let x = Tensor([-1.5, 0, 0.75])
    let affine = try TestNode("Affine", opset: 1, ["alpha": .float(2), "beta": .float(0.5)])
    #expect(try affine.result(x).doubles == [-2.5, 0.5, 2])
    #expect(try TestNode("Scale", opset: 1, ["scale": .float(4)]).result(x).doubles == [-6, 0, 3])
    let tanh = try TestNode("ScaledTanh", opset: 1, ["alpha": .float(2), "beta": .float(0.5)])
    expectClose(try tanh.result(x).doubles, [-1.270297905, 0, 0.716714809])  // 2 tanh(x / 2), Python's math
    let softplus = try TestNode("ParametricSoftplus", opset: 1, ["alpha": .float(2), "beta": .float(0.5)])
    expectClose(try softplus.result(x).doubles, [0.773742012, 1.386294361, 1.796246528])  // 2 log(1 + exp(x / 2))
    for node in [affine, tanh, softplus] { try expectDifferences(node, [x], wanted: [0]) }
    expectRefusal("must be given") { try TestNode("ScaledTanh", opset: 1) }
  }

  @Test func crop() throws {
    let x = Tensor((0..<12).map(Double.init), shape: [1, 1, 3, 4])
    #expect(try TestNode("Crop", opset: 1, ["border": .ints([1, 0, 2, 1])]).result(x).doubles == [1, 5])
    let sized = try TestNode("Crop", opset: 1, ["border": .ints([1, 1, 0, 0]), "scale": .ints([2, 2])])
    #expect(try sized.result(x, shapes: [.unknown]).doubles == [5, 6, 9, 10])
    try expectAdjoint(sized, [0: [1, 1, 3, 4]])
    expectRefusal("cannot be cropped") { try sized.types((.float32, [1, 1, 2, 4])) }
    expectRefusal("none negative") { try TestNode("Crop", opset: 1, ["border": .ints([-1, 0, 0, 0])]) }
    expectRefusal("none negative") { try TestNode("Crop", opset: 1, ["border": .ints([0, 0, 0, 0]), "scale": .ints([.max, 1])]) }
  }

  @Test func fullyConnected() throws {
    let node = try TestNode("FC", opset: 1, operands: 3)
    let x = Tensor([1.0, 2, 3, 4], shape: [1, 2, 2]), w = Tensor([1.0, 0, 0, 1, 1, 1, 1, 1], shape: [2, 4]), b = Tensor([0.5, -0.5])
    #expect(try node.result(x, w, b).doubles == [5.5, 9.5])
    try expectDifferences(node, [x, w, b], wanted: [0, 1, 2])
    expectRefusal("4 columns and W 3") { try node.types((.float32, [1, 2, 2]), (.float32, [2, 3]), (.float32, [2])) }
    expectRefusal("no axis 3") { try TestNode("FC", opset: 1, ["axis": .int(3)], operands: 3).types((.float32, [1, 2]), (.float32, [2, 3]), (.float32, [2])) }
  }
}
