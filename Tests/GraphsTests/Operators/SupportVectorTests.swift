import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Results by onnxruntime 1.32, gradients by torch 2.13 in float64, for the operands and attributes that stand here.
@Suite struct SupportVectorTests {
  private static let x = floats([1, -2, 3, -1, 0.5, -0.25, 0, 0, 0], [3, 3])

  private static func regressor(_ kernel: String, _ numbers: [Float], oneClass: Int = 0) throws -> TestNode {
    try model("SVMRegressor", [
      "kernel_type": .string(kernel), "kernel_params": .floats(numbers), "coefficients": .floats([0.5, -1]),
      "support_vectors": .floats([1, 2, 3, -1, 0.5, 0.25]), "n_supports": .int(2), "rho": .floats([0.25]), "one_class": .int(oneClass),
    ])
  }

  @Test(arguments: [
    ("LINEAR", [0.0, 0.0, 0.0], [4.5, -1.3125, 0.25], [1.0, -1.0, 1.0], [1.5, 0.5, 1.25, -3.0, -1.0, -2.5]),
    ("POLY", [0.5, 0.1, 3.0], [15.2902, -0.09429276, 0.2495], [1.0, -1.0, 1.0],
     [7.620938, 14.20828, 21.51914, -1.557305, 0.4950586, 0.0206543]),
    ("RBF", [0.5, 0.0, 0.0], [0.2500322, -0.6323851, -0.2683372], [1.0, -1.0, -1.0],
     [0.0002710783, 0.0003320774, 0.0003727327, -0.0004469326, -0.0003351994, 0.8817706]),
    ("SIGMOID", [0.5, 0.1, 0.0], [1.229524, -0.4845213, 0.200166], [1.0, -1.0, 1.0],
     [0.3860761, -0.187985, -0.08995007, -1.103552, -0.608262, -1.232162]),
  ])
  func regression(_ kernel: String, _ numbers: [Float], _ expected: [Double], _ sides: [Double], _ slope: [Double]) throws {
    let node = try Self.regressor(kernel, numbers)
    for extentsAreKnown in [true, false] { try expectScores(try node.run([Self.x], extentsAreKnown: extentsAreKnown)[0], expected) }
    try expectScores(try Self.regressor(kernel, numbers, oneClass: 1).run([Self.x])[0], sides)
    let found = try gradient(node, floats(Array(Self.x.array(of: Float.self)[..<6]), [2, 3]), seed: [1, -2])
    expectClose(found, slope)
  }

  /// Without support vectors: x·α + ρ by hand.
  @Test func linearRegression() throws {
    let node = try model("SVMRegressor", ["coefficients": .floats([0.5, -1, 0.25]), "rho": .floats([0.25])])
    try expectScores(try node.run([Self.x])[0], [3.5, -0.8125, 0.25])
  }

  private static func classifier(_ more: [String: AttributeValue]) throws -> TestNode {
    try model("SVMClassifier", [
      "kernel_type": .string("RBF"), "kernel_params": .floats([0.1, 0, 0]), "support_vectors": .floats([1, 2, 3, -1, 0.5, 0.25, 0, 1, 0]),
    ].merging(more) { $1 }, results: 2)
  }

  private static let two: [String: AttributeValue] = [
    "coefficients": .floats([0.5, -1, 0.25]), "vectors_per_class": .ints([1, 2]), "rho": .floats([0.05]), "classlabels_ints": .ints([7, 9]),
  ]

  @Test(arguments: [
    ("NONE", [-0.01991293, 0.01991293, 0.6129897, -0.6129897, 0.4774906, -0.4774906]),
    ("LOGISTIC", [0.4950219, 0.5049781, 0.6486225, 0.3513775, 0.6171551, 0.3828449]),
  ])
  func twoClasses(_ transform: String, _ expected: [Double]) throws {
    let results = try Self.classifier(Self.two.merging(["post_transform": .string(transform)]) { $1 }).run([Self.x])
    #expect(labels(results[0]) == ["7", "9", "9"])
    try expectScores(results[1], expected)
  }

  @Test(arguments: [
    ("NONE", [0.4725337, 0.5274662, 0.551392, 0.4486081, 0.5346202, 0.4653798]),
    ("LOGISTIC", [0.6159832, 0.6288919, 0.6344584, 0.6103082, 0.63056, 0.6142896]),
    ("SOFTMAX", [0.4862703, 0.5137296, 0.5256733, 0.4743266, 0.5173032, 0.4826968]),
    ("SOFTMAX_ZERO", [0.4862703, 0.5137296, 0.5256733, 0.4743266, 0.5173032, 0.4826968]),
    // The formula in float64 by Python, of the numbers of NONE: onnxruntime loses digits in float32 near 1/2.
    ("PROBIT", [-0.06890232, 0.0689021, 0.1291797, -0.1291796, 0.08688934, -0.08688941]),
  ])
  func probabilitiesOfTwo(_ transform: String, _ expected: [Double]) throws {
    let more: [String: AttributeValue] = ["prob_a": .floats([0.5]), "prob_b": .floats([0.1]), "post_transform": .string(transform)]
    let results = try Self.classifier(Self.two.merging(more) { $1 }).run([Self.x], extentsAreKnown: false)
    #expect(labels(results[0]) == ["7", "9", "9"])
    try expectScores(results[1], expected)
  }

