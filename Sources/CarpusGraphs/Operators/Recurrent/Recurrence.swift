import CarpusTensors

/// An operator that walks through the steps of a sequence.
protocol Recurrent: Costed {
  var recurrence: Recurrence { get }
}

extension Recurrent {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try recurrence.resultTypes(for: operands) }

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? { recurrence.multiplyAdds(operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try recurrence.evaluate(operands, into: &results)
  }

  /// Back-propagation through time.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try recurrence.pullback(step, seeds, in: &graph)
  }
}

/// What `RNN`, `GRU` and `LSTM` have in common: the directions, the ends of the items, and where everything lies.
///
/// The last state of an item without steps is zero, as in ONNX Runtime; the standard does not say.
struct Recurrence: Sendable {
  let rule: RecurrenceRule
  let cell: any RecurrentCell
  /// One state, or two: the second one is the cell of `LSTM`.
  let stateCount: Int

  init(_ rule: RecurrenceRule, _ cell: any RecurrentCell, stateCount: Int) {
    self.rule = rule
    self.cell = cell
    self.stateCount = stateCount
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let extents = try rule.extents(operands), type = try operands.tensor(0).elementType
    return [ValueType(type, extents.sequence(rule))] + (0..<stateCount).map { _ in ValueType(type, extents.state(rule)) }
  }

  /// In each step of each item the inputs are multiplied by `W` and the states by `R`.
  func multiplyAdds(_ operands: [OperandInfo]) -> Int? {
    guard let x = operands.shape(0), let w = operands.shape(1), let r = operands.shape(2) else { return nil }
    let (weights, overflow) = w.count.addingReportingOverflow(r.count)
    return overflow ? nil : product([x[0], x[1], weights])
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try evaluate(Double.self, operands, into: &results) : try evaluate(Float.self, operands, into: &results)
  }

  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let seeds = seeds + [Value?](repeating: nil, count: RecurrenceAdjoint.seedCount - seeds.count)
    let gradients = try graph.add(RecurrenceAdjoint(self), seeds + step.operands, results: RecurrenceAdjoint.sources.count)
    return step.operands.indices.map { index in
      step.wants[index] ? RecurrenceAdjoint.sources.firstIndex(of: index).map { gradients[$0] } : nil
    }
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ operands: borrowing Operands, into results: inout Results
  ) throws(OperatorError) {
    let directions = rule.isReversed.count
    var y: [T] = [], ends = [[T]](repeating: [], count: 2), extents = (steps: 0, items: 0, hidden: 0)
    for direction in 0..<directions {
      let run = try RecurrenceRun<T>(self, direction, operands, scratch: results.scratch, team: results.team)
      let layer = run.layer, width = layer.items * layer.hidden
      if direction == 0 {
        extents = (layer.steps, layer.items, layer.hidden)
        y = [T](repeating: 0, count: layer.steps * directions * width)
      }
      for (state, all) in [layer.states, layer.cells].enumerated() { ends[state] += all[layer.steps * width..<(layer.steps + 1) * width] }
      run.forEachStep { step, item, time in
        let target = ((time * directions + direction) * layer.items + item) * layer.hidden
        let source = layer.state(before: step + 1, item, 0)
        for element in 0..<layer.hidden { y[target + element] = layer.states[source + element] }
      }
    }
    let team = results.team
    if results.isWanted(0) {
      let shape = Shape([extents.steps, directions, extents.items, extents.hidden])
      results.copyElements(of: rule.laidOut(states: Tensor(y, shape: shape), team: team), to: 0)
    }
    let shape = Shape([directions, extents.items, extents.hidden])
    for state in 0..<stateCount where results.isWanted(1 + state) {
      results.copyElements(of: rule.directionsFirst(Tensor(ends[state], shape: shape), team: team), to: 1 + state)
    }
  }
}

