import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// sin(0.7 n) for n = 0, 1, …
private func sines(_ shape: Shape) -> Tensor {
  let angles = Tensor((0..<shape.count).map { Double($0) * 0.7 }, shape: shape)
  return Tensor(shape: shape) { (y: inout MutableSpan<Double>) in Kernels.apply(.sin, to: angles.elements(), into: &y, team: .single) }
}

@Suite struct LRNTests {
  /// `torch.nn.functional.local_response_norm(x, 3, 0.25, 0.5, 1.25)`
  @Test func results() throws {
    let node = try TestNode("LRN", ["size": .int(3), "alpha": .float(0.25), "beta": .float(0.5), "bias": .float(1.25)])
    let expected = [
      0.0, 0.55513756490331, 0.85121081967856, 0.74103197150466, 0.2827552628628, -0.29617174149032,
      -0.74850930789839, -0.84848438448348, -0.54401108842836, 0.01457699115124,
    ]
    #expect(isClose(try node.result(sines([1, 5, 2])).doubles, expected, tolerance: 1e-12))
  }

  @Test(arguments: [1, 2, 3, 4, 20]) func gradients(_ size: Int) throws {
    let node = try TestNode("LRN", ["size": .int(size), "alpha": .float(0.5), "beta": .float(0.75), "bias": .float(0.5)])
    try expectDifferences(node, [randomTensor([2, 5, 2, 1], seed: 1)], wanted: [0])
    try expectDifferences(node, [randomTensor([3, 4], seed: 1)], wanted: [0])
  }

  @Test func refusals() throws {
    expectRefusal("attribute size is missing") { try TestNode("LRN") }
    expectRefusal("size must be positive, not 0") { try TestNode("LRN", ["size": .int(0)]) }
    expectRefusal("X must be [N×C×…]") { try TestNode("LRN", ["size": .int(3)]).folded([zeros(4)]) }
    #expect(try TestNode("LRN", ["size": .int(.max)]).result(zeros(1, 2, 2)).doubles == [0, 0, 0, 0])
  }
}

@Suite struct LpNormalizationTests {
  /// 3-4-5 triangles; zeros stay zeros.
  @Test func results() throws {
    let x = Tensor([-3, 0, 4, 0] as [Double], shape: [2, 2])
    #expect(try TestNode("LpNormalization", ["axis": .int(0)]).result(x).doubles == [-0.6, 0, 0.8, 0])
    #expect(try TestNode("LpNormalization", ["axis": .int(0), "p": .int(1)]).result(x).doubles == [-3.0 / 7, 0, 4.0 / 7, 0])
  }

  @Test(arguments: [1, 2], [-1, 0, 1]) func gradients(_ p: Int, _ axis: Int) throws {
    let node = try TestNode("LpNormalization", ["axis": .int(axis), "p": .int(p)])
    try expectDifferences(node, [randomTensor([3, 2, 4], seed: 1)], wanted: [0])
  }

  /// The result is defined to be 0 there.
  @Test func gradientWithoutLength() throws {
    for p in [1, 2] {
      let node = try TestNode("LpNormalization", ["p": .int(p)])
      #expect(try node.gradients(Tensor([0.0, 0]), seed: Tensor([1.0, 2])) == [[0, 0]])
    }
  }

  @Test func refusals() throws {
    expectRefusal("p must be 1 or 2, not 3") { try TestNode("LpNormalization", ["p": .int(3)]) }
    expectRefusal("axis 2 does not exist") { try TestNode("LpNormalization", ["axis": .int(2)]).folded([zeros(1, 2)]) }
  }
}

