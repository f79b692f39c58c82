import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Scaler, Normalizer, Imputer, Binarizer, FeatureVectorizer and ArrayFeatureExtractor. Results by onnxruntime 1.32 or by hand, gradients by
/// torch 2.13 in float64.
@Suite struct FeatureOperatorTests {
  @Test func scaler() throws {
    let node = try model("Scaler", ["offset": .floats([1, 2]), "scale": .floats([2, -0.5])])
    for x in [floats([3, 4, 1, 0], [2, 2]), Tensor([3, 4, 1, 0] as [Int64], shape: [2, 2]), Tensor([3.0, 4, 1, 0], shape: [2, 2])] {
      try expectScores(try node.run([x])[0], [4, -1, 0, 1])
    }
    #expect(try gradient(node, floats([3, 4, 1, 0], [2, 2]), seed: [1, 1, 3, 4]) == [2, -0.5, 6, -2])
    try expectScores(try model("Scaler", ["offset": .floats([1]), "scale": .floats([2])]).run([floats([3, 4], [2])])[0], [4, 6])
    expectRefusal("3 features") { try node.types((.float32, [nil, 3])) }
    expectRefusal("do not fit") { try model("Scaler", ["offset": .floats([1, 2]), "scale": .floats([1, 2, 3])]) }
  }

  @Test(arguments: [
    ("MAX", [0.3333333, -0.6666667, 1.0, -2.0, 1.0, -0.5, 0, 0, 0], [0.3333333, -0.6666667, -0.5555556, 1.0, 1.0, -2.0]),
    ("L1", [0.1666667, -0.3333333, 0.5, -0.5714286, 0.2857143, -0.1428571, 0, 0, 0],
     [-0.01388889, -0.1527778, -0.09722222, 0.6938776, 1.306122, -0.1632653]),
    ("L2", [0.2672612, -0.5345225, 0.8017837, -0.8728716, 0.4364358, -0.2182179, 0, 0, 0],
     [0.1431757, -0.2863513, -0.2386261, 1.267742, 2.202962, -0.665045]),
  ])
  func normalizer(_ norm: String, _ expected: [Double], _ slope: [Double]) throws {
    let node = try model("Normalizer", ["norm": .string(norm)])
    let x = floats([1, -2, 3, -1, 0.5, -0.25, 0, 0, 0], [3, 3])
    try expectScores(try node.run([x])[0], expected)
    try expectScores(try node.run([x.part(0)])[0], Array(expected[..<3]))
    expectClose(try gradient(node, floats([1, -2, 3, -1, 0.5, -0.25], [2, 3]), seed: [1, -2, 0.5, 0.5, 3, -1]), slope)
    // Y = X where the divisor is 0.
    if norm == "L2" { #expect(try gradient(node, floats([0, 0], [1, 2]), seed: [3, 4]) == [3, 4]) }
    expectRefusal("MAX, L1 or L2") { try model("Normalizer", ["norm": .string("L3")]) }
  }

  @Test func imputer() throws {
    let nan = Float.nan
    let node = try model("Imputer", ["imputed_value_floats": .floats([7, 8, 9]), "replaced_value_float": .float(nan)])
    let x = floats([1, nan, 3, nan, 0, nan], [2, 3])
    try expectScores(try node.run([x])[0], [1, 8, 3, 7, 0, 9])
    #expect(try gradient(node, x, seed: [1, 2, 3, 4, 5, 6]) == [1, 0, 3, 0, 5, 0])
    let integers = try model("Imputer", ["imputed_value_int64s": .ints([5]), "replaced_value_int64": .int(-1)])
    #expect(try integers.result(Tensor([-1, 2, -1] as [Int32], shape: [1, 3])).array(of: Int32.self) == [5, 2, 5])
    expectRefusal("what is put in") { try node.types((.int64, [2, 3])) }
    expectRefusal("2 features") { try node.types((.float32, [2, 2])) }
    expectRefusal("no int32") { try model("Imputer", ["imputed_value_int64s": .ints([1 << 40])]).types((.int32, [1, 1])) }
    expectRefusal("must be given") { try model("Imputer", [:]) }
  }

  @Test func binarizer() throws {
    let node = try model("Binarizer", ["threshold": .float(0.5)])
    #expect(try node.result(floats([0.5, 0.6, .nan, -1], [2, 2])).array(of: Float.self) == [0, 1, 0, 0])
    #expect(try node.result(Tensor([0, 1] as [Int64])).array(of: Int64.self) == [0, 1])
  }

  @Test func vectorizer() throws {
    let node = try model("FeatureVectorizer", ["inputdimensions": .ints([3, 1])], operands: 2)
    let operands = [floats([1, -2, -1, 0.5], [2, 2]), floats([1, -1], [2, 1])]
    for extentsAreKnown in [true, false] {
      try expectScores(try node.run(operands, extentsAreKnown: extentsAreKnown)[0], [1, -2, 0, 1, -1, 0.5, 0, -1])
    }
    let other = try model("FeatureVectorizer", ["inputdimensions": .ints([1, 2])], operands: 2)
    try expectScores(try other.run([floats([1, -2], [2]), Tensor([1.0])])[0], [1, 1, 0])
    expectRefusal("numbers of rows") { try node.types((.float32, [2, 2]), (.float32, [3, 1])) }
    expectRefusal("a size for each") { try model("FeatureVectorizer", ["inputdimensions": .ints([1, -2])], operands: 2) }
    expectRefusal("a size for each") { try model("FeatureVectorizer", ["inputdimensions": .ints([1])], operands: 2) }
  }

  @Test func arrayFeatureExtractor() throws {
    let node = try model("ArrayFeatureExtractor", [:], operands: 2)
    let picked = try node.result(texts("a", "b", "c"), Tensor([2, 0] as [Int64]))
    #expect(picked.texts == ["c", "a"] && picked.shape == [1, 2])
    #expect(try node.result(floats([1, 2, 3, 4], [2, 2]), Tensor([1] as [Int64], shape: [1, 1]), shapes: [.unknown, .unknown]).doubles == [2, 4])
    expectRefusal("index 3") { try node.run([texts("a", "b", "c"), Tensor([3] as [Int64])]) }
  }
}
