import CCarpusKernels

/// The weights of a convolution in the order in which the kernel for one instruction set reads them: made once, used in many runs.
public struct PreparedConvolution<T: KernelScalar>: Sendable {
  /// What the weights were prepared for. The batch and the spatial extents may be others when they are used.
  public let convolution: Convolution
  public let instructionSet: InstructionSet
  let layout: WeightLayout
  let storage: TensorStorage

  /// - Precondition: `weights` has `convolution.weightCount` elements.
  public init(_ weights: Span<T>, for convolution: Convolution, instructionSet: InstructionSet = .preferred) {
    precondition(weights.count == convolution.weightCount)
    self.convolution = convolution
    self.instructionSet = instructionSet
    let team = ThreadTeam(count: 1, instructionSet: instructionSet)
    layout = WeightLayout(convolution, T.self, team)
    storage = TensorStorage(byteCount: layout.byteCount)
    layout.pack(Source(weights), into: storage.target, T.self, team)
  }

  /// Whether these weights serve `other` on `team`.
  func serves(_ other: Convolution, _ team: ThreadTeam) -> Bool {
    instructionSet == team.instructionSet && convolution.groups == other.groups && convolution.inputChannels == other.inputChannels
      && convolution.outputChannels == other.outputChannels && convolution.window.kernel == other.window.kernel
  }
}

/// The weights of the vector-Jacobian product of a convolution with respect to its input (of a transposed convolution), made once.
public struct PreparedInputGradient<T: KernelScalar>: Sendable {
  public let convolution: Convolution
  public let instructionSet: InstructionSet
  let route: GradientRoute
  let storage: TensorStorage

  /// - Precondition: `weights` has `convolution.weightCount` elements.
  public init(_ weights: Span<T>, for convolution: Convolution, instructionSet: InstructionSet = .preferred) {
    precondition(weights.count == convolution.weightCount)
    self.convolution = convolution
    self.instructionSet = instructionSet
    let team = ThreadTeam(count: 1, instructionSet: instructionSet)
    route = GradientRoute(convolution, T.self, team)
    storage = TensorStorage(byteCount: route.byteCount)
    let scratch = Scratch()
    let spare = scratch.blocks(workers: 1, byteCount: convolution.weightCount * MemoryLayout<T>.stride).base
    route.pack(Source(weights), into: storage.target, spare: spare, convolution, T.self, team)
  }
}

extension TensorStorage {
  /// Where it begins; whoever writes there has it alone.
  var target: Target {
    var span = mutableSpan(of: UInt8.self, offset: 0, count: byteCount)
    return Target(&span)
  }
}

/// The order of packed weights: which side of the product they are on.
enum WeightLayout: Sendable {
  /// One input channel per group: as they came.
  case depthwise(byteCount: Int)
  /// Output channels are rows, outputs run along vectors.
  case rows(groupStride: Int, byteCount: Int, Extents)
  /// Output channels run along vectors, for outputs so few that vectors of them would be much padded.
  case columns(groupStride: Int, byteCount: Int, Extents)

  struct Extents: Sendable { let groups, rows, k: Int }

  init<T: KernelScalar>(_ convolution: Convolution, _ type: T.Type, _ team: ThreadTeam) {
    let size = MemoryLayout<T>.stride, panel = ck_tile_columns(team.isa, T.kernelType), vector = panel / 2
    let extents = Extents(groups: convolution.groups, rows: convolution.outputsPerGroup, k: convolution.patchLength)
    guard !convolution.isDepthwise else {
      self = .depthwise(byteCount: convolution.weightCount * size)
      return
    }
    func use(_ count: Int) -> Double { Double(count) / Double((count + vector - 1) / vector * vector) }
    // A tile with channels along vectors is transposed when it is stored, which a long sum outweighs.
    let storing = 1 + 48 / Double(extents.k)
    if use(extents.rows) / storing > use(max(convolution.window.outputCount, 1)) {
      let stride = (extents.rows + panel - 1) / panel * panel * extents.k * size
      self = .columns(groupStride: stride, byteCount: stride * extents.groups, extents)
    } else {
      let stride = extents.rows * extents.k * size
      self = .rows(groupStride: stride, byteCount: stride * extents.groups, extents)
    }
  }

  var byteCount: Int {
    switch self {
    case .depthwise(let byteCount), .rows(_, let byteCount, _), .columns(_, let byteCount, _): byteCount
    }
  }

