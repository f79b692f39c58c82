import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// 2^40 rows without an element are nothing to calculate.
@Suite(.timeLimit(.minutes(1))) struct EmptyResultTests {
  @Test(arguments: ["Relu", "Softmax", "LogSoftmax", "Transpose", "Neg", "Sigmoid"])
  func noRowIsVisited(_ name: String) throws {
    var builder = GraphBuilder()
    let shape: Shape = [1 << 40, 0]
    let x = builder.input("x", ValueType(.float32, shape))
    let y = try builder.add(try TestNode(name).op, x)
    let result = try Workspace(try Plan(builder.finished(outputs: [NamedValue(name: "y", value: y)]))).run(["x": Tensor([] as [Float], shape: shape)])
    #expect(result[0].tensor?.shape == (name == "Transpose" ? [0, 1 << 40] : shape))
  }

  @Test func headsWithoutElementsHaveABound() throws {
    for count in [Int.max, 1 << 48, 1 << 17, -1] {
      var reader = NodeReader(opset: 23, operandCount: 3, attributes: ["q_num_heads": .int(count), "kv_num_heads": .int(count)])
      #expect(throws: OperatorError.attribute("attribute q_num_heads must be a positive number up to 65536, not \(count)")) {
        try Attention(&reader)
      }
    }
  }
}
