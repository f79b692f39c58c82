import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FuseConvolutionTests {
  @Test(arguments: ["Relu", "HardSwish", "LeakyRelu", "Sigmoid"]) func activations(_ name: String) throws {
    let network = TestNetwork()
    let y = try network.add(name, [:], network.conv(network.x))
    #expect(try network.rewritten(y) == ["carpus.FusedConv"])
  }

  @Test(arguments: [false, true]) func residual(_ convolutionIsFirst: Bool) throws {
    let network = TestNetwork()
    let other = try network.add("Tanh", [:], network.conv(network.x)), conv = try network.conv(network.x)
    let sum = convolutionIsFirst ? try network.add("Add", [:], conv, other) : try network.add("Add", [:], other, conv)
    #expect(try network.rewritten(try network.add("Relu", [:], sum)) == ["Conv", "Tanh", "carpus.FusedConv"])
    #expect(try network.rewritten(sum) == ["Conv", "Tanh", "carpus.FusedConv"])
  }

  @Test func residualWithoutBias() throws {
    let network = TestNetwork()
    let sum = try network.add("Add", [:], network.conv(network.x, to: 3, hasBias: false), network.x)
    #expect(try network.rewritten(sum) == ["carpus.FusedConv"])
  }

  /// One of them takes in the sum, the other stays and is what is added.
  @Test func twoConvolutionsIntoOneSum() throws {
    let network = TestNetwork()
    let sum = try network.add("Add", [:], network.conv(network.x), network.conv(network.x))
    #expect(try network.rewritten(try network.add("Relu", [:], sum)).sorted() == ["Conv", "carpus.FusedConv"])
  }

  /// The sum of a sum: each addition is taken in by one convolution.
  @Test func threeConvolutionsIntoTwoSums() throws {
    let network = TestNetwork()
    let first = try network.add("Add", [:], network.conv(network.x), network.conv(network.x))
    let second = try network.add("Add", [:], network.conv(network.x), first)
    #expect(try network.rewritten(second).filter { $0 == "Add" }.isEmpty)
  }

  @Test func broadcastSumsStay() throws {
    let network = TestNetwork()
    let sum = try network.add("Add", [:], network.conv(network.x), network.constant([1, 4, 1, 1]))
    #expect(try network.rewritten(sum) == ["Conv", "Add"])
  }

  @Test func aSumWithItselfStays() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x)
    #expect(try network.rewritten(try network.add("Add", [:], conv, conv)) == ["Conv", "Add"])
  }

  @Test func clipWithConstantBounds() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x)
    let y = try network.add("Clip", [:], conv, network.constant(-0.25), network.constant(0.5))
    #expect(try network.rewritten(y) == ["carpus.FusedConv"])
    #expect(try network.rewritten(try network.add("Clip", [:], conv, nil, network.constant(0.5))) == ["carpus.FusedConv"])
    #expect(try network.rewritten(try network.add("Clip", [:], conv, network.constant(-0.25))) == ["carpus.FusedConv"])
  }

  @Test func clipWithBoundsFromTheRunStays() throws {
    let network = TestNetwork()
    let low = try network.add("ReduceMin", ["keepdims": .int(0)], network.x)
    #expect(try network.rewritten(try network.add("Clip", [:], network.conv(network.x), low)) == ["ReduceMin", "Conv", "Clip"])
  }

  @Test(arguments: [false, true]) func silu(_ convolutionIsFirst: Bool) throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x), gate = try network.add("Sigmoid", [:], conv)
    let y = convolutionIsFirst ? try network.add("Mul", [:], conv, gate) : try network.add("Mul", [:], gate, conv)
    #expect(try network.rewritten(y) == ["carpus.FusedConv"])
    #expect(try network.rewritten(y, gate) == ["Conv", "Sigmoid", "Mul"])
  }

  @Test func siluAfterASum() throws {
    let network = TestNetwork()
    let sum = try network.add("Add", [:], network.conv(network.x, to: 3), network.x)
    let y = try network.add("Mul", [:], sum, network.add("Sigmoid", [:], sum))
    #expect(try network.rewritten(y) == ["carpus.FusedConv"])
  }

  @Test func aGateOfSomethingElseStays() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x), other = try network.conv(network.x)
    let y = try network.add("Mul", [:], conv, network.add("Sigmoid", [:], other))
    #expect(try network.rewritten(y) == ["Conv", "carpus.FusedConv", "Mul"])
  }

  @Test func aProductWithoutTheGateStays() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x), gate = try network.add("Sigmoid", [:], conv)
    let product = try network.add("Mul", [:], conv, network.add("Tanh", [:], network.conv(network.x)))
    #expect(try network.rewritten(try network.add("Sub", [:], gate, product)) == ["Conv", "Sigmoid", "Conv", "Tanh", "Mul", "Sub"])
  }

  /// It may be the layer that is explained.
  @Test func outputsAreKept() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x, to: 3), sum = try network.add("Add", [:], conv, network.x), y = try network.add("Relu", [:], sum)
    #expect(try network.rewritten(y) == ["carpus.FusedConv"])
    #expect(try network.rewritten(y, conv) == ["Conv", "Add", "Relu"])
    #expect(try network.rewritten(y, sum) == ["carpus.FusedConv", "Relu"])
    #expect(try network.rewritten(conv) == ["Conv"])
  }

  @Test func whatIsReadTwiceIsKept() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x), relu = try network.add("Relu", [:], conv)
    #expect(try network.rewritten(try network.add("Mul", [:], relu, network.add("Tanh", [:], conv))) == ["Conv", "Relu", "Tanh", "Mul"])
  }

  @Test func gradientsAreKept() throws {
    let network = TestNetwork()
    let first = try network.add("Relu", [:], network.conv(network.x, to: 3))
    let second = try network.add("Add", [:], network.conv(first, to: 3), first)
    let silu = try network.add("Mul", [:], second, network.add("Sigmoid", [:], second))
    let y = try network.add("HardSwish", [:], network.conv(silu))
    try network.expectEqualGradients(of: y, withRespectTo: [network.x, first, second, silu])
  }
}
