import CarpusTensors

/// The discrete Fourier transforms of pieces of a signal, as `DFT` computes them: piece f begins at f · step, has the length of the window and is multiplied by
/// it. With `onesided` (the default) each spectrum has the first ⌊length/2⌋ + 1 elements.
///
/// - Operands: `signal` `[N×L×1]` (real) or `[N×L×2]` (complex), floating-point; `step`, an integer; optionally `window`
///   `[length]`, otherwise of ones; optionally `length`, an integer, which is L where neither is given.
/// - Result: `[N, 1 + ⌊(L − length) / step⌋, spectrum, 2]`.
/// - Throws: when no piece fits into the signal, and for `onesided` spectra of complex signals.
public struct STFT: Composed {
  public static let signature = OperatorSignature("STFT", since: 17, operands: 2...4, gradient: .defined)
  private let isOneSided: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) { isOneSided = try node.flag("onesided", default: true) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let signal = try operands.floatingTensor(0)
    let extents = signal.shape.extents ?? [nil, nil, nil]
    guard extents.count == 3, [nil, 1, 2].contains(extents[2]) else {
      throw .operands("the signal must be [N×L×1] or [N×L×2], not \(signal.shape)")
    }
    guard !isOneSided || extents[2] != 2 else { throw .operands("the spectra of a complex signal have two sides; attribute onesided must be 0") }
    if let window = try operands.optionalTensor(2) {
      guard window.elementType == signal.elementType else { throw .operands("the window must have the type of the signal, \(signal.elementType)") }
      guard window.shape.rank ?? 1 == 1 else { throw .operands("the window must be a vector, not \(window.shape)") }
    }
    let frames = try frames(operands)
    let spectrum = try length(operands).map { isOneSided ? $0 / 2 + 1 : $0 }
    return [try Movement.resultType(signal.elementType, [extents[0], frames?.count, spectrum, 2])]
  }

  private func length(_ operands: [OperandInfo]) throws(OperatorError) -> Int? {
    let window = operands.isPresent(2) ? try operands.tensor(2).shape[0] : nil
    switch try operands.integerList(3, or: nil) {
    case .absent: return operands.isPresent(2) ? window : try operands.tensor(0).shape[1]
    case .later: return window
    case .known(let list):
      guard list.count == 1, list[0] > 0 else { throw .operands("the length of a piece must be one positive number, not \(list)") }
      guard window ?? list[0] == list[0] else { throw .operands("the window has \(window ?? 0) elements, a piece \(list[0])") }
      return list[0]
    }
  }

  private struct Frames {
    let count, step, length: Int
  }

  /// `nil` while something is not known.
  private func frames(_ operands: [OperandInfo]) throws(OperatorError) -> Frames? {
    let total = try operands.tensor(0).shape[1], length = try length(operands)
    guard case .known(let list) = try operands.integerList(1, or: nil) else { return nil }
    guard list.count == 1, list[0] > 0 else { throw .operands("the step must be one positive number, not \(list)") }
    guard let total, let length else { return nil }
    guard length > 0, length <= total else { throw .operands("a piece of \(length) does not fit into a signal of \(total)") }
    return Frames(count: (total - length) / list[0] + 1, step: list[0], length: length)
  }

  /// The pieces, times the window, transformed.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let frames = try frames(infos) else { return nil }
    let count = frames.count.multipliedReportingOverflow(by: frames.length)
    guard !count.overflow else { throw .tooLarge("\(frames.count) pieces of \(frames.length) are too many") }
    try MemoryLimit.check(Shape([count.partialValue]), .int64)
    var places: [Int64] = []
    places.reserveCapacity(count.partialValue)
    for frame in 0..<frames.count { for index in 0..<frames.length { places.append(Int64(frame * frames.step + index)) } }
    let table = graph.constant(Tensor(places, shape: [frames.count, frames.length]))
    var pieces = try graph.add(Gather(axis: 1), operands[0], table)
    if infos.isPresent(2), let window = operands[2] {
      pieces = try graph.product(pieces, graph.reshaped(window, to: [frames.length, 1]))
    }
    return [try graph.add(DFT(axis: 2, isOneSided: isOneSided), pieces)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let signal = operands[0], window = operands.optional(2)?.doubles, team = results.team
    guard let frames = try frames(operands.infos) else { throw .operands("the step and the length of the pieces must be integers") }
    let numbers = signal.doubles, parts = signal.shape[2], total = signal.shape[1]
    let shape = Shape([signal.shape[0], frames.count, frames.length, parts])
    try MemoryLimit.check(shape, .float64)
    var pieces: [Double] = []
    pieces.reserveCapacity(shape.count)
    for row in 0..<signal.shape[0] {
      for frame in 0..<frames.count {
        for index in 0..<frames.length * parts {
          pieces.append(numbers[(row * total + frame * frames.step) * parts + index] * (window?[index / parts] ?? 1))
        }
      }
    }
    let map = FourierMap(
      length: frames.length, isInverse: false, factor: 1, oneSided: .neither, axis: 2, input: shape, output: results.shape(0))
    results.set(0, .tensor(map.apply(to: Tensor(pieces, shape: shape)).converted(to: results.elementType(0), team: team)))
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("the pieces depend on data; a gradient needs them beforehand")
  }
}
