import CarpusTensors

/// `Y = T(aggregate of the leaves that each row reaches)`, with a transform `T` of each row (`PostTransform`). A target without a leaf has 0.
///
/// NaN follows `nodes_missing_value_tracks_true`, whatever the comparison.
///
/// - Operands: `X`, floating-point `[N, F]`.
/// - Results: `Y`, of the type of `X`, `[N, n_targets]`.
/// - Throws: when the lists of nodes do not fit together, lead outside or in a circle.
public struct TreeEnsemble: StandIn {
  public static let signature = OperatorSignature("TreeEnsemble", domain: "ai.onnx.ml", since: 5, operands: 1...1, gradient: .stops)
  private let forest: Forest
  private let aggregation: ForestVotes.Aggregation
  private let transform: PostTransform

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let features = try node.ints("nodes_featureids") ?? [], count = features.count
    let bounds = try Self.numbers("nodes_splits", &node), modes = try node.tensor("nodes_modes")?.integers ?? []
    let yes = try Self.links("true", &node), no = try Self.links("false", &node)
    var missing = try node.ints("nodes_missing_value_tracks_true") ?? []
    if missing.isEmpty { missing = [Int](repeating: 0, count: count) }
    node.ignore("nodes_hitrates")
    let counts = [bounds.count, modes.count, yes.count, no.count, missing.count]
    guard count > 0, counts.allSatisfy({ $0 == count }) else {
      throw .attribute("the lists nodes_… must have one length, \(count) as nodes_featureids, not \(counts)")
    }
    var sets = try Self.members(&node)[...]
    var branches: [Forest.Branch] = []
    for index in 0..<count {
      guard let test = Forest.Test(rawValue: modes[index]) else { throw .attribute("\(modes[index]) is no mode of a node; 0 to 6 are") }
      var branch = Forest.Branch(
        test: test, feature: features[index], bound: bounds[index], missingIsYes: missing[index] != 0, yes: yes[index], no: no[index])
      if test == .member {
        guard let set = sets.popFirst() else { throw .attribute("membership_values has fewer sets than there are BRANCH_MEMBER nodes") }
        branch.members = set
      }
      branches.append(branch)
    }
    guard sets.isEmpty else { throw .attribute("membership_values has \(sets.count) more sets than there are BRANCH_MEMBER nodes") }

    let targets = try node.ints("leaf_targetids") ?? [], weights = try Self.numbers("leaf_weights", &node)
    guard targets.count == weights.count else { throw .attribute("\(targets.count) targets and \(weights.count) weights of leaves") }
    let leaves = zip(targets, weights).map { [Forest.Vote(target: $0, weight: $1)] }
    let roots = (try node.ints("tree_roots") ?? []).map(Forest.Link.branch)
    forest = try Forest(branches, leaves: leaves, roots: roots, targetCount: try node.int("n_targets") ?? 1)
    let function = try node.int("aggregate_function") ?? 1, transforms: [PostTransform] = [.none, .softmax, .logistic, .softmaxOfNonzero, .probit]
    guard let aggregation = ForestVotes.Aggregation(rawValue: function) else { throw .attribute("aggregate_function must be 0 to 3, not \(function)") }
    self.aggregation = aggregation
    let number = try node.int("post_transform") ?? 0
    guard transforms.indices.contains(number) else { throw .attribute("post_transform must be 0 to 4, not \(number)") }
    transform = transforms[number]
  }

  private static func numbers(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> [Double] {
    guard let tensor = try node.tensor(name), tensor.elementType.isFloatingPoint else { throw .attribute("\(name) must hold numbers") }
    return tensor.doubles
  }

  /// Where one of the two ways leads from each node.
  private static func links(_ way: String, _ node: inout NodeReader) throws(OperatorError) -> [Forest.Link] {
    let numbers = try node.ints("nodes_\(way)nodeids") ?? [], areLeaves = try node.ints("nodes_\(way)leafs") ?? []
    guard numbers.count == areLeaves.count else {
      throw .attribute("nodes_\(way)nodeids and nodes_\(way)leafs must have one length, not \(numbers.count) and \(areLeaves.count)")
    }
    return zip(numbers, areLeaves).map { $1 != 0 ? .leaf($0) : .branch($0) }
  }

  /// The sets of members, each ended by a NaN.
  private static func members(_ node: inout NodeReader) throws(OperatorError) -> [Set<Double>] {
    guard let tensor = try node.tensor("membership_values") else { return [] }
    guard tensor.elementType.isFloatingPoint else { throw .attribute("membership_values must hold numbers") }
    var sets: [Set<Double>] = [], open: Set<Double> = []
    let values = tensor.doubles
    for value in values {
      if value.isNaN {
        sets.append(open)
        open = []
      } else {
        open.insert(value)
      }
    }
    // The last NaN may be left out.
    return values.last?.isNaN ?? true ? sets : sets + [open]
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard x.shape.rank ?? 2 == 2 else { throw .operands("X must have the shape [N, F], not \(x.shape)") }
    try forest.check(features: x.shape[1])
    return [try Movement.resultType(x.elementType, [x.shape[0], forest.targetCount])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = operands[0], try infos.tensor(0).shape.rank != nil else { return nil }
    let votes = try graph.add(ForestVotes(forest, aggregation, base: []), x)
    return [try graph.add(Cast(to: try infos.tensor(0).elementType), transform.apply(votes, in: &graph))]
  }
}
