import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CastTests {
  @Test(arguments: try OperatorCase.load("Cast"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// The result is rounded to float32, so that differences of 1e-6 are lost.
  @Test(arguments: try OperatorCase.load("Cast", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: false)
  }

  @Test func unknownShapesAreKept() throws {
    #expect(try TestNode("Cast", ["to": .int(7)]).types((.float32, [nil, 3])) == [ValueType(.int64, [nil, 3])])
  }

  @Test func refusesTypesThatThereAreNot() throws {
    expectRefusal("there is no cast to no element type here") { try TestNode("Cast", ["to": .int(0)]) }
    expectRefusal("element type number 1000") { try TestNode("Cast", ["to": .int(1000)]) }
    expectRefusal("there is no cast from float32 to complex64 here") { try TestNode("Cast", ["to": .int(14)]).types((.float32, [2])) }
    expectRefusal("attribute to is missing") { try TestNode("Cast") }
    expectRefusal("must be 0 or 1") { try TestNode("Cast", ["to": .int(1), "saturate": .int(2)]) }
    expectRefusal("must be up, down or nearest, not across") { try TestNode("Cast", ["to": .int(24), "round_mode": .string("across")]) }
    expectRefusal("there is no cast to WORD here") { try TestNode("Cast", opset: 1, ["to": .string("WORD")]) }
  }

  @Test func namedTypesOfVersion1() throws {
    #expect(try TestNode("Cast", opset: 1, ["to": .string("INT32")]).result(Tensor([-1.5, 2])).integers == [-1, 2])
    #expect(try TestNode("Cast", opset: 5, ["to": .string("DOUBLE")]).result(Tensor([1] as [Float])).doubles == [1])
  }

  func texts(_ x: Tensor) throws -> [String]? { try TestNode("Cast", ["to": .int(8)]).result(x).texts }

  /// The shortest digits that mean the same number, as NumPy's `str`, without its exponents.
  @Test func numbersAsText() throws {
    let floats: [Float] = [3.14, -0.1, 100, 0, 1e-5, -2.5e-7, 1.5e20, .infinity, -.infinity, .nan]
    #expect(
      try texts(Tensor(floats)) == [
        "3.14", "-0.1", "100.0", "0.0", "0.00001", "-0.00000025", "150000000000000000000.0", "INF", "-INF", "NaN",
      ])
    #expect(try texts(Tensor([0.1, 123456789.125])) == ["0.1", "123456789.125"])
    #expect(try texts(Tensor([0.1] as [Float16])) == ["0.1"])
    #expect(try texts(Tensor([.min, 7] as [Int64])) == ["-9223372036854775808", "7"])
    #expect(try texts(Tensor([.max] as [UInt64])) == ["18446744073709551615"])
    #expect(try texts(Tensor([true, false])) == ["1", "0"])
    #expect(try texts(Tensor([0.5, -6] as [Float]).converted(to: .float4e2m1)) == ["0.5", "-6.0"])
  }

  @Test func textsAsNumbers() throws {
    let x = Tensor(["3.14", "1e-5", "1E8", "+INF", "-inf", "100.5"], shape: [6])
    #expect(try TestNode("Cast", ["to": .int(11)]).result(x).doubles == [3.14, 1e-5, 1e8, .infinity, -.infinity, 100.5])
    #expect(try TestNode("Cast", ["to": .int(1)]).result(x).array(of: Float.self)[0] == 3.14)
    #expect(try TestNode("Cast", ["to": .int(1)]).result(Tensor(["nan", "NaN"], shape: [2])).doubles.allSatisfy(\.isNaN))
    #expect(try TestNode("Cast", ["to": .int(6)]).result(x).integers == [3, 0, 100_000_000, .init(Int32.max), .init(Int32.min), 100])
    #expect(try TestNode("Cast", ["to": .int(7)]).result(Tensor(["9007199254740993"], shape: [1])).integers == [9_007_199_254_740_993])
    #expect(try TestNode("Cast", ["to": .int(13)]).result(Tensor(["18446744073709551615"], shape: [1])).array(of: UInt64.self) == [.max])
    #expect(try TestNode("Cast", ["to": .int(9)]).result(Tensor(["0", "2", "0.0"], shape: [3])).integers == [0, 1, 0])
    #expect(try TestNode("Cast", ["to": .int(17)]).result(Tensor(["0.3"], shape: [1])).doubles == [0.3125])
    expectRefusal("element 1 is a text that is no number") { try TestNode("Cast", ["to": .int(1)]).result(Tensor(["1", "one"], shape: [2])) }
  }

  @Test func noGradientFlowsThroughIntegers() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [2] as Shape))
    let y = try builder.add(Cast(to: .float64), builder.add(Cast(to: .int32), x))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let (whole, gradients) = try graph.differentiating(y, seed: Tensor([1.0, 1.0]), withRespectTo: [x])
    #expect(whole.constant(gradients[0])?.doubles == [0, 0])
  }
}
