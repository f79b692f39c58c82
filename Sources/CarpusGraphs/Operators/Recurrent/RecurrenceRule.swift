import CarpusTensors

/// The attributes that `RNN`, `GRU` and `LSTM` have in common, and what they make of the shapes of the operands.
struct RecurrenceRule: Sendable {
  /// True for each direction that goes from the last step to the first.
  let isReversed: [Bool]
  /// For each direction the functions of the gates, in the order of the operator's description.
  let activations: [[RecurrentActivation]]
  /// What goes into an activation is kept between ± this.
  let clip: Double
  private let isBatchFirst: Bool
  private let gates: Int
  private let hiddenSize: Int?

  /// - Parameters:
  ///   - gates: how many times the hidden size there are rows of weights.
  ///   - activations: those that are taken when none are named.
  init(_ node: inout NodeReader, gates: Int, activations standard: [RecurrentActivation.Kind]) throws(OperatorError) {
    let direction = try node.string("direction") ?? "forward"
    switch direction {
    case "forward": isReversed = [false]
    case "reverse": isReversed = [true]
    case "bidirectional": isReversed = [false, true]
    default: throw .attribute("attribute direction must be forward, reverse or bidirectional, not '\(direction)'")
    }
    let layout = try node.int("layout") ?? 0
    guard layout == 0 || layout == 1 else { throw .attribute("attribute layout must be 0 or 1, not \(layout)") }
    isBatchFirst = layout == 1
    clip = try node.float("clip").map(Double.init) ?? .infinity
    guard clip > 0 else { throw .attribute("attribute clip must be positive, not \(clip)") }
    hiddenSize = try node.int("hidden_size")
    self.gates = gates
    activations = try RecurrentActivation.read(&node, directions: isReversed.count, standard: standard)
    // Version 1 could leave `Y` out by it; a result that nobody names is left out anyway.
    node.ignore("output_sequence")
  }

  /// `nil` where an extent is not known.
  struct Extents {
    let steps, items, inputs, hidden: Int?
    let directions: Int

    func sequence(_ rule: RecurrenceRule) -> PartialShape {
      rule.isBatchFirst ? [items, steps, directions, hidden] : [steps, directions, items, hidden]
    }
    func state(_ rule: RecurrenceRule) -> PartialShape {
      rule.isBatchFirst ? [items, directions, hidden] : [directions, items, hidden]
    }
  }

  /// The extents, once all operands fit together.
  func extents(_ operands: [OperandInfo]) throws(OperatorError) -> Extents {
    let x = try operands.floatingTensor(0), w = try operands.tensor(1), r = try operands.tensor(2)
    for (type, what) in [(x, "X"), (w, "W"), (r, "R")] where type.shape.rank.map({ $0 != 3 }) ?? false {
      throw .operands("\(what) must have three axes, not \(type.shape)")
    }
    for index in operands.indices where index != 4 {
      if let type = try operands.optionalTensor(index), type.elementType != x.elementType {
        throw .operands("all operands must have one element type, not \(x.elementType) and \(type.elementType)")
      }
    }
    let hidden = r.shape[2] ?? hiddenSize
    if let hidden, let hiddenSize, hidden != hiddenSize {
      throw .attribute("attribute hidden_size is \(hiddenSize), but R is \(r.shape)")
    }
    let extents = Extents(
      steps: x.shape[isBatchFirst ? 1 : 0], items: x.shape[isBatchFirst ? 0 : 1], inputs: x.shape[2], hidden: hidden,
      directions: isReversed.count)
    func rows(_ factor: Int) throws(OperatorError) -> Int? {
      guard let hidden else { return nil }
      let (count, overflow) = hidden.multipliedReportingOverflow(by: factor)
      guard !overflow else { throw .tooLarge("\(hidden) hidden elements are too many") }
      return count
    }
    let directions = isReversed.count
    try check(operands, 1, [directions, try rows(gates), extents.inputs], "W")
    try check(operands, 2, [directions, try rows(gates), hidden], "R")
    try check(operands, 3, [directions, try rows(2 * gates)], "B")
    if let lengths = try operands.optionalTensor(4), !lengths.elementType.isInteger {
      throw .operands("sequence_lens must be integers, not \(lengths.elementType)")
    }
    try check(operands, 4, [extents.items], "sequence_lens")
    for index in 5...6 { try check(operands, index, extents.state(self), "an initial state") }
    try check(operands, 7, [directions, try rows(3)], "P")
    return extents
  }

  private func check(_ operands: [OperandInfo], _ index: Int, _ wanted: PartialShape, _ what: String) throws(OperatorError) {
    guard let type = try operands.optionalTensor(index), !type.shape.agrees(with: wanted) else { return }
    throw .operands("\(what) must be \(wanted), not \(type.shape)")
  }

  /// Steps × items × elements from `X`, in whichever order they are there.
  func stepsFirst(_ x: Tensor, team: ThreadTeam) -> Tensor { isBatchFirst ? x.permuted([1, 0, 2], team: team) : x }

  /// Directions × items × elements from a state; the permutation is its own inverse, so this also goes the other way.
  func directionsFirst(_ state: Tensor, team: ThreadTeam) -> Tensor { isBatchFirst ? state.permuted([1, 0, 2], team: team) : state }

  /// Steps × directions × items × elements from a sequence of all states.
  func stepsFirst(states y: Tensor, team: ThreadTeam) -> Tensor { isBatchFirst ? y.permuted([1, 2, 0, 3], team: team) : y }

  /// The reverse of `stepsFirst(states:)`.
  func laidOut(states y: Tensor, team: ThreadTeam) -> Tensor { isBatchFirst ? y.permuted([2, 0, 1, 3], team: team) : y }
}
