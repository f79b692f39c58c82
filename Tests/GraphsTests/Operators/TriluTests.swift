import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Triangles and diagonals of matrices.
@Suite struct TriluTests {
  @Test(arguments: [0, 1], [nil, -1, 0, 2, Int64.min, .max]) func gradients(_ upper: Int, _ k: Int64?) throws {
    let node = try TestNode("Trilu", ["upper": .int(upper)], operands: k == nil ? 1 : 2)
    try expectAdjoint(node, [0: [2, 3, 4]], constants: k.map { [1: Tensor(scalar: $0)] } ?? [:])
  }

  @Test func everyType() throws {
    let k = Tensor(scalar: Int64(1))
    for type in [ElementType.bool, .int8, .uint64, .float16, .bfloat16] {
      let x = Tensor([1, 1, 1, 1, 1, 1.0], shape: [2, 3]).converted(to: type)
      #expect(try TestNode("Trilu", operands: 2).result(x, k).converted(to: .float64).doubles == [0, 1, 1, 0, 0, 1])
    }
    let texts = try TestNode("Trilu", operands: 2).result(Tensor(["a", "b", "c", "d", "e", "f"], shape: [2, 3]), k).texts
    #expect(texts == ["", "b", "c", "", "", "f"])
    let parts = Tensor(zeros: .complex128, shape: [2, 3])
    #expect(try TestNode("Trilu", operands: 2).result(parts, k).byteArray == parts.byteArray)
    #expect(try TestNode("Trilu").result(Tensor(zeros: .float32, shape: [3, 0])).shape == [3, 0])
  }

  @Test func diagonals() throws {
    let x = Tensor(zeros: .float16, shape: [2, 3])
    let y = try TestNode("EyeLike", ["k": .int(-1), "dtype": .int(9)]).result(x)
    #expect(y.elementType == .bool && y.array(of: Bool.self) == [false, false, false, true, false, false])
    #expect(try TestNode("EyeLike").result(x).array(of: Float16.self) == [1, 0, 0, 0, 1, 0])
    #expect(try TestNode("EyeLike", ["k": .int(.max)]).result(x).array(of: Float16.self) == [0, 0, 0, 0, 0, 0])
  }

  @Test func refusals() {
    expectRefusal("a matrix") { try TestNode("Trilu").types((.float32, [3])) }
    expectRefusal("must be one integer") { try TestNode("Trilu", operands: 2).types((.float32, [3, 3]), (.int64, [2])) }
    expectRefusal("must be one integer") { try TestNode("Trilu", operands: 2).types((.float32, [3, 3]), (.float32, [])) }
    expectRefusal("must be a matrix") { try TestNode("EyeLike").types((.float32, [3, 3, 3])) }
    expectRefusal("complex64") { try TestNode("EyeLike", ["dtype": .int(14)]).types((.float32, [2, 2])) }
    expectRefusal("number 99") { try TestNode("EyeLike", ["dtype": .int(99)]) }
  }
}
