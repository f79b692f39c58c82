import CarpusTensors

/// `Hₜ = f(Xₜ Wᵀ + Hₜ₋₁ Rᵀ + Wb + Rb)` for the steps of a sequence, in one direction or both.
///
/// - Operands: `X` `[steps, items, inputs]`, `W` `[directions, hidden, inputs]`, `R` `[directions, hidden, hidden]`, floating-point;
///   optionally `B` `[directions, 2 · hidden]`, `sequence_lens` int32 `[items]`, `initial_h` `[directions, items, hidden]`.
/// - Results: `Y` `[steps, directions, items, hidden]`, zero after the end of an item, and the last state `Y_h`. With `layout` 1 the items
///   come first in `X`, the states and the results.
public struct RNN: Recurrent {
  public static let signature = OperatorSignature("RNN", operands: 3...6, results: 1...2, gradient: .defined)
  let recurrence: Recurrence

  public init(_ node: inout NodeReader) throws(OperatorError) {
    recurrence = Recurrence(try RecurrenceRule(&node, gates: 1, activations: [.tanh]), SimpleCell(), stateCount: 1)
  }
}

private struct SimpleCell: RecurrentCell {
  func advance<T: KernelScalar>(_ step: Int, _ layer: inout RecurrentLayer<T>) {
    let products = layer.recurrent(layer.states.span.extracting(layer.range(step, layer.hidden)), gates: 0..<1)
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<layer.hidden {
        let place = layer.sum(step, item, gate: 0, element), bias = layer.bias(0, element)
        layer.sums[place] += products[item * layer.hidden + element] + bias.input + bias.recurrent
        layer.states[layer.state(before: step + 1, item, element)] = T(layer.value(0, layer.sums[place]))
      }
    }
  }

  func retreat<T: KernelScalar>(_ step: Int, _ layer: RecurrentLayer<T>, _ gradients: inout RecurrentGradients<T>) {
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<layer.hidden {
        let place = layer.sum(step, item, gate: 0, element), own = item * layer.hidden + element
        gradients.sums[place] = T(Double(gradients.state[own]) * layer.slope(0, layer.sums[place]))
        gradients.recurrent[place] = gradients.sums[place]
        gradients.state[own] = 0
      }
    }
    gradients.addRecurrent(step, gates: 0..<1, layer)
  }

  func recurrenceGradient<T: KernelScalar>(_ layer: RecurrentLayer<T>, _ gradients: RecurrentGradients<T>) -> [T] {
    layer.outerSumWithStates(gradients.recurrent.span)
  }
}
