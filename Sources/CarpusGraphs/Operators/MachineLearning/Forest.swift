import CarpusTensors

/// Decision trees. Every way through them is known to end in a leaf.
struct Forest: Sendable {
  /// The comparison of a feature with a bound that leads on to `yes`; the first seven in the order of `nodes_modes`.
  enum Test: Int, Sendable {
    case lessOrEqual, less, greaterOrEqual, greater, equal, notEqual, member
  }

  enum Link: Sendable, Hashable {
    case branch(Int)
    case leaf(Int)
  }

  struct Branch: Sendable {
    let test: Test
    let feature: Int
    let bound: Double
    /// The numbers that a member test looks for.
    var members: Set<Double> = []
    /// Where NaN leads.
    let missingIsYes: Bool
    let yes, no: Link
  }

  struct Vote: Sendable {
    let target: Int
    let weight: Double
  }

  let branches: [Branch]
  /// The votes of each leaf.
  let leaves: [[Vote]]
  let roots: [Link]
  let targetCount: Int

  /// - Throws: when a link or a target leads outside, or some way never ends.
  init(_ branches: [Branch], leaves: [[Vote]], roots: [Link], targetCount: Int) throws(OperatorError) {
    func check(_ link: Link) throws(OperatorError) {
      switch link {
      case .branch(let index):
        guard branches.indices.contains(index) else { throw .attribute("a tree leads to node \(index), and there are \(branches.count)") }
      case .leaf(let index):
        guard leaves.indices.contains(index) else { throw .attribute("a tree leads to leaf \(index), and there are \(leaves.count)") }
      }
    }
    for branch in branches {
      try check(branch.yes)
      try check(branch.no)
      guard (0..<1 << 31).contains(branch.feature) else { throw .attribute("\(branch.feature) is no number of a feature") }
    }
    for root in roots { try check(root) }
    for vote in leaves.joined() where !(0..<targetCount).contains(vote.target) {
      throw .attribute("a leaf votes for \(vote.target), and there are \(targetCount) targets or classes")
    }
    guard !roots.isEmpty, (1...1 << 24).contains(targetCount) else { throw .attribute("a forest needs a tree and 1 to 2^24 targets") }
    guard Self.end(branches) else { throw .attribute("the nodes of a tree lead in a circle") }
    self.branches = branches
    self.leaves = leaves
    self.roots = roots
    self.targetCount = targetCount
  }

  /// Depth first: a branch that is met again while it is still open closes a circle.
  private static func end(_ branches: [Branch]) -> Bool {
    enum State { case unseen, open, done }
    var states = [State](repeating: .unseen, count: branches.count)
    for root in branches.indices where states[root] == .unseen {
      var open = [(branch: root, next: 0)]
      states[root] = .open
      while let top = open.last {
        guard top.next < 2 else {
          states[top.branch] = .done
          open.removeLast()
          continue
        }
        open[open.count - 1].next += 1
        guard case .branch(let child) = top.next == 0 ? branches[top.branch].yes : branches[top.branch].no else { continue }
        switch states[child] {
        case .open: return false
        case .done: break
        case .unseen:
          states[child] = .open
          open.append((child, 0))
        }
      }
    }
    return true
  }

  /// - Parameter features: how many `X` has, if that is known.
  func check(features: Int?) throws(OperatorError) {
    guard let features, let last = branches.map(\.feature).max(), last >= features else { return }
    throw .operands("X has \(features) features, and the trees ask for feature \(last)")
  }

  /// The leaf that a row of features reaches.
  func leaf(_ root: Link, _ x: ArraySlice<Double>) -> Int {
    var link = root
    while true {
      switch link {
      case .leaf(let index): return index
      case .branch(let index):
        let branch = branches[index], value = x[x.startIndex + branch.feature]
        link = (value.isNaN ? branch.missingIsYes : branch.holds(value)) ? branch.yes : branch.no
      }
    }
  }
}

extension Forest.Branch {
  fileprivate func holds(_ x: Double) -> Bool {
    switch test {
    case .lessOrEqual: x <= bound
    case .less: x < bound
    case .greaterOrEqual: x >= bound
    case .greater: x > bound
    case .equal: x == bound
    case .notEqual: x != bound
    case .member: members.contains(x)
    }
  }
}

/// The votes of the leaves that a row reaches, aggregated for each target, and a base value added. A target without a vote has 0.
///
/// - Operands: `X`, `[N, F]`.
/// - Results: float64 `[N, targets]`.
struct ForestVotes: InternalOperator {
  static let signature = OperatorSignature("ForestVotes", domain: "carpus", operands: 1...1, gradient: .stops)

  enum Aggregation: Int, Sendable { case average, sum, minimum, maximum }

  private let forest: Forest
  private let aggregation: Aggregation
  private let base: [Double]

  /// - Parameter base: one number per target, or none.
  init(_ forest: Forest, _ aggregation: Aggregation, base: [Double]) {
    self.forest = forest
    self.aggregation = aggregation
    self.base = base
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0).shape
    try forest.check(features: x[1])
    return [try Movement.resultType(.float64, [x[0], forest.targetCount])]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0].doubles, width = operands[0].shape[1], count = forest.targetCount
    let trees = Double(forest.roots.count)
    var y = results.elements(0, as: Double.self)
    for row in 0..<operands[0].shape[0] {
      let features = x[row * width..<(row + 1) * width]
      var scores = [Double?](repeating: nil, count: count)
      for root in forest.roots {
        for vote in forest.leaves[forest.leaf(root, features)] {
          scores[vote.target] = scores[vote.target].map { sum in
            switch aggregation {
            case .average, .sum: sum + vote.weight
            case .minimum: min(sum, vote.weight)
            case .maximum: max(sum, vote.weight)
            }
          } ?? vote.weight
        }
      }
      for target in 0..<count {
        let score = (scores[target] ?? 0) / (aggregation == .average ? trees : 1)
        y[row * count + target] = score + (base.isEmpty ? 0 : base[target])
      }
    }
  }

  /// A choice does not change with the numbers.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

