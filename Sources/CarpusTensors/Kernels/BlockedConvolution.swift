import CCarpusKernels

/// How a convolution in the blocked layout is calculated.
public enum BlockedMethod: Sendable, Hashable {
  /// Without windows: products of weights and pixels.
  case pixels
  /// Windows over rows in the blocked layout.
  case rows
  /// Windows over rows of an input in the layout `[N, C, H, W]`.
  case planarRows
  /// Each channel by itself.
  case channels
  /// Windows over rows, for units of whole groups apart.
  case groups
  /// Winograd's minimal filtering of m outputs along each axis with a window, m being 2 or 4: fewer multiplications, and other roundings.
  case winograd(Int)

  /// The methods that a convolution can be calculated by, the preferred first; none if it cannot be in the blocked layout.
  ///
  /// - Parameters:
  ///   - planar: Whether the input lies in the layout `[N, C, H, W]`.
  ///   - accuracy: What roundings are accepted.
  ///   - instructionSet: With which they are compared.
  public static func methods(
    for convolution: Convolution, planar: Bool, accuracy: BlockedAccuracy = .usual, instructionSet: InstructionSet = .preferred
  ) -> [BlockedMethod] {
    let window = convolution.window, taps = window.taps
    guard window.input.count == 2, convolution.inputCount > 0, convolution.outputCount > 0, window.padsBegin.allSatisfy({ $0 < 1 << 12 })
    else { return [] }
    if convolution.groups > 1 {
      let isDepthwise = convolution.inputsPerGroup == 1 && convolution.outputsPerGroup == 1
      if isDepthwise { return planar ? [] : [.channels] }
      guard let unit = convolution.unit, !planar, window.strides[1] <= 2, taps * unit <= 1 << 18 else { return [] }
      return [.groups]
    }
    guard taps * BlockedPlanes.blocks(convolution.inputChannels) <= 1 << 14 else { return [] }
    if planar { return [1, 2, 4].contains(window.strides[1]) && convolution.inputChannels <= 16 ? [.planarRows] : [] }
    if window.isSampling { return [.pixels] }
    guard window.strides[1] <= 2 else { return [] }
    let sizes = window.dilations == [1, 1] && window.strides == [1, 1] ? winogradSizes(window.kernel, accuracy) : []
    // Multiplications for one image, and what it takes to read the weights, as so many multiplications.
    let outputs = BlockedPlanes.blocks(convolution.outputChannels) * BlockedPlanes.width, channels = Double(convolution.inputChannels * outputs)
    let transforms = 1 + 14 / Double(outputs) + 6 / Double(convolution.inputChannels), reading = instructionSet == .avx512 ? 9.0 : 4.5
    var methods: [(BlockedMethod, Double)] = [(.rows, Double(taps) * channels * (Double(window.outputCount) + reading))]
    for (m, caution) in sizes {
      let patch = window.kernel.map { $0 == 1 ? 1 : m }
      let patches = zip(window.output, patch).reduce(1) { $0 * (($1.0 + $1.1 - 1) / $1.1) }
      let frequencies = zip(patch, window.kernel).reduce(1) { $0 * ($1.0 + $1.1 - 1) }
      methods.append((.winograd(m), caution * Double(frequencies) * channels * (Double(patches) * transforms + reading)))
    }
    return methods.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Outputs of a patch along an axis for a window, and by what its cost is multiplied: larger patches round more, and have to be worth it.
  private static func winogradSizes(_ kernel: [Int], _ accuracy: BlockedAccuracy) -> [(m: Int, caution: Double)] {
    switch (kernel, accuracy) {
    case (_, .strict): []
    case ([3, 3], .high): [(2, 1.05)]
    case ([3, 3], .usual), ([1, 3], .usual), ([3, 1], .usual): [(2, 1.05), (4, 1.2)]
    case ([5, 5], .usual), ([1, 7], .usual), ([7, 1], .usual): [(2, 1.2)]
    default: []
    }
  }
}

/// How far the roundings of a method may be from those of plain sums.
public enum BlockedAccuracy: Sendable, Hashable {
  /// Any method.
  case usual
  /// Roundings as of plain sums: for what gradients are calculated from, as a changed sign changes them.
  case high
  /// Plain sums alone.
  case strict
}

/// A convolution in the blocked layout with its weights in the order in which the kernels read them: made once, used in many runs.
public struct BlockedConvolution: Sendable {
  public let convolution: Convolution
  public let method: BlockedMethod
  public let instructionSet: InstructionSet
  let storage: TensorStorage
  /// One number per output channel, filled up to whole blocks with 0.
  let bias: TensorStorage?