@Suite struct LpPoolTests {
  /// ONNX Runtime 1.32 on 1, -2, 3, 0, 0, 4.
  @Test func results() throws {
    let x = Tensor([1, -2, 3, 0, 0, 4] as [Float], shape: [1, 1, 6])
    for (p, expected, whole) in [(1, [3.0, 5, 4], 10.0), (3, [2.0800838470458984, 3.271066427230835, 4], 4.641589164733887)] {
      let node = try TestNode("LpPool", ["kernel_shape": .ints([3]), "strides": .ints([2]), "pads": .ints([1, 1]), "p": .int(p)])
      #expect(isClose(try node.result(x).doubles, expected, tolerance: 1e-6))
      #expect(isClose(try TestNode("GlobalLpPool", ["p": .int(p)]).result(x).doubles, [whole], tolerance: 1e-6))
    }
    let real = try TestNode("GlobalLpPool", opset: 1, ["p": .float(0.5)])
    #expect(isClose(try real.result(Tensor([1, 4, -9] as [Double], shape: [1, 1, 3])).doubles, [36]))
    #expect(try TestNode("GlobalLpPool").result(zeros(1, 2, 0)).doubles == [0, 0])
  }

  @Test(arguments: [1, 2, 3]) func gradients(_ p: Int) throws {
    let attributes: [String: AttributeValue] = [
      "p": .int(p), "kernel_shape": .ints([3, 2]), "strides": .ints([2, 1]), "dilations": .ints([1, 2]), "pads": .ints([1, 0, 0, 2]),
      "ceil_mode": .int(1),
    ]
    try expectDifferences(try TestNode("LpPool", attributes), [randomTensor([2, 2, 4, 5], seed: 1)], wanted: [0])
    try expectDifferences(try TestNode("GlobalLpPool", ["p": .int(p)]), [randomTensor([2, 2, 3, 2], seed: 1)], wanted: [0])
  }

  /// By hand: x / y, the sign of x, (x / y)² for p = 2, 1, 3; nothing where all elements are 0, and the derivative 0 of |x| at 0,
  /// as in PyTorch.
  @Test func gradientAtZero() throws {
    let x = Tensor([3, 0, -4, 0, 0] as [Double], shape: [1, 1, 5]), seed = Tensor([5, 5] as [Double], shape: [1, 1, 2])
    for (p, expected) in [(1, [5.0, 0, -5, 0, 0]), (2, [3, 0, -4, 0, 0])] {
      let node = try TestNode("LpPool", ["p": .int(p), "kernel_shape": .ints([3]), "strides": .ints([2]), "pads": .ints([0, 0])])
      let whole = try node.gradients(x, seed: seed)[0]
      // The second window sees -4, 0, 0 and gives -5 too.
      #expect(isClose(whole, [expected[0], 0, expected[2] - 5, 0, 0]), "\(whole)")
      let nothing = Tensor(zeros: .float64, shape: [1, 1, 2])
      #expect(try TestNode("GlobalLpPool", ["p": .int(p)]).gradients(nothing, seed: Tensor([1.0], shape: [1, 1, 1])) == [[0, 0]])
    }
  }

  @Test func refusals() throws {
    expectRefusal("p must be positive, not 0") { try TestNode("LpPool", ["p": .int(0), "kernel_shape": .ints([1])]) }
    expectRefusal("kernel_shape is missing") { try TestNode("LpPool").folded([zeros(1, 1, 2)]) }
    expectRefusal("spatial axes") { try TestNode("GlobalLpPool").folded([zeros(1, 2)]) }
  }
}

@Suite struct GroupNormalizationTests {
  /// `torch.nn.functional.group_norm`; before version 21 the groups have the numbers.
  @Test func results() throws {
    let x = sines([1, 4, 2])
    let node = try TestNode("GroupNormalization", ["num_groups": .int(2)])
    let channels = try node.result(x, Tensor([1.0, 2, 3, 4]), Tensor([0.1, 0.2, 0.3, 0.4]))
    let expected = [
      -1.53992368679736, 0.1552549142287, 2.10632906259181, 1.46300848254551, 4.91987682060802, 0.97171441878474, -2.70216314704953,
      -3.55329183880748,
    ]
    #expect(isClose(channels.doubles, expected, tolerance: 1e-10))
    let groups = try TestNode("GroupNormalization", opset: 18, ["num_groups": .int(2)]).result(x, Tensor([1.0, 3]), Tensor([0.1, 0.3]))
    let old = [
      -1.53992368679736, 0.1552549142287, 1.0531645312959, 0.73150424127276, 4.91987682060802, 0.97171441878474, -2.02662236028715,
      -2.66496887910561,
    ]
    #expect(isClose(groups.doubles, old, tolerance: 1e-10))
  }

