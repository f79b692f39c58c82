import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// That the outputs are the same with and without rewriting is checked by `rewritten`.
@Suite struct AssignLayoutsTests {
  /// The first convolution reads planes; what follows stays in blocks up to the output.
  @Test func chainOfConvolutions() throws {
    let network = TestNetwork(.float32)
    let first = try network.add("Relu", [:], network.conv(network.x, to: 20))
    #expect(
      try network.rewritten(try network.conv(first, to: 33)) == ["carpus.BlockedConv", "carpus.BlockedConv", "carpus.FromBlocked"])
  }

  /// What a report says of the kernels.
  @Test func methodsAreCounted() throws {
    let network = TestNetwork(.float32)
    let first = try network.conv(network.x, to: 4), middle = try network.add("Relu", [:], network.conv(first, to: 4))
    let grouped = try network.add("Conv", ["group": .int(2)], middle, network.constant([4, 2, 3, 3]))
    let graph = network.builder.finished(outputs: [NamedValue(name: "y", value: grouped)])
    let plan = try Plan(graph, rewrites: RewriteCatalog.strict), plain = try Plan(graph, rewrites: [])
    #expect(plan.convolutionMethods == ["planarRows": 1, "rows": 1, "planes": 1])
    #expect(plain.convolutionMethods == ["planes": 3])
  }

  /// What is explained is converted for itself; the next convolution still reads blocks.
  @Test func outputsOnTheWayAreConvertedOnce() throws {
    let network = TestNetwork(.float32)
    let middle = try network.add("Relu", [:], network.conv(network.x, to: 20)), y = try network.conv(middle, to: 5)
    #expect(
      try network.rewritten(y, middle)
        == ["carpus.BlockedConv", "carpus.BlockedConv", "carpus.FromBlocked", "carpus.FromBlocked"])
  }

  @Test func residualAndSums() throws {
    let network = TestNetwork(.float32)
    let a = try network.conv(network.x, to: 20), b = try network.conv(a, to: 20)
    let sum = try network.add("Relu", [:], network.add("Add", [:], b, a))
    #expect(try network.rewritten(sum) == ["carpus.BlockedConv", "carpus.BlockedConv", "carpus.FromBlocked"])
    let kept = try network.add("Add", [:], a, a)
    #expect(try network.rewritten(try network.add("Relu", [:], kept)) == ["carpus.BlockedConv", "carpus.BlockedAdd", "carpus.FromBlocked"])
  }

  @Test func poolingAndActivations() throws {
    let network = TestNetwork(.float32)
    let conv = try network.conv(network.x, to: 20)
    let most = try network.add("MaxPool", ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])], conv)
    let mean = try network.add("AveragePool", ["kernel_shape": .ints([2, 2]), "pads": .ints([0, 1, 0, 1])], most)
    let y = try network.add("GlobalAveragePool", [:], network.add("Sigmoid", [:], mean))
    #expect(
      try network.rewritten(y)
        == ["BlockedConv", "BlockedPool", "BlockedPool", "BlockedMap", "BlockedGlobalMean", "FromBlocked"].map { "carpus." + $0 })
  }

  /// Squeeze and excitation.
  @Test func aFactorForEachChannel() throws {
    let network = TestNetwork(.float32)
    let conv = try network.conv(network.x, to: 20)
    let squeezed = try network.add("GlobalAveragePool", [:], conv)
    let gate = try network.add("Sigmoid", [:], network.add("Conv", [:], squeezed, network.constant([20, 20, 1, 1])))
    #expect(
      try network.rewritten(try network.add("Mul", [:], gate, conv))
        == ["BlockedConv", "BlockedGlobalMean", "BlockedConv", "BlockedScale", "FromBlocked"].map { "carpus." + $0 })
  }

  @Test func normalisationBeforeAConvolution() throws {
    let network = TestNetwork(.float32)
    let conv = try network.conv(network.x, to: 20)
    let pooled = try network.add("MaxPool", ["kernel_shape": .ints([2, 2])], conv)
    let y = try network.conv(network.add("Relu", [:], network.batchNormalization(pooled, channels: 20)), to: 4)
    #expect(
      try network.rewritten(y)
        == ["BlockedConv", "BlockedPool", "BlockedScale", "BlockedConv", "FromBlocked"].map { "carpus." + $0 })
  }

  /// A convolution without windows scales its input itself, unless somebody else reads that.
  @Test func normalisationWithinAConvolution() throws {
    let network = TestNetwork(.float32)
    let pooled = try network.add("MaxPool", ["kernel_shape": .ints([2, 2])], network.conv(network.x, to: 20))
    let scaled = try network.add("Relu", [:], network.batchNormalization(pooled, channels: 20))
    let y = try network.add("Relu", [:], network.add("Conv", [:], scaled, network.constant([7, 20, 1, 1]), network.constant([7])))
    #expect(try network.rewritten(y) == ["BlockedConv", "BlockedPool", "BlockedConv", "FromBlocked"].map { "carpus." + $0 })
    #expect(try network.rewritten(y, scaled).contains("carpus.BlockedScale"))
  }

  /// Channels that do not fill blocks.
  @Test func concatenation() throws {
    let network = TestNetwork(.float32)
    let y = try network.add("Concat", ["axis": .int(1)], network.conv(network.x, to: 20), network.conv(network.x, to: 5), network.x)
    #expect(
      try network.rewritten(try network.conv(y, to: 7))
        == ["BlockedConv", "BlockedConv", "ToBlocked", "BlockedConcat", "BlockedConv", "FromBlocked"].map { "carpus." + $0 })
  }

  /// Groups of several channels, and kernels that are not constant, stay as they are.
  @Test func othersStayPlanar() throws {
    let network = TestNetwork(.float32)
    let conv = try network.conv(network.x, to: 4)
    let grouped = try network.add("Conv", ["group": .int(2)], conv, network.constant([4, 2, 3, 3]))
    #expect(try network.rewritten(grouped) == ["carpus.BlockedConv", "carpus.FromBlocked", "Conv"])
    #expect(try network.rewritten(try network.add("Relu", [:], network.x)) == ["Relu"])
  }

  /// Neither channels that are taken nor values that are gated or multiplied leave the layout.
  @Test func slicesProductsAndSilu() throws {
    let network = TestNetwork(.float32)
    let conv = try network.conv(network.x, to: 40)
    let part = try network.add("Slice", [:], conv, network.integers(5), network.integers(25), network.integers(1))
    let other = try network.conv(conv, to: 20)
    let y = try network.add("Mul", [:], part, network.add("Mul", [:], network.add("Sigmoid", [:], other), other))
    #expect(
      try network.rewritten(y, other)
        == ["BlockedConv", "BlockedConv", "BlockedMap", "BlockedSlice", "BlockedProduct", "FromBlocked", "FromBlocked"].map { "carpus." + $0 })
  }

  @Test func gradientsAreTheSame() throws {
    let network = TestNetwork(.float32)
    let inner = try network.add("Relu", [:], network.conv(network.x, to: 20))
    let y = try network.add("GlobalAveragePool", [:], network.add("Relu", [:], network.conv(inner, to: 17)))
    try network.expectEqualGradients(of: y, withRespectTo: [network.x, inner])
  }
}
