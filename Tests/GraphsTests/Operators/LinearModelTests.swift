import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Results by onnxruntime 1.32, gradients by torch 2.13 in float64, for the operands and attributes that stand here.
@Suite struct LinearModelTests {
  private static let x: [Float] = [0.1, -0.2, 0.3, -0.1, 0.05, -0.025, 0, 0, 0]
  private static let two: [String: AttributeValue] = [
    "coefficients": .floats([0.5, -1, 2, 0.3, 0.1, -0.7]), "intercepts": .floats([0.1, 0.2]),
  ]

  private static func classifier(_ transform: String, _ more: [String: AttributeValue]) throws -> TestNode {
    try model("LinearClassifier", more.merging(["post_transform": .string(transform)]) { $1 }, results: 2)
  }

  @Test(arguments: [
    ("NONE", "acc", [0.95, 0.0, 0.42, -0.05, 0.1925, 0.285, 0.1, 0.2, 0.3]),
    ("LOGISTIC", "acc", [0.7211152, 0.5, 0.6034833, 0.4875026, 0.5479769, 0.5707716, 0.5249792, 0.549834, 0.5744425]),
    ("SOFTMAX", "acc", [0.5062404, 0.1957839, 0.2979756, 0.2723036, 0.3470322, 0.3806642, 0.3006096, 0.332225, 0.3671654]),
    ("SOFTMAX_ZERO", "acc", [0.6294831, 0.0, 0.3705169, 0.2723036, 0.3470322, 0.3806642, 0.3006096, 0.332225, 0.3671654]),
    ("PROBIT", "acc", [1.64467, -.infinity, -0.2018982, .nan, -0.868863, -0.5681068, -1.281713, -0.8417561, -0.5244459]),
  ])
  func classesOfThree(_ transform: String, _ wanted: String, _ scores: [Double]) throws {
    let node = try Self.classifier(transform, [
      "coefficients": .floats([0.5, -1, 2, 0.3, 0.1, -0.7, 0.2, 0.4, 0.6]), "intercepts": .floats([0.1, 0.2, 0.3]),
      "classlabels_strings": .strings(["a", "b", "c"]), "multi_class": .int(1),
    ])
    for extentsAreKnown in [true, false] {
      let results = try node.run([floats(Self.x, [3, 3])], extentsAreKnown: extentsAreKnown)
      #expect(labels(results[0]).joined() == wanted)
      try expectScores(results[1], scores)
    }
    // Other types of numbers, and not even the rank known. In float64 the 0 of the coefficients is not quite one, where PROBIT is infinite.
    guard transform != "PROBIT" else { return }
    let wide = try OperatorRun(node, [Tensor(Self.x.map(Double.init), shape: [3, 3])], shapes: [.unknown]).evaluated()
    try expectScores(wide[1], scores)
    #expect(labels(wide[0]).joined() == wanted)
  }

  @Test(arguments: [
    ("NONE", [0.04999995, 0.95, 1.05, -0.05, 0.9, 0.1]),
    ("LOGISTIC", [0.2788848, 0.7211152, 0.5124974, 0.4875026, 0.4750208, 0.5249792]),
    // onnxruntime leaves the pair 1 - s and s as it is; this is the softmax of it, by hand.
    ("SOFTMAX", [0.2890505, 0.7109495, 0.7502601, 0.2497399, 0.6899745, 0.3100255]),
  ])
  func oneRowForTwoClasses(_ transform: String, _ scores: [Double]) throws {
    let node = try Self.classifier(
      transform, ["coefficients": .floats([0.5, -1, 2]), "intercepts": .floats([0.1]), "classlabels_ints": .ints([7, 9])])
    let results = try node.run([floats(Self.x, [3, 3])])
    #expect(labels(results[0]) == ["9", "7", "9"])
    try expectScores(results[1], scores)
  }

  @Test(arguments: [
    ("NONE", [0.95, 0.0, -0.05, 0.1925, 0.1, 0.2]),
    ("LOGISTIC", [0.7211152, 0.5, 0.4875026, 0.5479769, 0.5249792, 0.549834]),
    ("SOFTMAX", [0.7211152, 0.2788848, 0.4396704, 0.5603297, 0.4750208, 0.5249792]),
    ("SOFTMAX_ZERO", [1.0, 0.0, 0.4396704, 0.5603297, 0.4750208, 0.5249792]),
    ("PROBIT", [1.64467, -.infinity, .nan, -0.868863, -1.281713, -0.8417561]),
  ])
  func regression(_ transform: String, _ expected: [Double]) throws {
    let node = try model("LinearRegressor", Self.two.merging(["targets": .int(2), "post_transform": .string(transform)]) { $1 })
    try expectScores(try node.run([floats(Self.x, [3, 3])])[0], expected)
    try expectScores(try node.run([floats(Array(Self.x[..<3]), [3])])[0], Array(expected[..<2]))
  }

