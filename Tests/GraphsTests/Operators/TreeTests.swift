import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Results by onnxruntime 1.32 where nothing else is said.
@Suite struct TreeTests {
  private static let nodes: [String: AttributeValue] = [
    "nodes_nodeids": .ints([0, 1, 2, 0, 1, 2]), "nodes_treeids": .ints([0, 0, 0, 1, 1, 1]), "nodes_featureids": .ints([0, 0, 0, 1, 0, 0]),
    "nodes_values": .floats([0.1, 0, 0, 0.2, 0, 0]), "nodes_modes": .strings(["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"]),
    "nodes_truenodeids": .ints([1, 0, 0, 1, 0, 0]), "nodes_falsenodeids": .ints([2, 0, 0, 2, 0, 0]),
  ]
  private static let x = floats([1, -2, -1, 0.5, 0.1, 0.2], [3, 2])

  private static func classifier(_ ids: [Int], _ weights: [Float], _ more: [String: AttributeValue]) throws -> TestNode {
    let votes: [String: AttributeValue] = [
      "class_treeids": .ints([0, 0, 1, 1]), "class_nodeids": .ints([1, 2, 1, 2]), "class_ids": .ints(ids), "class_weights": .floats(weights),
    ]
    return try model("TreeEnsembleClassifier", nodes.merging(votes) { $1 }.merging(more) { $1 }, results: 2)
  }

  @Test(arguments: [
    ("NONE", [0.5, 1.1, -0.2, 0.3, 0.3, 0.4, 0.7, 0.3, -0.2]),
    ("LOGISTIC", [0.6224594, 0.7502601, 0.450166, 0.5744425, 0.5744425, 0.5986876, 0.6681878, 0.5744425, 0.450166]),
    ("SOFTMAX", [0.3013224, 0.5490453, 0.1496323, 0.3220434, 0.3220434, 0.3559131, 0.4814892, 0.3227518, 0.1957589]),
    ("SOFTMAX_ZERO", [0.3013224, 0.5490453, 0.1496323, 0.3220434, 0.3220434, 0.3559131, 0.4814892, 0.3227518, 0.1957589]),
    ("PROBIT", [0.0, .nan, .nan, -0.5244459, -0.5244459, -0.2533535, 0.5244459, -0.5244459, .nan]),
  ])
  func classes(_ transform: String, _ expected: [Double]) throws {
    let node = try Self.classifier([0, 1, 2, 0], [0.2, 0.8, 0.6, 0.4], [
      "base_values": .floats([0.1, 0.3, -0.2]), "classlabels_strings": .strings(["a", "b", "c"]), "post_transform": .string(transform),
    ])
    for extentsAreKnown in [true, false] {
      let results = try node.run([Self.x], extentsAreKnown: extentsAreKnown)
      #expect(labels(results[0]) == ["b", "c", "a"])
      try expectScores(results[1], expected)
    }
  }

