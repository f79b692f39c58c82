import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// LabelEncoder, CategoryMapper, OneHotEncoder, ZipMap, DictVectorizer and CastMap. By the text of the standard, and agreeing with
/// onnxruntime 1.32 where nothing else is said.
@Suite struct LabelTests {
  /// Since version 4 the last of equal keys counts and 0 is -0; before, bits are compared, but for NaN. (onnxruntime takes the first of equal
  /// keys in every version.)
  @Test(arguments: [(4, ["d", "b", "c", "_Unused"]), (2, ["a", "b", "_Unused", "_Unused"])])
  func floatKeys(_ version: Int, _ expected: [String]) throws {
    let node = try model("LabelEncoder", [
      "keys_floats": .floats([1, .nan, 0, 1]), "values_strings": .strings(["a", "b", "c", "d"]),
    ], version: version)
    #expect(try node.result(Tensor([1, .nan, -0.0, 7] as [Float])).texts == expected)
  }

  @Test func otherKeys() throws {
    let node = try model("LabelEncoder", [
      "keys_tensor": .tensor(Tensor([1, 2] as [Int16])), "values_tensor": .tensor(Tensor([0.5, 1e300])), "default_tensor": .tensor(Tensor([7.0])),
    ], version: 4)
    #expect(try node.result(Tensor([2, 3, 1] as [Int16])).array(of: Double.self) == [1e300, 7, 0.5])
    // Two ways to write é are two texts.
    let texts = try model("LabelEncoder", ["keys_strings": .strings(["\u{e9}"]), "values_int64s": .ints([.max])], version: 2)
    #expect(try texts.result(Tensor(["\u{e9}", "e\u{301}"], shape: [2])).array(of: Int64.self) == [.max, -1])
    let floats = try model("LabelEncoder", ["keys_int64s": .ints([5]), "values_floats": .floats([1])], version: 2)
    #expect(try floats.result(Tensor([4] as [Int64])).array(of: Float.self)[0].sign == .minus)
  }

  @Test func oldVersions() throws {
    let attributes: [String: AttributeValue] = ["classes_strings": .strings(["a", "b"]), "default_int64": .int(-5)]
    let node = try model("LabelEncoder", attributes, version: 1)
    #expect(try node.result(texts("b", "x", "a")).array(of: Int64.self) == [1, -5, 0])
    #expect(try node.result(Tensor([1, 5, 0] as [Int64])).texts == ["b", "_Unused", "a"])
    let mapper = try model("CategoryMapper", [
      "cats_strings": .strings(["a", "b"]), "cats_int64s": .ints([10, 20]), "default_string": .string("?"),
    ])
    #expect(try mapper.result(texts("b", "x")).array(of: Int64.self) == [20, -1])
    #expect(try mapper.result(Tensor([10, 11] as [Int64])).texts == ["a", "?"])
  }

  @Test func oneHot() throws {
    let node = try model("OneHotEncoder", ["cats_int64s": .ints([3, 1])])
    let y = try node.result(Tensor([1.7, 3, -1] as [Float]))
    #expect(y.array(of: Float.self) == [0, 1, 1, 0, 0, 0] && y.shape == [3, 2])
    #expect(try model("OneHotEncoder", ["cats_strings": .strings(["a", "b"])]).result(texts("b", "c")).array(of: Float.self) == [0, 1, 0, 0])
    let strict = try model("OneHotEncoder", ["cats_int64s": .ints([3, 1]), "zeros": .int(0)])
    expectRefusal("none of the 2 categories") { try strict.run([Tensor([2] as [Int64])]) }
    expectRefusal("must be given") { try model("OneHotEncoder", [:]) }
    expectRefusal("must be of string") { try model("OneHotEncoder", ["cats_strings": .strings(["a"])]).types((.int64, [1])) }
  }

  @Test func refusals() throws {
    expectRefusal("do not fit") { try model("LabelEncoder", ["keys_int64s": .ints([1, 2]), "values_int64s": .ints([1])]) }
    expectRefusal("one list of keys") { try model("LabelEncoder", ["values_int64s": .ints([1])]) }
    expectRefusal("one list of values") {
      try model("LabelEncoder", ["keys_int64s": .ints([1]), "values_int64s": .ints([1]), "values_floats": .floats([1])])
    }
    expectRefusal("the default must be") {
      try model("LabelEncoder", [
        "keys_int64s": .ints([1]), "values_tensor": .tensor(Tensor([1.0])), "default_tensor": .tensor(Tensor([1] as [Float])),
      ], version: 4)
    }
    expectRefusal("not float32") { try model("LabelEncoder", ["keys_int64s": .ints([1]), "values_int64s": .ints([1])]).types((.float32, [2])) }
    expectRefusal("do not fit") { try model("CategoryMapper", ["cats_strings": .strings(["a", "b"]), "cats_int64s": .ints([1])]) }
  }

