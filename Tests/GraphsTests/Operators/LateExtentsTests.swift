import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Operators give the same where only the ranks of their operands are known before the run.
@Suite struct LateExtentsTests {
  private static let x = randomTensor([2, 3, 3], seed: 1), axis = Tensor(scalar: Int64(1)), c = randomTensor([3], seed: 2)
  private static let bits = Tensor([1, 2, 3] as [Int8])

  private static let cases: [(String, Int, [String: AttributeValue], [Tensor?])] = [
    ("Acos", 22, [:], [x]), ("Sign", 22, [:], [x]), ("Swish", 24, ["alpha": .float(2)], [x]), ("SwiGLU", 28, [:], [x, x]),
    ("PRelu", 16, [:], [x, c]), ("PRelu", 6, [:], [x, c]), ("Sum", 13, [:], [x, c, x]), ("Mean", 13, [:], [c, x]),
    ("Sub", 6, ["broadcast": .int(1), "axis": .int(1)], [x, c]), ("Det", 22, [:], [x]), ("CumSum", 14, [:], [x, axis]),
    ("CumProd", 26, ["exclusive": .int(1)], [x, axis]), ("Trilu", 14, [:], [x, axis]), ("EyeLike", 22, ["k": .int(1)], [x.part(0)]),
    ("Hardmax", 13, [:], [x]), ("Hardmax", 1, [:], [x]), ("ArgMin", 13, ["axis": .int(2)], [x]), ("IsNaN", 20, [:], [x]),
    ("BitwiseXor", 18, [:], [bits, bits.part(1)]), ("BitShift", 28, ["direction": .string("LEFT")], [bits, bits]),
    ("ReduceLogSumExp", 18, [:], [x, Tensor([1] as [Int64])]), ("ReduceLogSum", 18, [:], [x, nil]),
    ("ReduceMax", 20, [:], [Tensor([true, false]), nil]), ("Dropout", 22, ["seed": .int(1)], [x, Tensor(scalar: 0.5), Tensor(scalar: true)]),
    ("BatchNormalization", 14, ["training_mode": .int(1)], [x, c, c, c, c]),
    ("BatchNormalization", 7, ["spatial": .int(0)], [x, x.part(0), x.part(1), x.part(0), Tensor([Double](repeating: 1, count: 9), shape: [3, 3])]),
    ("Gemm", 13, [:], [Tensor([1, 2] as [Int64], shape: [1, 2]), Tensor([1, 2] as [Int64], shape: [2, 1])]),
  ]

  @Test(arguments: cases.indices) func results(_ index: Int) throws {
    let (name, opset, attributes, operands) = Self.cases[index]
    let node = try TestNode(name, opset: opset, attributes, operands: operands.count)
    let early = try #require(node.run(operands)[0].tensor), late = try #require(node.run(operands, extentsAreKnown: false)[0].tensor)
    #expect(early.elementType == late.elementType && early.shape == late.shape && early.byteArray == late.byteArray, "\(name)")
  }
}
