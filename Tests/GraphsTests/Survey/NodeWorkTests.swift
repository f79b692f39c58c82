import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Products counted by hand.
@Suite struct NodeWorkTests {
  private func multiplyAdds(
    _ name: String, opset: Int = 23, _ attributes: [String: AttributeValue] = [:], _ shapes: Shape..., results: Int = 1
  ) throws -> Int? {
    let node = try TestNode(name, opset: opset, attributes, operands: shapes.count, results: results)
    let run = try OperatorRun(node, shapes.map { Tensor(zeros: .float32, shape: $0) })
    return run.graph.work.reduce(0) { sum, work in sum.flatMap { a in work.multiplyAdds.map { a + $0 } } }
  }

  @Test func convolutions() throws {
    // 6 × 5 × 5 results of 2 channels × 3 × 3 taps.
    #expect(try multiplyAdds("Conv", ["group": .int(2), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])], [1, 4, 9, 9], [6, 2, 3, 3]) == 2700)
    // Each of 4 × 5 × 5 elements goes to 3 channels × 2 × 2 places.
    #expect(try multiplyAdds("ConvTranspose", [:], [1, 4, 5, 5], [4, 3, 2, 2]) == 1200)
  }

  @Test func matrixProducts() throws {
    #expect(try multiplyAdds("Gemm", ["transB": .int(1)], [3, 4], [5, 4]) == 60)
    #expect(try multiplyAdds("Gemm", ["transA": .int(1)], [4, 3], [4, 5], [5]) == 60)
    #expect(try multiplyAdds("MatMul", [:], [2, 1, 3, 4], [5, 4, 6]) == 2 * 5 * 3 * 6 * 4)
    #expect(try multiplyAdds("MatMul", [:], [4], [4, 6]) == 24)
    // i·j·k for the first product, i·k·l for the second.
    #expect(try multiplyAdds("Einsum", ["equation": .string("ij,jk,kl->il")], [2, 3], [3, 4], [4, 5]) == 24 + 40)
    #expect(try multiplyAdds("Einsum", ["equation": .string("ij->j")], [2, 3]) == 0)
  }

  @Test func attention() throws {
    // 2 heads, 3 queries, 5 keys: 8 elements multiplied, 4 weighted.
    #expect(try multiplyAdds("Attention", [:], [1, 2, 3, 8], [1, 2, 5, 8], [1, 2, 5, 4]) == 2 * 3 * 5 * 12)
  }

  @Test func recurrence() throws {
    // 7 steps of 2 items: 20 × 3 weights of the input, 20 × 5 of the state.
    #expect(try multiplyAdds("LSTM", ["hidden_size": .int(5)], [7, 2, 3], [1, 20, 3], [1, 20, 5]) == 14 * 160)
  }

  @Test func elementwiseWorkIsNotCounted() throws {
    #expect(try multiplyAdds("Mul", [:], [2, 3], [2, 3]) == 0)
    #expect(try multiplyAdds("ReduceSum", [:], [2, 3]) == 0)
  }

  @Test func bytes() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1024]))
    let a = try builder.add("Relu", [:], [x]), b = try builder.add("Relu", [:], [a]), c = try builder.add("Relu", [:], [b])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: c)])
    #expect(graph.work.map(\.byteCount) == [4096, 4096, 4096])
    // A node's operand and result are alive together.
    #expect(try graph.activationByteCount() == 2 * 4096)
  }

  @Test func unknownExtentsAreNotCounted() throws {
    var builder = GraphBuilder()
    let a = builder.input("a", ValueType(.float32, [nil, 4]))
    let y = try builder.add("MatMul", [:], [a, builder.constant(Tensor(zeros: .float32, shape: [4, 3]))])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    #expect(graph.work[0].multiplyAdds == nil && graph.work[0].byteCount == nil)
  }
}
