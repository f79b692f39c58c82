import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// That the gradients are the same with and without rewriting is checked by `rewrittenGradient`.
@Suite struct AssignAdjointLayoutsTests {
  private let convolution = "adjoint.BlockedConvInput"

  /// With a function that bends, so that what flows back is not the same for all inputs.
  private func pool(_ network: TestNetwork, _ x: Value) throws -> Value {
    try network.add("GlobalAveragePool", [:], network.add("Relu", [:], x))
  }

  /// The slope of what the next convolution gives back is taken where that is made.
  @Test func slopesAreTakenInConvolutions() throws {
    let network = TestNetwork(.float32)
    let inner = try network.add("Relu", [:], network.conv(network.x, to: 20))
    let later = try network.add("Clip", [:], network.conv(inner, to: 33), network.constant(-0.5), network.constant(2.0))
    let names = try network.rewrittenGradient(of: try pool(network, network.conv(later, to: 5)), withRespectTo: network.x)
    #expect(
      names == ["BlockedConv", "BlockedConv", "BlockedConv", "BlockedSlope"].map { "carpus." + $0 }
        + [convolution, convolution, convolution, "carpus.FromBlocked"])
  }

  /// Strides: phases where there are many channels, squares where there are few.
  @Test func strides() throws {
    let network = TestNetwork(.float32)
    let stride: [String: AttributeValue] = ["strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])]
    let first = try network.add("Relu", [:], network.add("Conv", stride, network.x, network.constant([20, 3, 3, 3])))
    let second = try network.add("Relu", [:], network.add("Conv", stride, first, network.constant([18, 20, 3, 3])))
    let third = try network.add("Conv", ["strides": .ints([2, 2])], second, network.constant([7, 18, 1, 1]))
    let names = try network.rewrittenGradient(of: try pool(network, third), withRespectTo: network.x)
    #expect(
      names == ["BlockedConv", "BlockedConv", "BlockedConv", "BlockedSlope"].map { "carpus." + $0 }
        + [convolution, convolution, "carpus.BlockedConv", "carpus.SpreadSquares"])
  }

  /// ResNet: sums before slopes.
  @Test func residuals() throws {
    let network = TestNetwork(.float32)
    let x = try network.add("Relu", [:], network.conv(network.x, to: 20))
    let inner = try network.add("Relu", [:], network.conv(x, to: 17))
    let sum = try network.add("Relu", [:], network.add("Add", [:], network.conv(inner, to: 20), x))
    let names = try network.rewrittenGradient(of: try pool(network, network.conv(sum, to: 5)), withRespectTo: network.x)
    #expect(names.filter { $0.hasPrefix("adjoint") } == [convolution, convolution, convolution, convolution])
    #expect(!names.contains("Add") && !names.contains("carpus.BlockedAdd") && names.count { $0 == "carpus.BlockedSlope" } == 1)
  }

  /// DenseNet: normalisation and slope before sums, and the channels that each layer added.
  @Test func joinsOfAllLayersBefore() throws {
    let network = TestNetwork(.float32)
    func layer(_ x: Value, _ channels: Int) throws -> Value {
      let inner = try network.add("Relu", [:], network.batchNormalization(x, channels: channels))
      let narrow = try network.add("Relu", [:], network.add("Conv", [:], inner, network.constant([20, channels, 1, 1])))
      return try network.conv(narrow, to: 16)
    }
    let x = try network.add("MaxPool", ["kernel_shape": .ints([2, 2])], network.conv(network.x, to: 16))
    let a = try layer(x, 16), two = try network.add("Concat", ["axis": .int(1)], x, a)
    let b = try layer(two, 32), three = try network.add("Concat", ["axis": .int(1)], x, a, b)
    let c = try layer(three, 48), four = try network.add("Concat", ["axis": .int(1)], x, a, b, c)
    let end = try network.add("Relu", [:], network.batchNormalization(four, channels: 64))
    let y = try pool(network, network.conv(end, to: 5)), names = try network.rewrittenGradient(of: y, withRespectTo: network.x)
    #expect(!names.contains { $0 == "Slice" || $0 == "Add" || $0 == "adjoint.BatchNormalization" || $0 == "carpus.BlockedAdd" })
    #expect(names.count { $0 == "carpus.BlockedSlice" } == 3)
    // A join that is asked for itself gets all of its gradient and no more.
    try network.expectEqualGradients(of: y, withRespectTo: [two, a, network.x])
  }

  /// EfficientNet: squeeze and excitation, and activation functions whose slope depends on what they are given.
  @Test(arguments: ["GlobalAveragePool", "ReduceMean"]) func squeezeAndExcitation(_ mean: String) throws {
    let network = TestNetwork(.float32)
    func silu(_ x: Value) throws -> Value { try network.add("Mul", [:], x, network.add("Sigmoid", [:], x)) }
    let stem = try silu(network.conv(network.x, to: 20))
    let depthwise = try network.add(
      "Conv", ["group": .int(20), "pads": .ints([2, 2, 2, 2]), "strides": .ints([2, 2])], stem, network.constant([20, 1, 5, 5]))
    let x = try silu(depthwise)
    let squeezed = mean == "ReduceMean"
      ? try network.add("ReduceMean", [:], x, network.integers(2, 3)) : try network.add("GlobalAveragePool", [:], x)
    let narrow = try silu(network.add("Conv", [:], squeezed, network.constant([3, 20, 1, 1])))
    let gate = try network.add("Sigmoid", [:], network.add("Conv", [:], narrow, network.constant([20, 3, 1, 1])))
    let y = try network.add("Conv", [:], network.add("Mul", [:], gate, x), network.constant([7, 20, 1, 1]))
    let names = try network.rewrittenGradient(of: try pool(network, y), withRespectTo: network.x)
    #expect(!names.contains { ["Add", "Expand", "adjoint.Elementwise", "carpus.BlockedAdd", "ReduceSum"].contains($0) })
    #expect(names.count { $0 == "carpus.BlockedSumOfProducts" } == 1)
    // The gradient, and the mean's, which is divided by the number of pixels.
    #expect(names.count { $0 == "carpus.FromBlocked" } == 2)
  }

  @Test func poolingAndJoins() throws {
    let network = TestNetwork(.float32)
    let conv = try network.conv(network.x, to: 20)
    let most = try network.add("MaxPool", ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])], conv)
    let mean = try network.add(
      "AveragePool", ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1]), "count_include_pad": .int(0)], most)
    let joined = try network.add("Concat", ["axis": .int(1)], mean, network.conv(most, to: 5), most)
    let names = try network.rewrittenGradient(of: try pool(network, network.conv(joined, to: 4)), withRespectTo: network.x)
    #expect(names.contains("adjoint.BlockedMaxPool") && names.contains("adjoint.BlockedAveragePool"))
    #expect(!names.contains { $0 == "Slice" || $0 == "Add" || $0 == "carpus.ToBlocked" })
  }

  /// What no rule covers is converted, and converted back.
  @Test func othersStayPlanar() throws {
    let network = TestNetwork(.float32)
    let conv = try network.add("Relu", [:], network.conv(network.x, to: 4))
    let grouped = try network.add("Conv", ["group": .int(2)], conv, network.constant([4, 2, 3, 3]))
    let names = try network.rewrittenGradient(of: try pool(network, network.conv(grouped, to: 4)), withRespectTo: network.x)
    #expect(names.contains("adjoint.ConvInput"))
  }

  /// Plain sums alone where they are asked for; where not, only what decides about signs has them.
  @Test func accuracy() throws {
    let network = TestNetwork(.float32)
    let inner = try network.add("Relu", [:], network.conv(network.x, to: 64))
    let y = try pool(network, network.conv(inner, to: 64))
    let graph = network.builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let (differentiated, gradients) = try graph.differentiating(y, seed: randomTensor([2, 64, 1, 1], seed: 1).converted(to: .float32), withRespectTo: [network.x])
    let outputs = [NamedValue(name: "g", value: gradients[0])]
    let results = try [RewriteCatalog.all, RewriteCatalog.strict, []].map { rewrites in
      try Workspace(Plan(differentiated, outputs: outputs, rewrites: rewrites)).run(["x": randomTensor([2, 3, 7, 6], seed: 1000).converted(to: .float32)])[0].tensor
    }
    for result in results.dropLast() {
      #expect(Comparison.disagreement(actual: try #require(result), expected: try #require(results[2]), absolute: 2e-5, relative: 2e-5) == nil)
    }
    #expect(results[0]?.doubles != results[1]?.doubles)
  }
}