/// One direction of a recurrence with its operands, all steps taken.
struct RecurrenceRun<T: KernelScalar> {
  let layer: RecurrentLayer<T>
  /// steps × items × inputs in the order of the steps, zero after the end of an item.
  let inputs: [T]
  let weights: Tensor
  private let isReversed: Bool

  /// - Parameter first: the index of `X` among the operands.
  init(
    _ recurrence: Recurrence, _ direction: Int, _ operands: borrowing Operands, first: Int = 0, scratch: Scratch, team: ThreadTeam
  ) throws(OperatorError) {
    let rule = recurrence.rule, x = rule.stepsFirst(operands[first], team: team)
    let (steps, items, width) = (x.shape[0], x.shape[1], x.shape[2])
    let weights = operands[first + 1].part(direction)
    self.weights = weights
    let recurrenceWeights = operands[first + 2].part(direction)
    let (rows, hidden) = (recurrenceWeights.shape[0], recurrenceWeights.shape[1])
    // Sums, states, cells and what is kept, and as much for their gradients.
    guard let needed = Shape(checking: [4, steps, items, 2 * rows + 3 * hidden + width]) else {
      throw .tooLarge("\(steps) steps of \(items) items with \(hidden) hidden elements are too many")
    }
    try MemoryLimit.check(needed, T.elementType)
    let lengths = operands.integers(first + 4) ?? [Int](repeating: steps, count: items)
    guard lengths.count == items, lengths.allSatisfy({ (0...steps).contains($0) }) else {
      throw .operands("sequence_lens must be \(items) numbers from 0 to \(steps)")
    }
    func state(_ index: Int) -> [T] {
      var states = [T](repeating: 0, count: (steps + 1) * items * hidden)
      guard let initial = operands.optional(first + index) else { return states }
      let start = rule.directionsFirst(initial, team: team).part(direction).array(of: T.self)
      for (place, value) in start.enumerated() where lengths[place / hidden] > 0 { states[place] = value }
      return states
    }
    func row(_ index: Int, _ count: Int) -> [T] {
      operands.optional(first + index)?.part(direction).array(of: T.self) ?? [T](repeating: 0, count: count)
    }
    let isReversed = rule.isReversed[direction]
    self.isReversed = isReversed
    var ordered = [T](repeating: 0, count: x.shape.count)
    let source = x.elements(T.self)
    Self.forEachStep(steps, lengths, isReversed) { step, item, time in
      for element in 0..<width { ordered[(step * items + item) * width + element] = source[(time * items + item) * width + element] }
    }
    inputs = ordered
    var sums = [T](repeating: 0, count: steps * items * rows)
    var span = sums.mutableSpan
    Kernels.multiply(
      ordered.span, weights.elements(T.self), into: &span, m: steps * items, n: rows, k: width, transposeB: true, scratch: scratch, team: team)
    var layer = RecurrentLayer<T>(
      steps: steps, items: items, hidden: hidden, gates: rows / max(hidden, 1), lengths: lengths, recurrence: recurrenceWeights,
      biases: row(3, 2 * rows), peepholes: row(7, 3 * hidden), activations: rule.activations[direction], clip: rule.clip,
      scratch: scratch, team: team, sums: sums, states: state(5), cells: state(6), kept: [T](repeating: 0, count: steps * items * hidden))
    layer.run(recurrence.cell)
    self.layer = layer
  }

  /// All steps that there are, with the time in `X` and `Y` of each: an item that is read in reverse begins with its own last element.
  func forEachStep(_ body: (_ step: Int, _ item: Int, _ time: Int) -> Void) {
    Self.forEachStep(layer.steps, layer.lengths, isReversed, body)
  }

  private static func forEachStep(
    _ steps: Int, _ lengths: [Int], _ isReversed: Bool, _ body: (_ step: Int, _ item: Int, _ time: Int) -> Void
  ) {
    for step in 0..<steps {
      for (item, length) in lengths.enumerated() where step < length { body(step, item, isReversed ? length - 1 - step : step) }
    }
  }
}
