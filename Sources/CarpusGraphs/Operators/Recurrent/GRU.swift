import CarpusTensors

/// `Hₜ = (1 − z) h + z Hₜ₋₁` with `z = f(Xₜ Wzᵀ + Hₜ₋₁ Rzᵀ + Wbz + Rbz)`, `r` alike, `h = g(Xₜ Whᵀ + (r Hₜ₋₁) Rhᵀ + Wbh + Rbh)`, or
/// `h = g(Xₜ Whᵀ + r (Hₜ₋₁ Rhᵀ + Rbh) + Wbh)` if `linear_before_reset` is 1, for the steps of a sequence, in one direction or both.
///
/// - Operands: `X` `[steps, items, inputs]`, `W` `[directions, 3 · hidden, inputs]`, `R` `[directions, 3 · hidden, hidden]` in the order
///   z, r, h, floating-point; optionally `B` `[directions, 6 · hidden]`, `sequence_lens` int32 `[items]`, `initial_h`
///   `[directions, items, hidden]`.
/// - Results: `Y` `[steps, directions, items, hidden]`, zero after the end of an item, and the last state `Y_h`. With `layout` 1 the items
///   come first in `X`, the states and the results.
public struct GRU: Recurrent {
  public static let signature = OperatorSignature("GRU", operands: 3...6, results: 1...2, gradient: .defined)
  let recurrence: Recurrence

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let cell = GatedCell(isLinearFirst: try node.int("linear_before_reset") ?? 0 != 0)
    recurrence = Recurrence(try RecurrenceRule(&node, gates: 3, activations: [.sigmoid, .tanh]), cell, stateCount: 1)
  }
}

/// Gates 0, 1, 2 are z, r, h. What it keeps is `r H`, or `H Rhᵀ + Rbh` if that is multiplied by r.
private struct GatedCell: RecurrentCell {
  let isLinearFirst: Bool

  func advance<T: KernelScalar>(_ step: Int, _ layer: inout RecurrentLayer<T>) {
    let hidden = layer.hidden, width = isLinearFirst ? 3 : 2
    let products = layer.recurrent(layer.states.span.extracting(layer.range(step, hidden)), gates: 0..<width)
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<hidden {
        func product(_ gate: Int) -> T { products[(item * width + gate) * hidden + element] }
        for gate in 0..<2 {
          let bias = layer.bias(gate, element)
          layer.sums[layer.sum(step, item, gate: gate, element)] += product(gate) + bias.input + bias.recurrent
        }
        let before = layer.state(before: step, item, element)
        let reset = T(layer.value(0, layer.sums[layer.sum(step, item, gate: 1, element)]))
        layer.kept[before] = isLinearFirst ? product(2) + layer.bias(2, element).recurrent : reset * layer.states[before]
      }
    }
    let resetProducts = isLinearFirst ? [] : layer.recurrent(layer.kept.span.extracting(layer.range(step, hidden)), gates: 2..<3)
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<hidden {
        let before = layer.state(before: step, item, element), place = layer.sum(step, item, gate: 2, element)
        let bias = layer.bias(2, element)
        if isLinearFirst {
          layer.sums[place] += bias.input + T(layer.value(0, layer.sums[place - hidden])) * layer.kept[before]
        } else {
          layer.sums[place] += bias.input + bias.recurrent + resetProducts[item * hidden + element]
        }
        let update = layer.value(0, layer.sums[place - 2 * hidden])
        layer.states[layer.state(before: step + 1, item, element)] = T(
          (1 - update) * layer.value(1, layer.sums[place]) + update * Double(layer.states[before]))
      }
    }
  }

  func retreat<T: KernelScalar>(_ step: Int, _ layer: RecurrentLayer<T>, _ gradients: inout RecurrentGradients<T>) {
    let hidden = layer.hidden
    var inner = [T](repeating: 0, count: layer.items * hidden)
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<hidden {
        let own = item * hidden + element, place = layer.sum(step, item, gate: 0, element), last = place + 2 * hidden
        let seed = Double(gradients.state[own]), before = Double(layer.states[layer.state(before: step, item, element)])
        let update = layer.value(0, layer.sums[place])
        gradients.sums[place] = T(seed * (before - layer.value(1, layer.sums[last])) * layer.slope(0, layer.sums[place]))
        gradients.sums[last] = T(seed * (1 - update) * layer.slope(1, layer.sums[last]))
        gradients.state[own] = T(seed * update)
        inner[own] = gradients.sums[last]
      }
    }
    // Of r H, from the sums of h.
    let products = isLinearFirst ? [] : layer.recurrentBack(inner.span, gates: 2..<3)
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<hidden {
        let own = item * hidden + element, before = layer.state(before: step, item, element)
        let place = layer.sum(step, item, gate: 1, element), last = place + hidden
        let reset = T(layer.value(0, layer.sums[place])), slope = T(layer.slope(0, layer.sums[place]))
        if isLinearFirst {
          gradients.sums[place] = gradients.sums[last] * layer.kept[before] * slope
          gradients.recurrent[last] = gradients.sums[last] * reset
        } else {
          gradients.sums[place] = products[own] * layer.states[before] * slope
          gradients.state[own] += products[own] * reset
          gradients.recurrent[last] = gradients.sums[last]
        }
        gradients.recurrent[place] = gradients.sums[place]
        gradients.recurrent[place - hidden] = gradients.sums[place - hidden]
      }
    }
    gradients.addRecurrent(step, gates: 0..<(isLinearFirst ? 3 : 2), layer)
  }

  func recurrenceGradient<T: KernelScalar>(_ layer: RecurrentLayer<T>, _ gradients: RecurrentGradients<T>) -> [T] {
    var result = layer.outerSumWithStates(gradients.recurrent.span)
    guard !isLinearFirst else { return result }
    let last = 2 * layer.hidden * layer.hidden..<3 * layer.hidden * layer.hidden
    result.replaceSubrange(last, with: layer.outerSum(gradients.recurrent.span, layer.kept.span, columns: layer.hidden)[last])
    return result
  }
}