  // MARK: Maps

  private static func maps(_ value: RunValue) -> [[String: Float]] {
    guard case .sequence(let rows, _) = value else { return [] }
    return rows.map { row in
      guard case .map(let keys, let values) = row else { return [:] }
      let names = keys.texts ?? keys.integers?.map(String.init) ?? []
      return [String: Float](zip(names, values.array(of: Float.self))) { $1 }
    }
  }

  @Test func zipMap() throws {
    let node = try model("ZipMap", ["classlabels_strings": .strings(["b", "a"])])
    let x = floats([1, 2, 3, 4], [2, 2])
    for extentsAreKnown in [true, false] {
      #expect(Self.maps(try node.run([x], extentsAreKnown: extentsAreKnown)[0]) == [["b": 1, "a": 2], ["b": 3, "a": 4]])
    }
    #expect(Self.maps(try model("ZipMap", ["classlabels_int64s": .ints([4, 2])]).run([x.part(0)])[0]) == [["4": 1, "2": 2]])
    expectRefusal("2 classes") { try node.types((.float32, [1, 3])) }
    expectRefusal("2 classes") { try node.run([floats([1, 2, 3], [1, 3])], extentsAreKnown: false) }
    expectRefusal("both") { try model("ZipMap", ["classlabels_strings": .strings(["b"]), "classlabels_int64s": .ints([4])]) }
  }

  /// What an operator makes of a map, at run time.
  private static func result(_ node: TestNode, _ keys: Tensor, _ values: Tensor) throws -> Tensor {
    let map = RunValue.map(keys: keys, values: values)
    let types = try node.op.resultTypes(for: [OperandInfo(type: map.type, known: map)])
    let shape = try #require(types[0].staticShape), type = try #require(types[0].tensor?.elementType)
    var results = Results([.tensor(Tensor(zeros: type, shape: shape))], wanted: [true], team: .single, scratch: Scratch())
    try node.op.evaluate(Operands([map]), into: &results)
    return try #require(results.finished()[0].tensor)
  }

  /// onnxruntime gives a matrix of one row; the standard says a vector.
  @Test func dictVectorizer() throws {
    let node = try model("DictVectorizer", ["string_vocabulary": .strings(["a", "b", "c"])])
    #expect(try Self.result(node, texts("c", "a"), Tensor([1.5, -2.5])).array(of: Double.self) == [-2.5, 0, 1.5])
    #expect(try Self.result(node, texts("c"), Tensor([Int64.max])).array(of: Int64.self) == [0, 0, .max])
    let numbers = try model("DictVectorizer", ["int64_vocabulary": .ints([5, 6])])
    #expect(try Self.result(numbers, Tensor([6] as [Int64]), texts("x")).texts == ["", "x"])
    expectRefusal("\"d\"") { try Self.result(node, texts("d"), Tensor([1.5])) }
    expectRefusal("keys of the map") { try Self.result(numbers, texts("d"), Tensor([1.5])) }
    expectRefusal("must be a map") { try node.types((.float32, [2])) }
  }

  @Test func castMap() throws {
    let keys = Tensor([3, 1] as [Int64]), values = Tensor([1.5, -2.5] as [Float])
    let dense = try Self.result(try model("CastMap", [:]), keys, values)
    #expect(dense.array(of: Float.self) == [-2.5, 1.5] && dense.shape == [1, 2])
    let sparse: [String: AttributeValue] = ["map_form": .string("SPARSE"), "max_map": .int(5), "cast_to": .string("TO_INT64")]
    #expect(try Self.result(try model("CastMap", sparse), keys, values).array(of: Int64.self) == [0, -2, 0, 1, 0])
    #expect(try Self.result(try model("CastMap", sparse), keys, texts("7", "-8")).array(of: Int64.self) == [0, -8, 0, 7, 0])
    #expect(try Self.result(try model("CastMap", ["cast_to": .string("TO_STRING")]), keys, texts("y", "x")).texts == ["x", "y"])
    expectRefusal("is no number") { try Self.result(try model("CastMap", [:]), keys, texts("7", "x")) }
    expectRefusal("3 columns") {
      try Self.result(try model("CastMap", ["map_form": .string("SPARSE"), "max_map": .int(3)]), keys, values)
    }
    expectRefusal("max_map") { try model("CastMap", ["map_form": .string("SPARSE"), "max_map": .int(-3)]) }
    expectRefusal("cast_to") { try model("CastMap", ["cast_to": .string("TO_HALF")]) }
  }
}