  @Test(arguments: [18, 21]) func gradients(_ opset: Int) throws {
    let node = try TestNode("GroupNormalization", opset: opset, ["num_groups": .int(2), "epsilon": .float(0.01)])
    let count = opset < 21 ? 2 : 6
    let operands = [randomTensor([2, 6, 2, 2], seed: 1), randomTensor([count], seed: 2), randomTensor([count], seed: 3)]
    try expectDifferences(node, operands, wanted: [0, 1, 2], step: 1e-5)
  }

  @Test func refusals() throws {
    expectRefusal("num_groups is missing") { try TestNode("GroupNormalization") }
    let node = try TestNode("GroupNormalization", ["num_groups": .int(2)])
    expectRefusal("3 channels cannot be shared among 2 groups") { try node.folded([zeros(1, 3, 2), zeros(3), zeros(3)]) }
    expectRefusal("one element per channel") { try node.folded([zeros(1, 4, 2), zeros(2), zeros(4)]) }
    expectRefusal("X must be [N×C×…]") { try node.folded([zeros(4), zeros(4), zeros(4)]) }
  }
}

@Suite struct RMSNormalizationTests {
  /// `torch.nn.functional.rms_norm`; the result has the type of the scale.
  @Test func results() throws {
    let expected = [0, 1.89547020596862, 4.34920673479687, 1.50997336062485, 1.17195943974543, -1.84082801796374]
    let node = try TestNode("RMSNormalization", opset: 23)
    #expect(isClose(try node.result(sines([2, 3]), Tensor([1.0, 2, 3])).doubles, expected, tolerance: 1e-10))
    let mixed = try node.result(sines([2, 3]).converted(to: .float32), Tensor([1.0, 2, 3]))
    #expect(mixed.elementType == .float64 && isClose(mixed.doubles, expected, tolerance: 1e-6))
    let half = try node.result(sines([2, 3]), Tensor([1, 2, 3] as [Float16]))
    #expect(half.elementType == .float16 && isClose(half.doubles, expected, tolerance: 2e-3))
  }

  @Test(arguments: [(-1, [4]), (1, [3, 1]), (0, []), (2, [2, 1, 4])] as [(Int, Shape)]) func gradients(_ axis: Int, _ scale: Shape) throws {
    let node = try TestNode("RMSNormalization", opset: 23, ["axis": .int(axis), "epsilon": .float(0.1)])
    try expectDifferences(node, [randomTensor([2, 3, 4], seed: 1), randomTensor(scale, seed: 2)], wanted: [0, 1])
  }

  @Test func refusals() throws {
    let node = try TestNode("RMSNormalization", opset: 23)
    expectRefusal("does not broadcast to 1×3") { try node.folded([zeros(1, 3), zeros(2, 3)]) }
    expectRefusal("do not broadcast") { try node.folded([zeros(1, 3), zeros(2)]) }
    expectRefusal("axis -1 does not exist") { try node.folded([zeros(), zeros()]) }
  }
}

@Suite struct MeanVarianceNormalizationTests {
  @Test(arguments: [[0, 2, 3], [1], [-1, 0]]) func gradients(_ axes: [Int]) throws {
    let node = try TestNode("MeanVarianceNormalization", ["axes": .ints(axes)])
    try expectDifferences(node, [randomTensor([3, 2, 2, 3], seed: 1)], wanted: [0])
  }

  /// Without deviation ∂X is 1e9 (∂Y − mean ∂Y), and Y is 0.
  @Test func constantValues() throws {
    let node = try TestNode("MeanVarianceNormalization", ["axes": .ints([0])]), x = Tensor([2, 2] as [Double])
    #expect(try node.result(x).doubles == [0, 0])
    #expect(isClose(try node.gradients(x, seed: Tensor([1, 3] as [Double]))[0], [-1e9, 1e9], tolerance: 1e-12))
  }

  @Test func refusals() throws {
    expectRefusal("axis 3 does not exist") { try TestNode("MeanVarianceNormalization").folded([zeros(1, 2, 3)]) }
  }
}
