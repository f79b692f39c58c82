import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CompressTests {
  private let condition = Tensor([false, true, true])

  @Test func gradients() throws {
    for axis in [-2, 0, 1] {
      try expectAdjoint(try TestNode("Compress", ["axis": .int(axis)]), [0: [3, 4]], constants: [1: condition])
    }
    try expectAdjoint(try TestNode("Compress"), [0: [3, 4]], constants: [1: condition])
    try expectAdjoint(try TestNode("Compress"), [0: [2]], constants: [1: Tensor([false])])
  }

  @Test func shapes() throws {
    let node = try TestNode("Compress", ["axis": .int(0)])
    #expect(try node.types((.float32, [3, nil]), (.bool, [3])) == [ValueType(.float32, [nil, nil])])
    #expect(try node.folded([zeros(3, 2), condition]) == [ValueType(.float32, [2, 2])])
    // The number of slices is known in the run alone.
    #expect(try node.run([zeros(3, 2), condition])[0].tensor?.shape == [2, 2])
  }

  @Test func refusals() throws {
    let node = try TestNode("Compress", ["axis": .int(0)])
    expectRefusal("index 2 lies outside axis 0") { try node.run([zeros(2), condition]) }
    expectRefusal("axis 0 does not exist") { try node.folded([Tensor(scalar: Float(1)), condition]) }
    expectRefusal("truth values") { try node.folded([zeros(2), indices(1)]) }
    expectRefusal("must be a list") { try node.folded([zeros(2), Tensor([true], shape: [1, 1])]) }
    expectRefusal("depends on data") {
      var builder = GraphBuilder()
      let x = builder.input("x", ValueType(.float64, [2])), c = builder.input("c", ValueType(.bool, [2]))
      let sum = try builder.add(ReduceSum(axes: [0], keepsAxes: false), builder.add(try TestNode("Compress").op, x, c))
      _ = try builder.finished(outputs: []).gradients(of: sum, seed: Tensor(scalar: 1.0), withRespectTo: [x], for: [:])
    }
  }
}

@Suite struct NonZeroTests {
  /// By hand: NaN is not 0, both zeros are.
  @Test func halves() throws {
    for type in [ElementType.float16, .bfloat16, .float32, .float64] {
      let x = Tensor([0, -0.0, .nan, 3], shape: [2, 2]).converted(to: type)
      for extentsAreKnown in [true, false] {
        let y = try TestNode("NonZero").run([x], extentsAreKnown: extentsAreKnown)[0].tensor
        #expect(y?.shape == [2, 2])
        #expect(y?.integers == [1, 1, 0, 1])
      }
    }
  }

  @Test func textAndComplexNumbers() throws {
    let complex = Tensor(elementType: .complex64, shape: [3], bytes: Tensor([0, 2, 0, -0.0, 1, 0] as [Float]).bytes)
    for extentsAreKnown in [true, false] {
      let node = try TestNode("NonZero")
      #expect(try node.run([complex], extentsAreKnown: extentsAreKnown)[0].tensor?.integers == [0, 2])
      #expect(try node.run([Tensor(["", "0"], shape: [2])], extentsAreKnown: extentsAreKnown)[0].tensor?.integers == [1])
    }
    expectRefusal("int4") { try TestNode("NonZero").folded([Tensor(zeros: .int4, shape: [2])]) }
  }

  @Test func shapes() throws {
    let node = try TestNode("NonZero")
    #expect(try node.result(Tensor(scalar: true)).shape == [0, 1])
    #expect(try node.result(Tensor(zeros: .int32, shape: [2, 3])).shape == [2, 0])
    #expect(try node.result(Tensor([7, 0, 9] as [UInt64])).integers == [0, 2])
    #expect(try node.types((.float32, [4, nil])) == [ValueType(.int64, [2, nil])])
    #expect(try node.folded([Tensor([1, 0] as [Float])]) == [ValueType(.int64, [1, 1])])
  }
}

@Suite struct UniqueTests {
  private func lists(_ x: Tensor, _ attributes: [String: AttributeValue] = [:]) throws -> [[Double]?] {
    try TestNode("Unique", attributes, results: 4).run([x], extentsAreKnown: false).map { $0.tensor?.doubles }
  }

  /// numpy 2, `np.unique([3, nan, 1, nan, -0., 0.])`, and the same in the order of occurrence.
  @Test(arguments: [ElementType.float32, .float64, .float16, .bfloat16]) func specialNumbers(_ type: ElementType) throws {
    let x = Tensor([3, .nan, 1, .nan, -0.0, 0]).converted(to: type)
    let sorted = try lists(x)
    #expect(sorted[0]?.prefix(3) == [0, 1, 3] && sorted[0]?[3].isNaN == true)
    #expect(Array(sorted[1...]) == [[4, 2, 0, 1], [2, 3, 1, 3, 0, 0], [2, 1, 1, 2]])
    let occurring = try lists(x, ["sorted": .int(0)])
    #expect(Array(occurring[1...]) == [[0, 1, 2, 4], [0, 1, 2, 1, 3, 3], [1, 2, 1, 2]])
  }

  /// By hand.
  @Test func slices() throws {
    let x = Tensor([true, false, true, true, true, true], shape: [2, 3])
    #expect(try lists(x, ["axis": .int(1)]) == [[0, 1, 1, 1], [1, 0], [1, 0, 1], [1, 2]])
    #expect(try lists(Tensor([5, 4, 5, 4] as [UInt8], shape: [2, 2]), ["axis": .int(0)]) == [[5, 4], [0], [0, 0], [2]])
    #expect(try lists(Tensor([] as [Int32])) == [[], [], [], []])
    // Slices without elements are equal.
    #expect(try TestNode("Unique", ["axis": .int(0)]).result(zeros(3, 0)).shape == [1, 0])
  }

  /// By hand: code points decide, and é in one and in two of them are two texts.
  @Test func textAndComplexNumbers() throws {
    let texts = Tensor(["b", "\u{e9}", "e\u{301}", "b", "B", ""], shape: [6])
    let found = try TestNode("Unique", results: 4).run([texts], extentsAreKnown: false)
    #expect(found[0].tensor?.texts?.map { Array($0.unicodeScalars) } == ["", "B", "b", "e\u{301}", "\u{e9}"].map { Array($0.unicodeScalars) })
    #expect(found[1...].map { $0.tensor?.integers } == [[5, 4, 0, 2, 1], [2, 4, 3, 2, 1, 0], [1, 1, 2, 1, 1]])
    let rows = try TestNode("Unique", ["axis": .int(0), "sorted": .int(0)]).result(Tensor(["x", "a", "x", "a", "x", "b"], shape: [3, 2]))
    #expect(rows.texts == ["x", "a", "x", "b"])
    let complex = Tensor(elementType: .complex64, shape: [3], bytes: Tensor([2, 1, 1, 5, 2, 1] as [Float]).bytes)
    #expect(try TestNode("Unique", results: 3).run([complex])[1...].map { $0.tensor?.integers } == [[1, 0], [1, 0, 1]])
  }

  @Test func refusals() throws {
    expectRefusal("axis 1 does not exist") { try TestNode("Unique", ["axis": .int(1)]).folded([zeros(3)]) }
    expectRefusal("sorted must be 0 or 1") { try TestNode("Unique", ["sorted": .int(2)]) }
  }
}
