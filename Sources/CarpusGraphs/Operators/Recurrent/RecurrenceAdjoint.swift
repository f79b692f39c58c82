import CarpusTensors

/// The gradients of the operands of a recurrent layer, by back-propagation through time; one of no elements where an operand is absent.
///
/// - Operands: the seeds of `Y`, `Y_h` and `Y_c`, each or none of them, and the operands of the layer.
struct RecurrenceAdjoint: InternalOperator, Floating {
  static let signature = OperatorSignature(
    "Recurrence", domain: "adjoint", operands: 6...11, results: sources.count...sources.count, gradient: .undefined)
  static let seedCount = 3
  /// The operands that the results are gradients of.
  static let sources = [0, 1, 2, 3, 5, 6, 7]
  private let recurrence: Recurrence

  init(_ recurrence: Recurrence) { self.recurrence = recurrence }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try operands.gradientTypes(of: Self.sources.map { Self.seedCount + $0 })
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let rule = recurrence.rule, team = results.team, scratch = results.scratch, directions = rule.isReversed.count
    let ySeed = operands.optional(0).map { rule.stepsFirst(states: $0, team: team).array(of: T.self) }
    // In the order of the sources, the directions one after another; only that of X is a sum over them.
    var found = [[T]](repeating: [], count: Self.sources.count)
    for direction in 0..<directions {
      let run = try RecurrenceRun<T>(recurrence, direction, operands, first: Self.seedCount, scratch: scratch, team: team)
      let layer = run.layer, width = run.weights.shape[1]
      var gradients = RecurrentGradients(layer)
      gradients.state = Self.ends(operands.optional(1), direction, rule, layer)
      gradients.cell = Self.ends(operands.optional(2), direction, rule, layer)
      var seeds = [T](repeating: 0, count: layer.steps * layer.items * layer.hidden)
      if let ySeed {
        run.forEachStep { step, item, time in
          let source = ((time * directions + direction) * layer.items + item) * layer.hidden
          for element in 0..<layer.hidden { seeds[layer.state(before: step, item, element)] = ySeed[source + element] }
        }
      }
      for step in (0..<layer.steps).reversed() {
        let range = layer.range(step, layer.hidden)
        for place in range { gradients.state[place - range.lowerBound] += seeds[place] }
        recurrence.cell.retreat(step, layer, &gradients)
      }
      if results.isWanted(0) {
        if direction == 0 { found[0] = [T](repeating: 0, count: layer.steps * layer.items * width) }
        let dx = layer.filled(run.inputs.count) {
          Kernels.multiply(
            gradients.sums.span, run.weights.elements(T.self), into: &$0, m: layer.steps * layer.items, n: width, k: layer.rows,
            scratch: scratch, team: team)
        }
        run.forEachStep { step, item, time in
          for element in 0..<width {
            found[0][(time * layer.items + item) * width + element] += dx[(step * layer.items + item) * width + element]
          }
        }
      }
      if results.isWanted(1) { found[1] += layer.outerSum(gradients.sums.span, run.inputs.span, columns: width) }
      if results.isWanted(2) { found[2] += recurrence.cell.recurrenceGradient(layer, gradients) }
      found[3] += Self.columnSums(gradients.sums, layer.rows) + Self.columnSums(gradients.recurrent, layer.rows)
      found[4] += gradients.state
      found[5] += gradients.cell
      found[6] += gradients.peepholes
    }
    for (index, source) in Self.sources.enumerated() where results.isWanted(index) && operands.isPresent(Self.seedCount + source) {
      let shape = results.shape(index)
      switch index {
      // These three have their first two axes exchanged with `layout` 1; exchanging them twice changes nothing.
      case 0, 4, 5:
        let exchanged = rule.directionsFirst(Tensor(zeros: T.elementType, shape: shape), team: team).shape
        results.copyElements(of: rule.directionsFirst(Tensor(found[index], shape: exchanged), team: team), to: index)
      default: results.copyElements(of: Tensor(found[index], shape: shape), to: index)
      }
    }
  }

  /// The seed of a last state; none for items without steps, whose last state does not depend on anything.
  private static func ends<T: KernelScalar>(_ seed: Tensor?, _ direction: Int, _ rule: RecurrenceRule, _ layer: RecurrentLayer<T>) -> [T] {
    var result = [T](repeating: 0, count: layer.items * layer.hidden)
    guard let seed else { return result }
    let given = rule.directionsFirst(seed, team: layer.team).part(direction).array(of: T.self)
    for (place, value) in given.enumerated() where layer.lengths[place / layer.hidden] > 0 { result[place] = value }
    return result
  }

  private static func columnSums<T: KernelScalar>(_ matrix: [T], _ columns: Int) -> [T] {
    var sums = [T](repeating: 0, count: columns)
    for (place, value) in matrix.enumerated() { sums[place % columns] += value }
    return sums
  }
}