  @Test(arguments: [
    ("NONE", [0.2, 0.7, 0.1, 0.3], ["9", "7", "9"], [-0.1, 1.1, 0.6, 0.4, 0.4, 0.6]),
    ("LOGISTIC", [0.2, 0.7, 0.1, 0.3], ["9", "7", "9"], [0.2497399, 0.7502601, 0.4013124, 0.5986876, 0.3543437, 0.6456563]),
    ("NONE", [-0.2, 0.7, 0.1, -0.3], ["9", "7", "7"], [-0.5, 0.5, 0, 0, 0.4, -0.4]),
    ("LOGISTIC", [-0.2, 0.7, 0.1, -0.3], ["9", "7", "7"], [0.3775406, 0.6224594, 0.5, 0.5, 0.5986876, 0.4013124]),
  ] as [(String, [Float], [String], [Double])])
  func oneScoreForTwoClasses(_ transform: String, _ weights: [Float], _ wanted: [String], _ expected: [Double]) throws {
    // A score of 0 has to be exactly that: 0.1 more than -0.1.
    let more: [String: AttributeValue] = [
      "base_values": .floats([0.1]), "classlabels_int64s": .ints([7, 9]), "post_transform": .string(transform),
    ]
    let results = try Self.classifier([0, 0, 0, 0], weights, more).run([Self.x])
    if weights[0] > 0 { #expect(labels(results[0]) == wanted) }
    for (a, e) in zip(try #require(results[1].tensor).doubles, expected) { #expect(abs(a - e) < 1e-6) }
  }

  @Test func votesForTheSecondClassAlone() throws {
    let results = try Self.classifier([1, 1, 1, 1], [-0.2, 0.7, 0.1, -0.3], ["classlabels_int64s": .ints([7, 9])]).run([Self.x])
    #expect(labels(results[0]) == ["9", "7", "7"])
    try expectScores(results[1], [0, 0.4, 0, -0.1, 0, -0.5])
  }

  @Test func oneLabel() throws {
    let results = try Self.classifier([0, 0, 0, 0], [-0.2, 0.7, 0.1, -0.3], ["classlabels_int64s": .ints([1])]).run([Self.x])
    #expect(labels(results[0]) == ["1", "0", "0"])
    try expectScores(results[1], [0.4, -0.1, -0.5])
  }

  @Test(arguments: [
    ("SUM", "NONE", [1.3, 0.55, 0.9, -0.2, 0.7, -0.2]),
    ("SUM", "SOFTMAX", [0.6791787, 0.3208213, 0.7502601, 0.2497399, 0.7109495, 0.2890505]),
    ("AVERAGE", "NONE", [0.7, 0.425, 0.5, 0.05, 0.4, 0.05]),
    ("AVERAGE", "SOFTMAX", [0.56832, 0.43168, 0.6106393, 0.3893608, 0.5866176, 0.4133824]),
    ("MIN", "NONE", [0.5, 0.55, 0.3, -0.2, 0.3, -0.2]),
    ("MAX", "NONE", [0.9, 0.55, 0.7, -0.2, 0.5, -0.2]),
  ])
  func regression(_ aggregate: String, _ transform: String, _ expected: [Double]) throws {
    let votes: [String: AttributeValue] = [
      "n_targets": .int(2), "target_treeids": .ints([0, 0, 1, 1, 0, 0]), "target_nodeids": .ints([1, 2, 1, 2, 1, 2]),
      "target_ids": .ints([0, 0, 0, 0, 1, 1]), "aggregate_function": .string(aggregate), "post_transform": .string(transform),
    ]
    let base: [String: AttributeValue] = ["target_weights": .floats([0.2, 0.8, 0.6, 0.4, -0.5, 0.25]), "base_values": .floats([0.1, 0.3])]
    let node = try model("TreeEnsembleRegressor", Self.nodes.merging(votes) { $1 }.merging(base) { $1 })
    try expectScores(try node.run([Self.x])[0], expected)
    // The same in float64, as tensors.
    var wide = Self.nodes.merging(votes) { $1 }
    wide["nodes_values"] = nil
    wide["nodes_values_as_tensor"] = .tensor(Tensor([0.1, 0, 0, 0.2, 0, 0]))
    wide["target_weights_as_tensor"] = .tensor(Tensor([0.2, 0.8, 0.6, 0.4, -0.5, 0.25]))
    wide["base_values_as_tensor"] = .tensor(Tensor([0.1, 0.3]))
    let doubles = Tensor([1, -2, -1, 0.5, 0.1, 0.2], shape: [3, 2])
    try expectScores(try model("TreeEnsembleRegressor", wide).run([doubles])[0], expected)
  }

  /// 1, 2, 3 and NaN against 2. NaN goes where the attribute says also from BRANCH_NEQ, as the standard has it; onnxruntime takes it as true.
  @Test(arguments: [
    ("BRANCH_LEQ", [1.0, 1, -1]), ("BRANCH_LT", [1, -1, -1]), ("BRANCH_GTE", [-1, 1, 1]), ("BRANCH_GT", [-1, -1, 1]), ("BRANCH_EQ", [-1, 1, -1]),
    ("BRANCH_NEQ", [1, -1, 1]),
  ])
  func modes(_ mode: String, _ expected: [Double]) throws {
    for missing in [0, 1] {
      let node = try Self.single(["nodes_modes": .strings([mode, "LEAF", "LEAF"]), "nodes_missing_value_tracks_true": .ints([missing, 0, 0])])
      try expectScores(try node.run([floats([1, 2, 3, .nan], [4, 1])])[0], expected + [missing == 1 ? 1 : -1])
      guard mode != "BRANCH_EQ" || missing == 0 else { continue }
      try expectScores(try node.run([Tensor([1, 2, 3] as [Int32], shape: [3, 1])])[0], expected)
    }
  }

  /// One tree with two leaves, 1 and -1.
  private static func single(_ more: [String: AttributeValue]) throws -> TestNode {
    let tree: [String: AttributeValue] = [
      "nodes_nodeids": .ints([0, 1, 2]), "nodes_treeids": .ints([0, 0, 0]), "nodes_featureids": .ints([0, 0, 0]),
      "nodes_values": .floats([2, 0, 0]), "nodes_modes": .strings(["BRANCH_LT", "LEAF", "LEAF"]), "nodes_truenodeids": .ints([1, 0, 0]),
      "nodes_falsenodeids": .ints([2, 0, 0]), "target_treeids": .ints([0, 0]), "target_nodeids": .ints([1, 2]), "target_ids": .ints([0, 0]),
      "target_weights": .floats([1, -1]),
    ]
    return try model("TreeEnsembleRegressor", tree.merging(more) { $1 })
  }

  @Test func refusals() throws {
    expectRefusal("in a circle") { try Self.single(["nodes_truenodeids": .ints([0, 0, 0])]) }
    expectRefusal("in a circle") {
      try Self.single([
        "nodes_modes": .strings(["BRANCH_LT", "BRANCH_LT", "BRANCH_LT"]), "nodes_truenodeids": .ints([1, 2, 1]),
        "nodes_falsenodeids": .ints([2, 2, 1]),
      ])
    }
    expectRefusal("does not have") { try Self.single(["nodes_falsenodeids": .ints([7, 0, 0])]) }
    expectRefusal("two nodes 1") { try Self.single(["nodes_nodeids": .ints([0, 1, 1])]) }
    expectRefusal("one length") { try Self.single(["nodes_values": .floats([1])]) }
    expectRefusal("one length") { try Self.single(["target_weights": .floats([1])]) }
    expectRefusal("no mode") { try Self.single(["nodes_modes": .strings(["MAYBE", "LEAF", "LEAF"])]) }
    expectRefusal("does not exist") { try Self.single(["target_nodeids": .ints([1, 5])]) }
    expectRefusal("votes for 3") { try Self.single(["target_ids": .ints([0, 3])]) }
    expectRefusal("no number of a feature") { try Self.single(["nodes_featureids": .ints([-1, 0, 0])]) }
    expectRefusal("2^24 targets") { try Self.single(["n_targets": .int(.max)]) }
    expectRefusal("base values") { try Self.single(["base_values": .floats([1, 2])]) }
    expectRefusal("aggregate_function") { try Self.single(["aggregate_function": .string("MEDIAN")]) }
    let node = try Self.single(["nodes_featureids": .ints([5, 0, 0])])
    expectRefusal("ask for feature 5") { try node.types((.float32, [1, 3])) }
    expectRefusal("ask for feature 5") { try node.run([floats([1, 2, 3], [1, 3])], extentsAreKnown: false) }
  }

  // MARK: TreeEnsemble

  private static func ensemble(_ more: [String: AttributeValue]) throws -> TestNode {
    let tree: [String: AttributeValue] = [
      "n_targets": .int(2), "tree_roots": .ints([0, 1]), "nodes_featureids": .ints([0, 1]), "nodes_splits": .tensor(Tensor([2.0, 0])),
      "nodes_modes": .tensor(Tensor([1, 6] as [UInt8])), "nodes_truenodeids": .ints([0, 2]), "nodes_falsenodeids": .ints([1, 3]),
      "nodes_trueleafs": .ints([1, 1]), "nodes_falseleafs": .ints([1, 1]), "membership_values": .tensor(Tensor([3.0, 5, .nan])),
      "leaf_targetids": .ints([0, 0, 0, 1]), "leaf_weights": .tensor(Tensor([1.0, 2, 4, 8])),
    ]
    return try model("TreeEnsemble", tree.merging(more) { $1 }, version: 5)
  }

  /// By hand: the first tree gives target 0 a 1 where x₀ < 2, else 2; the second gives 4 to it where x₁ is 3 or 5, else 8 to target 1.
  @Test(arguments: [
    (0, [2.5, 0, 1, 4]), (1, [5, 0, 2, 8]), (2, [1, 0, 2, 8]), (3, [4, 0, 2, 8]),
  ] as [(Int, [Double])])
  func ensemble(_ aggregate: Int, _ expected: [Double]) throws {
    let node = try Self.ensemble(["aggregate_function": .int(aggregate)])
    let x = Tensor([1, 5, 2, 4], shape: [2, 2])
    #expect(try node.result(x).doubles == expected)
    for type in [ElementType.float32, .float16] { #expect(try node.result(x.converted(to: type)).converted(to: .float64).doubles == expected) }
    #expect(try node.result(x, shapes: [.unknown]).doubles == expected)
  }

  @Test func ensembleTransformsAndMissingValues() throws {
    let node = try Self.ensemble(["post_transform": .int(2), "nodes_missing_value_tracks_true": .ints([1, 0])])
    // 1 and 8, of NaN twice.
    expectClose(try node.result(Tensor([.nan, .nan] as [Double], shape: [1, 2])).doubles, [0.7310586, 0.9996646])
  }

  @Test func ensembleRefusals() throws {
    expectRefusal("in a circle") { try Self.ensemble(["nodes_trueleafs": .ints([0, 1]), "nodes_truenodeids": .ints([0, 2])]) }
    expectRefusal("leads to node 9") { try Self.ensemble(["nodes_trueleafs": .ints([0, 1]), "nodes_truenodeids": .ints([9, 2])]) }
    expectRefusal("leads to leaf -1") { try Self.ensemble(["nodes_falsenodeids": .ints([-1, 3])]) }
    expectRefusal("leads to node 4") { try Self.ensemble(["tree_roots": .ints([4])]) }
    expectRefusal("fewer sets") { try Self.ensemble(["membership_values": .tensor(Tensor([] as [Double]))]) }
    expectRefusal("more sets") { try Self.ensemble(["membership_values": .tensor(Tensor([.nan, .nan] as [Double]))]) }
    expectRefusal("no mode") { try Self.ensemble(["nodes_modes": .tensor(Tensor([1, 9] as [UInt8]))]) }
    expectRefusal("aggregate_function") { try Self.ensemble(["aggregate_function": .int(4)]) }
    expectRefusal("[N, F]") { try Self.ensemble([:]).types((.float32, [2])) }
  }
}