  /// - Parameter method: one of `BlockedMethod.methods(for:planar:)`.
  /// - Precondition: the spans have the counts that `convolution` states, and the method can do it.
  public init(
    _ weights: Span<Float>, bias: Span<Float>?, for convolution: Convolution, method: BlockedMethod,
    instructionSet: InstructionSet = .preferred
  ) {
    precondition(weights.count == convolution.weightCount && (bias?.count ?? convolution.outputChannels) == convolution.outputChannels)
    guard var planes = convolution.planes else { preconditionFailure("two spatial axes") }
    self.convolution = convolution
    self.method = method
    self.instructionSet = instructionSet
    let isa = ck_isa(rawValue: instructionSet.rawValue), source = Source(weights), width = BlockedPlanes.width
    let blocks = BlockedPlanes.blocks(convolution.outputChannels)
    if let bias {
      let padded = TensorStorage(byteCount: blocks * width * 4)
      padded.fill(from: bias)
      self.bias = padded
    } else {
      self.bias = nil
    }
    switch method {
    case .channels:
      storage = TensorStorage(byteCount: blocks * width * convolution.window.taps * 4)
      unsafe ck_pack_channels(source.floats, storage.target.floats, convolution.outputChannels, convolution.window.taps)
    case .groups:
      guard let unit = convolution.unit else { preconditionFailure("no units of whole groups") }
      (planes.input_channels, planes.output_channels) = (unit, unit)
      let count = unsafe ck_packed_floats(isa, &planes, false, 0)
      storage = TensorStorage(byteCount: convolution.outputChannels / unit * count * 4)
      for index in 0..<convolution.outputChannels / unit {
        let dense = convolution.denseWeights(weights, ofUnit: index, unit)
        withExtendedLifetime(dense) {
          unsafe ck_pack_weights(isa, &planes, false, Source(dense.span).floats, storage.target.floats(index * count))
        }
      }
    case .winograd(let m):
      precondition(BlockedMethod.methods(for: convolution, planar: false).contains(method))
      storage = TensorStorage(byteCount: unsafe ck_packed_floats(isa, &planes, false, m) * 4)
      let groups = (convolution.outputChannels + ck_group_channels(isa) - 1) / ck_group_channels(isa)
      unsafe ck_pack_frequencies(isa, &planes, m, source.floats, storage.target.floats, 0, groups)
    case .pixels, .rows, .planarRows:
      let planar = method == .planarRows
      storage = TensorStorage(byteCount: unsafe ck_packed_floats(isa, &planes, planar, 0) * 4)
      unsafe ck_pack_weights(isa, &planes, planar, source.floats, storage.target.floats)
    }
  }

  /// Elements of x: of the planar or of the blocked layout.
  var inputCount: Int {
    method == .planarRows
      ? convolution.inputCount
      : convolution.batch * BlockedPlanes.blocks(convolution.inputChannels) * BlockedPlanes.width * convolution.window.inputCount
  }
  var outputCount: Int {
    convolution.batch * BlockedPlanes.blocks(convolution.outputChannels) * BlockedPlanes.width * convolution.window.outputCount
  }
}

extension Convolution {
  /// Channels of the smallest units that hold whole groups and whole blocks, if groups have as many outputs as inputs.
  var unit: Int? {
    let width = BlockedPlanes.width, size = inputsPerGroup
    guard size == outputsPerGroup, size.isMultiple(of: width) || width.isMultiple(of: size) else { return nil }
    let unit = max(size, width)
    return inputChannels.isMultiple(of: unit) ? unit : nil
  }

  /// The weights of a unit, `[unit, unit, kernel]`, with zeros between its groups.
  fileprivate func denseWeights(_ weights: Span<Float>, ofUnit index: Int, _ unit: Int) -> [Float] {
    let size = inputsPerGroup, taps = window.taps
    var dense = [Float](repeating: 0, count: unit * unit * taps)
    for output in 0..<unit {
      let first = (index * unit + output) * size * taps, start = (output * unit + output / size * size) * taps
      for place in 0..<size * taps { dense[start + place] = weights[first + place] }
    }
    return dense
  }
}