/// The trees of the operators before TreeEnsemble: nodes with numbers of their own, votes that name their leaf.
struct ForestAttributes {
  private(set) var branches: [Forest.Branch] = []
  private(set) var roots: [Forest.Link] = []
  private(set) var leaves: [[Forest.Vote]] = []

  private struct Name: Hashable { let tree, node: Int }

  /// - Parameter votes: the beginning of the names of the attributes with votes, `class` or `target`.
  init(_ node: inout NodeReader, votes prefix: String) throws(OperatorError) {
    let trees = try node.ints("nodes_treeids") ?? [], numbers = try node.ints("nodes_nodeids") ?? []
    let features = try node.ints("nodes_featureids") ?? [], bounds = try Self.numbers("nodes_values", &node)
    let modes = try node.strings("nodes_modes") ?? []
    let yes = try node.ints("nodes_truenodeids") ?? [], no = try node.ints("nodes_falsenodeids") ?? []
    let count = trees.count
    var missing = try node.ints("nodes_missing_value_tracks_true") ?? []
    if missing.isEmpty { missing = [Int](repeating: 0, count: count) }
    for name in ["nodes_hitrates", "nodes_hitrates_as_tensor"] { node.ignore(name) }
    let counts = [numbers.count, features.count, bounds.count, modes.count, yes.count, no.count, missing.count]
    guard count > 0, counts.allSatisfy({ $0 == count }) else {
      throw .attribute("the lists nodes_… must have one length, \(count) as nodes_treeids, not \(counts)")
    }
    let tests: [String: Forest.Test] = [
      "BRANCH_LEQ": .lessOrEqual, "BRANCH_LT": .less, "BRANCH_GTE": .greaterOrEqual, "BRANCH_GT": .greater, "BRANCH_EQ": .equal,
      "BRANCH_NEQ": .notEqual,
    ]
    var links: [Name: Forest.Link] = [:]
    var branchCount = 0, leafCount = 0
    for index in 0..<count {
      guard modes[index] == "LEAF" || tests[modes[index]] != nil else { throw .attribute("\(modes[index]) is no mode of a node") }
      let link = modes[index] == "LEAF" ? Forest.Link.leaf(leafCount) : .branch(branchCount)
      if modes[index] == "LEAF" { leafCount += 1 } else { branchCount += 1 }
      guard links.updateValue(link, forKey: Name(tree: trees[index], node: numbers[index])) == nil else {
        throw .attribute("tree \(trees[index]) has two nodes \(numbers[index])")
      }
    }
    var children: Set<Name> = []
    for index in 0..<count {
      guard let test = tests[modes[index]] else { continue }
      let names = [Name(tree: trees[index], node: yes[index]), Name(tree: trees[index], node: no[index])]
      guard let yes = links[names[0]], let no = links[names[1]] else {
        throw .attribute("node \(numbers[index]) of tree \(trees[index]) leads to a node that the tree does not have")
      }
      children.formUnion(names)
      branches.append(Forest.Branch(
        test: test, feature: features[index], bound: bounds[index], missingIsYes: missing[index] != 0, yes: yes, no: no))
    }
    // The root of a tree is the first of its nodes that no other leads to.
    var rooted: Set<Int> = []
    for index in 0..<count where !rooted.contains(trees[index]) {
      let name = Name(tree: trees[index], node: numbers[index])
      guard !children.contains(name), let link = links[name] else { continue }
      rooted.insert(trees[index])
      roots.append(link)
    }
    guard rooted == Set(trees) else { throw .attribute("the nodes of a tree lead in a circle") }

    leaves = [[Forest.Vote]](repeating: [], count: leafCount)
    let voteTrees = try node.ints(prefix + "_treeids") ?? [], voteNodes = try node.ints(prefix + "_nodeids") ?? []
    let targets = try node.ints(prefix + "_ids") ?? [], weights = try Self.numbers(prefix + "_weights", &node)
    guard [voteNodes.count, targets.count, weights.count].allSatisfy({ $0 == voteTrees.count }) else {
      throw .attribute("the lists \(prefix)_… must have one length")
    }
    for index in voteTrees.indices {
      guard let link = links[Name(tree: voteTrees[index], node: voteNodes[index])] else {
        throw .attribute("a vote is given to node \(voteNodes[index]) of tree \(voteTrees[index]), which does not exist")
      }
      // Nobody stops at a branch; some writers give votes to them.
      if case .leaf(let leaf) = link { leaves[leaf].append(Forest.Vote(target: targets[index], weight: weights[index])) }
    }
  }

  /// A list of floats, or the tensor that may be given instead since version 3.
  static func numbers(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> [Double] {
    let floats = try node.floats(name) ?? [], tensor = try node.tensor(name + "_as_tensor")
    guard let tensor, tensor.shape.count > 0 else { return floats.map(Double.init) }
    guard floats.isEmpty else { throw .attribute("\(name) is given twice") }
    guard tensor.elementType.isFloatingPoint else { throw .attribute("\(name)_as_tensor must be numbers, not \(tensor.elementType)") }
    return tensor.doubles
  }
}
