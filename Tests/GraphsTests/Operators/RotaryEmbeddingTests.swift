import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct RotaryEmbeddingTests {
  @Test(arguments: [0, 1]) func gradients(_ isInterleaved: Int) throws {
    let attributes: [String: AttributeValue] = ["interleaved": .int(isInterleaved), "rotary_embedding_dim": .int(4)]
    let ids = Tensor([2, 0, 2, 1, 1, 0] as [Int64], shape: [2, 3])
    // Linear in X for given angles, and in the angles for given X.
    let flat = attributes.merging(["num_heads": .int(2)]) { $1 }
    for (x, own) in [(Shape([2, 2, 3, 5]), attributes), (Shape([2, 3, 10]), flat)] {
      let node = try TestNode("RotaryEmbedding", opset: 23, own)
      let operands = [randomTensor(x, seed: 1), randomTensor([3, 2], seed: 2), randomTensor([3, 2], seed: 3), ids]
      try expectDifferences(node, operands, wanted: [0, 1, 2])
      let direct = [randomTensor(x, seed: 1), randomTensor([2, 3, 2], seed: 2), randomTensor([2, 3, 2], seed: 3)]
      try expectDifferences(node, direct, wanted: [0, 1, 2])
    }
  }

  /// A quarter of a turn takes (x₁, x₂) to (−x₂, x₁); what is not turned stays.
  @Test func quarterTurn() throws {
    let x = Tensor([1.0, 2, 3, 4, 5], shape: [1, 1, 1, 5]), zero = Tensor([0.0, 0], shape: [1, 1, 2]), one = Tensor([1.0, 1], shape: [1, 1, 2])
    let halves = try TestNode("RotaryEmbedding", opset: 23, ["rotary_embedding_dim": .int(4)]).result(x, zero, one)
    #expect(halves.doubles == [-3, -4, 1, 2, 5])
    let pairs = try TestNode("RotaryEmbedding", opset: 23, ["rotary_embedding_dim": .int(4), "interleaved": .int(1)]).result(x, zero, one)
    #expect(pairs.doubles == [-2, 1, -4, 3, 5])
  }

  @Test func refusals() throws {
    let x = randomTensor([1, 2, 3, 4], seed: 1), angles = randomTensor([1, 3, 2], seed: 2), rows = randomTensor([5, 2], seed: 2)
    func refused(_ text: String, _ attributes: [String: AttributeValue] = [:], _ operands: [Tensor]) {
      expectRefusal(text) { try TestNode("RotaryEmbedding", opset: 23, attributes).folded(operands) }
    }
    refused("even number", ["rotary_embedding_dim": .int(3)], [x, angles, angles])
    refused("cannot be turned in 6", ["rotary_embedding_dim": .int(6)], [x, angles, angles])
    refused("cannot be turned in 3", [:], [randomTensor([1, 2, 3, 3], seed: 1), angles, angles])
    refused("num_heads must be a positive number", [:], [randomTensor([1, 3, 8], seed: 1), angles, angles])
    refused("8 elements cannot be shared by 3", ["num_heads": .int(3)], [randomTensor([1, 3, 8], seed: 1), angles, angles])
    refused("must be 1×3×2", [:], [x, rows, rows])
    refused("as many cosines as sines", [:], [x, angles, rows])
    refused("position 5 has no row among 5", [:], [x, rows, rows, Tensor([0, 5, 1] as [Int64], shape: [1, 3])])
    refused("position -1 has no row", [:], [x, rows, rows, Tensor([0, -1, 1] as [Int64], shape: [1, 3])])
    refused("position_ids must be 1×3", [:], [x, rows, rows, Tensor([0, 1] as [Int64], shape: [1, 2])])
    refused("three or four axes", [:], [randomTensor([2, 4], seed: 1), angles, angles])
  }
}