  func pack<T: KernelScalar>(_ weights: Source, into target: Target, _ type: T.Type, _ team: ThreadTeam) {
    switch self {
    case .depthwise(let byteCount):
      if let from = unsafe weights.start { unsafe target.start?.copyMemory(from: from, byteCount: byteCount) }
    case .rows(let stride, _, let extents):
      team.run(tasks: extents.groups) { group, _ in
        unsafe ck_pack_rows(
          team.isa, T.kernelType, weights.advanced(group * extents.rows * extents.k, T.self).start, extents.k, 1, extents.rows, extents.k,
          1, target.advanced(bytes: group * stride).start)
      }
    case .columns(let stride, _, let extents):
      team.run(tasks: extents.groups) { group, _ in
        unsafe ck_pack_columns(
          team.isa, T.kernelType, weights.advanced(group * extents.rows * extents.k, T.self).start, extents.k, 1, extents.rows, extents.k,
          target.advanced(bytes: group * stride).start)
      }
    }
  }
}

/// How an input gradient is computed.
enum GradientRoute: Sendable {
  /// One input channel per group, with strides: as they came.
  case depthwise(byteCount: Int)
  /// With strides of 1: as the convolution of the seed with the mirrored kernels, channels exchanged.
  case mirrored(Convolution, WeightLayout)
  /// Patches, the transposed weights times the seed, are added to where they came from. Blocks of `owned` input channels are packed each
  /// on their own.
  case scattered(owned: Int, byteCount: Int)

  init<T: KernelScalar>(_ convolution: Convolution, _ type: T.Type, _ team: ThreadTeam) {
    let byteCount = convolution.weightCount * MemoryLayout<T>.stride
    if let mirrored = convolution.mirrored {
      self = .mirrored(mirrored, WeightLayout(mirrored, type, team))
    } else if convolution.isDepthwise {
      self = .depthwise(byteCount: byteCount)
    } else {
      self = .scattered(owned: min(convolution.inputsPerGroup, max(1, 256 / convolution.window.taps)), byteCount: byteCount)
    }
  }

  var byteCount: Int {
    switch self {
    case .depthwise(let byteCount), .scattered(_, let byteCount): byteCount
    case .mirrored(_, let layout): layout.byteCount
    }
  }

  /// - Parameter spare: Memory for as many elements as there are weights.
  func pack<T: KernelScalar>(
    _ weights: Source, into target: Target, spare: Target, _ convolution: Convolution, _ type: T.Type, _ team: ThreadTeam
  ) {
    let taps = convolution.window.taps, inputs = convolution.inputsPerGroup, outputs = convolution.outputsPerGroup
    let length = convolution.patchLength
    switch self {
    case .depthwise(let byteCount):
      if let from = unsafe weights.start { unsafe target.start?.copyMemory(from: from, byteCount: byteCount) }
    case .mirrored(_, let layout):
      team.run(tasks: convolution.groups) { group, _ in
        let start = group * outputs * length
        unsafe ck_copy_strided(
          weights.advanced(start + taps - 1, T.self).start, [taps, length, -1], spare.advanced(start, T.self).start,
          [outputs * taps, taps, 1], [inputs, outputs, taps], 3, MemoryLayout<T>.stride)
      }
      layout.pack(spare.source, into: target, type, team)
    case .scattered(let owned, _):
      let blocks = (inputs + owned - 1) / owned
      team.run(tasks: convolution.groups * blocks) { task, _ in
        let (group, block) = task.quotientAndRemainder(dividingBy: blocks)
        let first = block * owned * taps, count = min(owned * taps, length - first), start = group * outputs * length
        unsafe ck_pack_rows(
          team.isa, T.kernelType, weights.advanced(start + first, T.self).start, 1, length, count, outputs, 1,
          target.advanced(start + first * outputs, T.self).start)
      }
    }
  }
}

extension Convolution {
  /// The convolution that gives the input gradient of this one from mirrored kernels, where all strides are 1 and the padding is not wider than
  /// the kernel.
  var mirrored: Convolution? {
    guard window.strides.allSatisfy({ $0 == 1 }) else { return nil }
    let pads = window.kernel.indices.map { window.dilations[$0] * (window.kernel[$0] - 1) - window.padsBegin[$0] }
    guard pads.allSatisfy({ $0 >= 0 }) else { return nil }
    return SlidingWindow(
      input: window.output, output: window.input, kernel: window.kernel, strides: window.strides, dilations: window.dilations,
      padsBegin: pads, padsEnd: pads
    ).flatMap {
      Convolution(batch: batch, groups: groups, inputChannels: outputChannels, outputChannels: inputChannels, window: $0)
    }
  }
}
