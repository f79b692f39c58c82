import CarpusTensors

/// What distinguishes the recurrent layers: the step from one state to the next, and the way back.
protocol RecurrentCell: Sendable {
  /// Writes the states after a step, and what the way back needs, for the items that have such a step.
  func advance<T: KernelScalar>(_ step: Int, _ layer: inout RecurrentLayer<T>)

  /// Turns the gradients of the states after a step into those before it, and writes the gradients of the sums of that step.
  func retreat<T: KernelScalar>(_ step: Int, _ layer: RecurrentLayer<T>, _ gradients: inout RecurrentGradients<T>)

  /// The gradient of the recurrence weights, gates · hidden × hidden.
  func recurrenceGradient<T: KernelScalar>(_ layer: RecurrentLayer<T>, _ gradients: RecurrentGradients<T>) -> [T]
}

/// One direction of a recurrent layer. Steps count in the order in which they are taken; an item keeps its state in those beyond its length.
struct RecurrentLayer<T: KernelScalar> {
  let steps, items, hidden, gates: Int
  /// The steps that each item has.
  let lengths: [Int]
  /// gates · hidden × hidden
  let recurrence: Tensor
  /// 2 · gates · hidden, and 3 · hidden.
  let biases, peepholes: [T]
  let activations: [RecurrentActivation]
  let clip: Double
  let scratch: Scratch
  let team: ThreadTeam
  /// steps × items × gates · hidden: what goes into the activations before it is clipped. Before a step, the part that comes from X.
  var sums: [T]
  /// steps + 1 × items × hidden: the states before the first step and after each one.
  var states, cells: [T]
  /// steps × items × hidden: what else a cell needs on the way back.
  var kept: [T]

  var rows: Int { gates * hidden }

  /// Takes all steps.
  mutating func run(_ cell: any RecurrentCell) {
    let count = items * hidden
    for step in 0..<steps {
      for place in step * count..<(step + 1) * count {
        states[count + place] = states[place]
        cells[count + place] = cells[place]
      }
      cell.advance(step, &self)
    }
  }

  /// The elements of a step in an array with so many per item.
  func range(_ step: Int, _ width: Int) -> Range<Int> { step * items * width..<(step + 1) * items * width }

  func state(before step: Int, _ item: Int, _ element: Int) -> Int { (step * items + item) * hidden + element }

  func sum(_ step: Int, _ item: Int, gate: Int, _ element: Int) -> Int { (step * items + item) * rows + gate * hidden + element }

  /// The biases of a gate for X and for the state.
  func bias(_ gate: Int, _ element: Int) -> (input: T, recurrent: T) {
    (biases[gate * hidden + element], biases[rows + gate * hidden + element])
  }

  func value(_ function: Int, _ sum: T) -> Double { activations[function].value(min(max(Double(sum), -clip), clip)) }

  /// The derivative of an activation of a clipped sum: nothing flows through a sum beyond the bound.
  func slope(_ function: Int, _ sum: T) -> Double { abs(Double(sum)) > clip ? 0 : activations[function].slope(Double(sum)) }

  // MARK: Products

  /// matrix · Rᵀ, the matrix being items × hidden, for the rows of some gates.
  func recurrent(_ matrix: Span<T>, gates range: Range<Int>) -> [T] {
    let columns = range.count * hidden
    return filled(items * columns) {
      Kernels.multiply(
        matrix, recurrence(range), into: &$0, m: items, n: columns, k: hidden, transposeB: true, scratch: scratch, team: team)
    }
  }

  /// matrix · R, the matrix being items × hidden of some gates.
  func recurrentBack(_ matrix: Span<T>, gates range: Range<Int>) -> [T] {
    filled(items * hidden) {
      Kernels.multiply(matrix, recurrence(range), into: &$0, m: items, n: hidden, k: range.count * hidden, scratch: scratch, team: team)
    }
  }

  /// aᵀ · b over all steps and items: a has gates · hidden columns, b has `columns`.
  func outerSum(_ a: Span<T>, _ b: Span<T>, columns: Int) -> [T] {
    filled(rows * columns) {
      Kernels.multiply(a, b, into: &$0, m: rows, n: columns, k: steps * items, transposeA: true, scratch: scratch, team: team)
    }
  }

  /// aᵀ · H over all steps and items, H being the states before the steps.
  func outerSumWithStates(_ a: Span<T>) -> [T] {
    outerSum(a, states.span.extracting(0..<steps * items * hidden), columns: hidden)
  }

  @_lifetime(borrow self)
  private func recurrence(_ gates: Range<Int>) -> Span<T> {
    recurrence.elements(T.self).extracting(gates.lowerBound * hidden * hidden..<gates.upperBound * hidden * hidden)
  }

  func filled(_ count: Int, by fill: (inout MutableSpan<T>) -> Void) -> [T] {
    var result = [T](repeating: 0, count: count)
    var span = result.mutableSpan
    fill(&span)
    return result
  }
}

/// The gradients of a `RecurrentLayer` on the way back.
struct RecurrentGradients<T: KernelScalar> {
  /// Of the sums, and of the part of them that comes from the state: steps × items × gates · hidden.
  var sums, recurrent: [T]
  /// Of the states at the step that has been reached: items × hidden.
  var state, cell: [T]
  /// 3 · hidden
  var peepholes: [T]

  init(_ layer: RecurrentLayer<T>) {
    sums = [T](repeating: 0, count: layer.sums.count)
    recurrent = sums
    state = [T](repeating: 0, count: layer.items * layer.hidden)
    cell = state
    peepholes = [T](repeating: 0, count: 3 * layer.hidden)
  }

  /// Adds to the gradient of the state what comes through the sums of some gates of a step.
  mutating func addRecurrent(_ step: Int, gates: Range<Int>, _ layer: RecurrentLayer<T>) {
    var part: [T] = []
    for item in 0..<layer.items {
      let start = (step * layer.items + item) * layer.rows
      part += recurrent[start + gates.lowerBound * layer.hidden..<start + gates.upperBound * layer.hidden]
    }
    let added = layer.recurrentBack(part.span, gates: gates)
    for place in state.indices { state[place] += added[place] }
  }
}
