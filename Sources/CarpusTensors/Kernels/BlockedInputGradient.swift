import CCarpusKernels

/// The vector-Jacobian product of a convolution with respect to its input, in the blocked layout, with its weights in the order in which the
/// kernels read them.
///
/// With strides of 1 it is a convolution whose weights are transposed and turned by half a circle. With others the pixels of the result that
/// have the same remainders when divided by the strides see the same taps: they are a convolution of their own, with strides of 1, whose
/// results are put between those of the others.
public struct BlockedInputGradient: Sendable {
  /// The one whose input gradient this is.
  public let convolution: Convolution
  public let instructionSet: InstructionSet
  let phases: [Phase]

  /// Pixels of the result with the same remainders.
  struct Phase: Sendable {
    /// The remainders.
    let row, column: Int
    /// How many rows and columns there are.
    let rows, columns: Int
    /// `nil` where no tap leads to them.
    let blocked: BlockedConvolution?
  }

  /// Whether the gradient of this convolution can be calculated in the blocked layout.
  public static func serves(_ convolution: Convolution) -> Bool {
    guard let phases = convolution.phases else { return false }
    return phases.allSatisfy { $0.convolution.map { method(for: $0, of: convolution, .usual) != nil } ?? true }
  }

  /// How the pixels of the result are calculated, for each remainder that taps lead to.
  public static func methods(for convolution: Convolution, accuracy: BlockedAccuracy = .usual) -> [BlockedMethod] {
    (convolution.phases ?? []).compactMap { phase in phase.convolution.flatMap { method(for: $0, of: convolution, accuracy) } }
  }

  /// Whether an addend may have more blocks than the result when there are several images.
  public static func addsFirstBlocks(_ convolution: Convolution) -> Bool { convolution.groups == 1 && convolution.window.isPointwise }

  private static func method(for phase: Convolution, of convolution: Convolution, _ accuracy: BlockedAccuracy) -> BlockedMethod? {
    let methods = BlockedMethod.methods(for: phase, planar: false, accuracy: accuracy)
    // Only these two leave places between pixels.
    return convolution.isDense ? methods.first : methods.isEmpty ? nil : methods == [.channels] ? .channels : .rows
  }

  /// - Parameters:
  ///   - weights: of `convolution`.
  ///   - scale: one factor for each input channel, by which the gradient is multiplied.
  ///   - accuracy: what roundings are accepted.
  /// - Precondition: `serves(convolution)`, and the counts are those that it states.
  public init(
    _ weights: Span<Float>, scale: [Float]? = nil, for convolution: Convolution, accuracy: BlockedAccuracy = .usual,
    instructionSet: InstructionSet = .preferred
  ) {
    precondition(weights.count == convolution.weightCount && scale?.count ?? convolution.inputChannels == convolution.inputChannels)
    guard let extents = convolution.phases else { preconditionFailure("serves(convolution)") }
    self.convolution = convolution
    self.instructionSet = instructionSet
    var phases: [Phase] = []
    for phase in extents {
      var blocked: BlockedConvolution?
      if let own = phase.convolution, let method = Self.method(for: own, of: convolution, accuracy) {
        let turned = Self.turned(weights, scale, convolution, phase)
        blocked = BlockedConvolution(turned.span, bias: nil, for: own, method: method, instructionSet: instructionSet)
      }
      phases.append(
        Phase(row: phase.axes[0].remainder, column: phase.axes[1].remainder, rows: phase.axes[0].count, columns: phase.axes[1].count, blocked: blocked))
    }
    self.phases = phases
  }

  /// The weights `[input channels × output channels / groups × taps]` of a phase.
  private static func turned(_ weights: Span<Float>, _ scale: [Float]?, _ convolution: Convolution, _ phase: ConvolutionPhase) -> [Float] {
    let width = convolution.window.kernel[1], taps = convolution.window.taps, perGroup = convolution.inputsPerGroup
    let outputs = convolution.outputsPerGroup, own = phase.axes[0].taps.flatMap { row in phase.axes[1].taps.map { row * width + $0 } }
    var turned: [Float] = []
    turned.reserveCapacity(convolution.inputChannels * outputs * own.count)
    for channel in 0..<convolution.inputChannels {
      let (group, place) = channel.quotientAndRemainder(dividingBy: perGroup), factor = scale?[channel] ?? 1
      for output in 0..<outputs {
        let start = ((group * outputs + output) * perGroup + place) * taps
        for tap in own { turned.append(weights[start + tap] * factor) }
      }
    }
    return turned
  }
}

/// What the pixels of an input gradient with the same remainders see, along one axis.
struct AxisPhase {
  let remainder: Int
  /// How many places of the input there are.
  let count: Int
  /// The taps that lead to them, in the order of the outputs from which they come.
  let taps: [Int]
  /// Places before the first output that the first pixel sees, and from one to the next.
  let pad, dilation: Int

  /// `nil` where the first output that they see is not the first of all.
  init?(_ window: SlidingWindow, axis: Int, remainder: Int) {
    let stride = window.strides[axis], step = window.dilations[axis], shift = remainder + window.padsBegin[axis]
    self.remainder = remainder
    count = max(0, (window.input[axis] - remainder + stride - 1) / stride)
    taps = (0..<window.kernel[axis]).reversed().filter { (shift - $0 * step) % stride == 0 }
    let offsets = taps.map { (shift - $0 * step) / stride }
    pad = -(offsets.first ?? 0)
    dilation = offsets.count > 1 ? offsets[1] - offsets[0] : 1
    guard pad >= 0 else { return nil }
  }

  /// Places behind the last of `outputs`.
  func padEnd(_ outputs: Int) -> Int { max(0, count - 1 + (taps.count - 1) * dilation + 1 - pad - outputs) }
}

/// A phase of an input gradient.
struct ConvolutionPhase {
  let axes: [AxisPhase]
  /// From the outputs to the pixels of the phase; `nil` where no tap leads to them.
  let convolution: Convolution?
}

extension Convolution {
  var isDense: Bool { window.strides.allSatisfy { $0 == 1 } }

  /// The phases of the input gradient that have pixels; `nil` if they are no convolutions in the blocked layout.
  var phases: [ConvolutionPhase]? {
    let isDepthwise = inputsPerGroup == 1 && outputsPerGroup == 1
    guard window.input.count == 2, inputCount > 0, outputCount > 0, groups == 1 || isDepthwise, window.strides.allSatisfy({ $0 <= 4 }) else {
      return nil
    }
    var phases: [ConvolutionPhase] = []
    for row in 0..<min(window.strides[0], window.input[0]) {
      for column in 0..<min(window.strides[1], window.input[1]) {
        guard let vertical = AxisPhase(window, axis: 0, remainder: row), let horizontal = AxisPhase(window, axis: 1, remainder: column) else {
          return nil
        }
        let axes = [vertical, horizontal]
        guard axes.allSatisfy({ !$0.taps.isEmpty }) else { phases.append(ConvolutionPhase(axes: axes, convolution: nil)); continue }
        guard
          let own = SlidingWindow(
            input: window.output, output: axes.map(\.count), kernel: axes.map(\.taps.count), strides: [1, 1], dilations: axes.map(\.dilation),
            padsBegin: axes.map(\.pad), padsEnd: zip(axes, window.output).map { $0.padEnd($1) }),
          let convolution = Convolution(
            batch: batch, groups: groups, inputChannels: outputChannels, outputChannels: inputChannels, window: own)
        else { return nil }
        phases.append(ConvolutionPhase(axes: axes, convolution: convolution))
      }
    }
    return phases
  }
}