  private static let three: [String: AttributeValue] = [
    "coefficients": .floats([0.5, -1, 0.25, 0.3, 0.7, -0.2]), "vectors_per_class": .ints([1, 1, 1]), "rho": .floats([0.05, -0.1, 0.2]),
    "classlabels_strings": .strings(["a", "b", "c"]),
  ]
  private static let probabilities: [String: AttributeValue] = ["prob_a": .floats([0.5, -1, 0.7]), "prob_b": .floats([0.1, 0.2, -0.3])]

  @Test(arguments: [
    ("NONE", false, [-0.01747922, -0.002038889, 0.2879855, -0.8322393, 0.175092, 0.7073172, -0.7037, 0.2001885, 0.6329315]),
    ("LOGISTIC", false, [0.4956303, 0.4994903, 0.5715029, 0.3031718, 0.5436615, 0.6698081, 0.3309924, 0.5498806, 0.6531538]),
    ("SOFTMAX", false, [0.2964882, 0.3011016, 0.4024103, 0.1190362, 0.3259549, 0.5550089, 0.1374497, 0.339389, 0.5231613]),
    ("NONE", true, [0.3008298, 0.3562581, 0.3429122, 0.3620703, 0.2802154, 0.3577143, 0.3592837, 0.2917312, 0.3489852]),
    ("LOGISTIC", true, [0.5746453, 0.5881343, 0.5848978, 0.5895415, 0.569599, 0.588487, 0.588867, 0.5724199, 0.5863715]),
  ])
  func threeClasses(_ transform: String, _ hasProbabilities: Bool, _ expected: [Double]) throws {
    let more = Self.three.merging(hasProbabilities ? Self.probabilities : [:]) { $1 }
    let results = try Self.classifier(more.merging(["post_transform": .string(transform)]) { $1 }).run([Self.x])
    #expect(labels(results[0]) == ["b", "b", "b"])
    try expectScores(results[1], expected)
  }

  @Test func linearClasses() throws {
    let node = try model("SVMClassifier", [
      "coefficients": .floats([0.5, -1, 2, 0.3, 0.1, -0.7, 0.2, 0.4, 0.6]), "rho": .floats([0.05, 9, 9]),
      "classlabels_strings": .strings(["a", "b", "c"]),
    ], results: 2)
    let results = try node.run([Self.x])
    #expect(labels(results[0]) == ["a", "b", "a"])
    try expectScores(results[1], [8.55, -1.95, 1.25, -1.45, -0.025, -0.1, 0.05, 0.05, 0.05])
  }

  @Test func gradients() throws {
    let x = floats(Array(Self.x.array(of: Float.self)[..<6]), [2, 3])
    let found = try gradient(try Self.classifier(Self.two), x, seed: [1, -2, 0.5, 3], result: 1)
    expectClose(found, [-0.1796777, -0.05694048, -0.2105995, 0.2026954, 0.1246153, -0.06518159])
    expectRefusal("coupled in rounds") {
      try gradient(try Self.classifier(Self.three.merging(Self.probabilities) { $1 }), x, seed: [1, 1, 1, 1, 1, 1], result: 1)
    }
  }

  @Test func refusals() throws {
    expectRefusal("do not fit") { try Self.classifier(Self.two.merging(["coefficients": .floats([1, 2])]) { $1 }) }
    expectRefusal("do not fit") { try Self.classifier(Self.two.merging(["support_vectors": .floats([1, 2])]) { $1 }) }
    expectRefusal("as many numbers rho") { try Self.classifier(Self.two.merging(["rho": .floats([])]) { $1 }) }
    expectRefusal("as many numbers rho") { try Self.classifier(Self.two.merging(["prob_a": .floats([1])]) { $1 }) }
    expectRefusal("no numbers of vectors") { try Self.classifier(Self.two.merging(["vectors_per_class": .ints([.max, 1])]) { $1 }) }
    expectRefusal("kernel_type") { try Self.regressor("CUBIC", []) }
    expectRefusal("kernel_params") { try Self.regressor("RBF", [1]) }
    expectRefusal("support vectors") { try model("SVMRegressor", ["coefficients": .floats([1]), "rho": .floats([0]), "n_supports": .int(3)]) }
    expectRefusal("rho must be one") { try model("SVMRegressor", ["coefficients": .floats([1])]) }
    expectRefusal("2 features") { try Self.regressor("LINEAR", []).types((.float32, [1, 2])) }
  }
}