  /// The standard applies the transform to one target too; onnxruntime does not. By hand: 1 / (1 + exp -0.95).
  @Test func oneTargetIsTransformed() throws {
    let node = try model("LinearRegressor", [
      "coefficients": .floats([0.5, -1, 2]), "intercepts": .floats([0.1]), "post_transform": .string("LOGISTIC"),
    ])
    try expectScores(try node.run([floats([0.1, -0.2, 0.3], [1, 3])])[0], [0.7211152])
  }

  @Test(arguments: [
    ("NONE", [-0.1, -1.2, 3.4, 1.15, -0.2, -1.1]),
    ("LOGISTIC", [-0.04944597, -0.2511081, 0.7522161, 0.282914, -0.05116471, -0.2652871]),
    ("SOFTMAX", [0.1206648, -0.6636566, 1.628975, -0.1239649, 0.6818071, -1.673527]),
    ("PROBIT", [.nan, .nan, .nan, 4.086851, -1.960422, -0.5172119]),
  ])
  func gradients(_ transform: String, _ expected: [Double]) throws {
    let node = try model("LinearRegressor", Self.two.merging(["targets": .int(2), "post_transform": .string(transform)]) { $1 })
    let x = Tensor([0.1, -0.2, 0.3, 0.2, 0.05, -0.025] as [Float], shape: [2, 3])
    let found = try gradient(node, x, seed: [1, -2, 0.5, 3])
    expectClose(transform == "PROBIT" ? Array(found[3...]) : found, transform == "PROBIT" ? Array(expected[3...]) : expected)
    guard transform == "SOFTMAX" else { return }
    expectClose(try gradient(node, x.converted(to: .float64), seed: [1, -2, 0.5, 3]), expected)
  }

  /// Without a score near 0, SOFTMAX_ZERO is SOFTMAX; a score of 0 takes no part, and has no gradient.
  @Test func gradientOfSoftmaxZero() throws {
    let node = try model("LinearRegressor", Self.two.merging(["targets": .int(2), "post_transform": .string("SOFTMAX_ZERO")]) { $1 })
    expectClose(try gradient(node, floats([0.2, 0.05, -0.025], [1, 3]), seed: [0.5, 3]), [-0.1239649, 0.6818071, -1.673527])
    #expect(try gradient(try model("LinearRegressor", [
      "coefficients": .floats([1, 2, 0, 0]), "targets": .int(2), "post_transform": .string("SOFTMAX_ZERO"),
    ]), floats([1, 1], [1, 2]), seed: [1, -2]) == [0, 0])
  }

  @Test func gradientOfThePair() throws {
    let node = try Self.classifier(
      "LOGISTIC", ["coefficients": .floats([0.5, -1, 2]), "intercepts": .floats([0.1]), "classlabels_ints": .ints([7, 9])])
    let found = try gradient(node, floats(Array(Self.x[..<6]), [2, 3]), seed: [1, -2, 0.5, 3], result: 1)
    expectClose(found, [-0.3016621, 0.6033242, -1.206648, 0.3123048, -0.6246095, 1.249219])
  }

  /// √(2π), the derivative of the inverse normal distribution function at 1/2, where the formula is 0 / 0.
  @Test func probitAtOneHalf() throws {
    let node = try model("LinearRegressor", ["coefficients": .floats([1]), "post_transform": .string("PROBIT")])
    try expectScores(try node.run([floats([0.5], [1, 1])])[0], [0])
    expectClose(try gradient(node, floats([0.5], [1, 1]), seed: [1]), [2.5066283])
  }

  @Test func refusals() throws {
    expectRefusal("cannot be shared") { try model("LinearRegressor", ["coefficients": .floats([1, 2, 3]), "targets": .int(2)]) }
    expectRefusal("cannot be shared") { try model("LinearRegressor", ["coefficients": .floats([1]), "targets": .int(.min)]) }
    expectRefusal("intercepts") { try model("LinearRegressor", ["coefficients": .floats([1]), "intercepts": .floats([1, 2])]) }
    expectRefusal("post_transform") { try model("LinearRegressor", ["coefficients": .floats([1]), "post_transform": .string("EXP")]) }
    expectRefusal("one of classlabels_ints") { try model("LinearClassifier", ["coefficients": .floats([1])]) }
    expectRefusal("two labels") { try model("LinearClassifier", ["coefficients": .floats([1]), "classlabels_ints": .ints([1])]) }
    let node = try model("LinearRegressor", Self.two.merging(["targets": .int(2)]) { $1 })
    expectRefusal("4 features") { try node.types((.float32, [2, 4])) }
    expectRefusal("[N, F]") { try node.types((.float32, [2, 3, 4])) }
    expectRefusal("not string") { try node.types((.string, [2, 3])) }
    expectRefusal("cannot be multiplied") { try node.run([floats([1, 2, 3, 4], [1, 4])], extentsAreKnown: false) }
  }
}
