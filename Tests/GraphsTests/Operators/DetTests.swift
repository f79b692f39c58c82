import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct DetTests {
  @Test(arguments: [[1, 1], [2, 2], [3, 3], [2, 3, 4, 4]] as [Shape]) func gradients(_ shape: Shape) throws {
    try expectDifferences(try TestNode("Det"), [randomTensor(shape, seed: 1)], wanted: [0])
  }

  /// The cofactors of matrices without inverse, by hand: rank 2 of 3, and rank 1.
  @Test func singularMatrices() throws {
    let counting = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9.0], shape: [3, 3])
    #expect(isClose(try TestNode("Det").result(counting).doubles, [0], tolerance: 1e-13))
    let cofactors = try TestNode("Det").gradients(counting, seed: Tensor(scalar: 1.0))[0]
    #expect(isClose(cofactors, [-3, 6, -3, 6, -12, 6, -3, 6, -3], tolerance: 1e-13))
    let flat = Tensor([Double](repeating: 1, count: 9), shape: [3, 3])
    #expect(try TestNode("Det").gradients(flat, seed: Tensor(scalar: 1.0))[0] == [Double](repeating: 0, count: 9))
    let empty = Tensor([0, 0, 0, 0.0], shape: [2, 2])
    #expect(try TestNode("Det").gradients(empty, seed: Tensor(scalar: 1.0))[0] == [0, 0, 0, 0])
    try expectDifferences(try TestNode("Det"), [Tensor([0, 0, 0, 0, 2, 1, 0, 1, 3.0], shape: [3, 3])], wanted: [0])
  }

  @Test func numbers() throws {
    #expect(try TestNode("Det").result(Tensor([0, 2, 3, 0.0], shape: [2, 2])).doubles == [-6])
    // A matrix without rows has the empty product.
    #expect(try TestNode("Det").result(Tensor(zeros: .float32, shape: [2, 0, 0])).doubles == [1, 1])
    #expect(try TestNode("Det").types((.float32, [nil, 3, nil])) == [ValueType(.float32, [nil])])
  }

  @Test func refusals() {
    expectRefusal("only square matrices") { try TestNode("Det").types((.float32, [2, 3])) }
    expectRefusal("only square matrices") { try TestNode("Det").types((.float32, [3])) }
    expectRefusal("floating-point") { try TestNode("Det").types((.int32, [2, 2])) }
    #expect(throws: GraphError.self) { try TestNode("Det").result(Tensor([1.0, 2], shape: [1, 2]), shapes: [[nil, nil]]) }
  }
}
