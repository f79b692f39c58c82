import CarpusTensors

/// `Cₜ = f Cₜ₋₁ + i c`, `Hₜ = o h(Cₜ)` with `i = f(Xₜ Wiᵀ + Hₜ₋₁ Riᵀ + Pi Cₜ₋₁ + Wbi + Rbi)`, `f` alike (or `1 − i` if `input_forget` is 1),
/// `o` alike with `Po Cₜ`, and `c = g(Xₜ Wcᵀ + Hₜ₋₁ Rcᵀ + Wbc + Rbc)`, for the steps of a sequence, in one direction or both.
/// `clip` bounds what goes into `f` and `g`, not `Cₜ`, as in ONNX Runtime.
///
/// - Operands: `X` `[steps, items, inputs]`, `W` `[directions, 4 · hidden, inputs]`, `R` `[directions, 4 · hidden, hidden]` in the order
///   i, o, f, c, floating-point; optionally `B` `[directions, 8 · hidden]`, `sequence_lens` int32 `[items]`, `initial_h` and `initial_c`
///   `[directions, items, hidden]`, `P` `[directions, 3 · hidden]` in the order i, o, f.
/// - Results: `Y` `[steps, directions, items, hidden]`, zero after the end of an item, and the last states `Y_h` and `Y_c`. With `layout` 1
///   the items come first in `X`, the states and the results.
public struct LSTM: Recurrent {
  public static let signature = OperatorSignature("LSTM", operands: 3...8, results: 1...3, gradient: .defined)
  let recurrence: Recurrence

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let cell = MemoryCell(isCoupled: try node.int("input_forget") ?? 0 != 0)
    recurrence = Recurrence(try RecurrenceRule(&node, gates: 4, activations: [.sigmoid, .tanh, .tanh]), cell, stateCount: 2)
  }
}

/// Gates 0, 1, 2, 3 are i, o, f, c; peepholes 0, 1, 2 are those of i, o, f.
private struct MemoryCell: RecurrentCell {
  let isCoupled: Bool

  func advance<T: KernelScalar>(_ step: Int, _ layer: inout RecurrentLayer<T>) {
    let hidden = layer.hidden
    let products = layer.recurrent(layer.states.span.extracting(layer.range(step, hidden)), gates: 0..<4)
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<hidden {
        let place = layer.sum(step, item, gate: 0, element)
        for gate in 0..<4 {
          let bias = layer.bias(gate, element)
          layer.sums[place + gate * hidden] += products[(item * 4 + gate) * hidden + element] + bias.input + bias.recurrent
        }
        let before = layer.cells[layer.state(before: step, item, element)]
        layer.sums[place] += layer.peepholes[element] * before
        layer.sums[place + 2 * hidden] += layer.peepholes[2 * hidden + element] * before
        let (input, forget) = gates(layer, place)
        let cell = T(forget * Double(before) + input * layer.value(1, layer.sums[place + 3 * hidden]))
        layer.sums[place + hidden] += layer.peepholes[hidden + element] * cell
        let after = layer.state(before: step + 1, item, element)
        layer.cells[after] = cell
        layer.states[after] = T(layer.value(0, layer.sums[place + hidden]) * layer.activations[2].value(Double(cell)))
      }
    }
  }

  private func gates<T: KernelScalar>(_ layer: RecurrentLayer<T>, _ place: Int) -> (input: Double, forget: Double) {
    let input = layer.value(0, layer.sums[place])
    return (input, isCoupled ? 1 - input : layer.value(0, layer.sums[place + 2 * layer.hidden]))
  }

  func retreat<T: KernelScalar>(_ step: Int, _ layer: RecurrentLayer<T>, _ gradients: inout RecurrentGradients<T>) {
    let hidden = layer.hidden
    for item in 0..<layer.items where step < layer.lengths[item] {
      for element in 0..<hidden {
        let own = item * hidden + element, place = layer.sum(step, item, gate: 0, element)
        let before = Double(layer.cells[layer.state(before: step, item, element)])
        let after = Double(layer.cells[layer.state(before: step + 1, item, element)])
        func peephole(_ gate: Int) -> Double { Double(layer.peepholes[gate * hidden + element]) }
        func slope(_ function: Int, _ gate: Int) -> Double { layer.slope(function, layer.sums[place + gate * hidden]) }
        let (input, forget) = gates(layer, place), output = layer.value(0, layer.sums[place + hidden])
        let seed = Double(gradients.state[own])
        let dOutput = seed * layer.activations[2].value(after) * slope(0, 1)
        let dCell = Double(gradients.cell[own]) + seed * output * layer.activations[2].slope(after) + dOutput * peephole(1)
        let candidate = layer.value(1, layer.sums[place + 3 * hidden])
        let dInput = dCell * (isCoupled ? candidate - before : candidate) * slope(0, 0)
        let dForget = isCoupled ? 0 : dCell * before * slope(0, 2)
        gradients.state[own] = 0
        gradients.cell[own] = T(dCell * forget + dInput * peephole(0) + dForget * peephole(2))
        for (gate, gradient) in [dInput, dOutput, dForget, dCell * input * slope(1, 3)].enumerated() {
          gradients.sums[place + gate * hidden] = T(gradient)
          gradients.recurrent[place + gate * hidden] = T(gradient)
        }
        for (gate, gradient) in [dInput * before, dOutput * after, dForget * before].enumerated() {
          gradients.peepholes[gate * hidden + element] += T(gradient)
        }
      }
    }
    gradients.addRecurrent(step, gates: 0..<4, layer)
  }

  func recurrenceGradient<T: KernelScalar>(_ layer: RecurrentLayer<T>, _ gradients: RecurrentGradients<T>) -> [T] {
    layer.outerSumWithStates(gradients.recurrent.span)
  }
}
