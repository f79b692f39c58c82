import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct NonMaxSuppressionTests {
  private let boxes = Tensor([0, 0, 2, 2, 0, 0, 2, 1, 5, 5, 6, 6] as [Float], shape: [1, 3, 4])

  private func rows(_ scores: [Float], limit: Int64 = 9, overlap: Float = 0.4, threshold: Float? = nil) throws -> [Int]? {
    let node = try TestNode("NonMaxSuppression"), numbers = Tensor(scores, shape: [1, 1, 3])
    let operands = [boxes, numbers, Tensor(scalar: limit), Tensor(scalar: overlap), threshold.map { Tensor(scalar: $0) }]
    let y = try node.run(operands, extentsAreKnown: false)[0].tensor
    #expect(try node.folded(operands) == [ValueType(.int64, try #require(y?.shape))])
    return y?.integers
  }

  /// By hand: boxes 0 and 1 share half of their union.
  @Test func results() throws {
    #expect(try rows([1, 2, 3]) == [0, 0, 2, 0, 0, 1])
    #expect(try rows([1, 2, 3], overlap: 0.5) == [0, 0, 2, 0, 0, 1, 0, 0, 0])
    #expect(try rows([1, 1, 1]) == [0, 0, 0, 0, 0, 2])
    #expect(try rows([1, 2, 3], limit: 1) == [0, 0, 2])
    #expect(try rows([1, 2, 3], limit: -1) == [])
    #expect(try rows([1, 2, 3], threshold: 2) == [0, 0, 2])
    #expect(try rows([.nan, 1, .nan], threshold: -9) == [0, 0, 1])
    #expect(try rows([.nan, 1, .nan]) == [0, 0, 1, 0, 0, 2])
    #expect(try TestNode("NonMaxSuppression").result(boxes, zeros(1, 2, 3)).shape == [0, 3])
  }

  @Test func refusals() throws {
    let node = try TestNode("NonMaxSuppression"), scores = zeros(1, 1, 3)
    expectRefusal("[N, B, 4] and [N, C, B]") { try node.folded([boxes, zeros(1, 1, 4)]) }
    expectRefusal("[N, B, 4] and [N, C, B]") { try node.run([zeros(1, 3, 3), scores], extentsAreKnown: false) }
    expectRefusal("between 0 and 1") { try node.run([boxes, scores, indices(1), Tensor([2] as [Float])]) }
    expectRefusal("between 0 and 1") { try node.run([boxes, scores, indices(1), Tensor([.nan] as [Float])]) }
    expectRefusal("must be one integer") { try node.folded([boxes, scores, indices(1, 1)]) }
    expectRefusal("must be one float32") { try node.folded([boxes, scores, indices(1), indices(1)]) }
    expectRefusal("must be float32") { try node.folded([boxes, Tensor(zeros: .float64, shape: [1, 1, 3])]) }
  }
}
