import CCarpusKernels

extension Kernels {
  /// The vector-Jacobian product of a convolution with respect to its input, which is the transposed convolution: `result`, of the shape
  /// of x, from `seed`, of the shape of y.
  ///
  /// - Parameter bias: One number per *input* channel of `convolution`, added to the result (for ConvTranspose); 0 where `nil`.
  /// - Precondition: the spans have the counts that `convolution` states.
  public static func convolutionInputGradient<T: KernelScalar>(
    seed: Span<T>, weights: Span<T>, bias: Span<T>? = nil, _ convolution: Convolution, into result: inout MutableSpan<T>,
    scratch: Scratch, team: ThreadTeam
  ) {
    precondition(weights.count == convolution.weightCount)
    let work = gradientWork(seed, bias, convolution, &result, team)
    let route = GradientRoute(convolution, T.self, team)
    let size = (route.byteCount + 63) / 64 * 64
    let packed = scratch.packedWeights(byteCount: size + convolution.weightCount * MemoryLayout<T>.stride)
    route.pack(Source(weights), into: packed, spare: packed.advanced(bytes: size), convolution, T.self, team)
    work.run(packed.source, route, scratch)
  }

  /// The same with weights that have been prepared.
  ///
  /// - Precondition: the weights were prepared for the same convolution but for the batch, and for the team's instruction set.
  public static func convolutionInputGradient<T: KernelScalar>(
    seed: Span<T>, prepared: PreparedInputGradient<T>, bias: Span<T>? = nil, _ convolution: Convolution,
    into result: inout MutableSpan<T>, scratch: Scratch, team: ThreadTeam
  ) {
    precondition(prepared.serves(convolution, team))
    // The batch is the run's, not the one prepared for.
    var route = prepared.route
    if case .mirrored(_, let layout) = route, let mirrored = convolution.mirrored { route = .mirrored(mirrored, layout) }
    gradientWork(seed, bias, convolution, &result, team).run(prepared.storage.target.source, route, scratch)
  }

  private static func gradientWork<T: KernelScalar>(
    _ seed: Span<T>, _ bias: Span<T>?, _ convolution: Convolution, _ result: inout MutableSpan<T>, _ team: ThreadTeam
  ) -> GradientWork<T> {
    precondition(seed.count == convolution.outputCount && result.count == convolution.inputCount)
    precondition((bias?.count ?? convolution.inputChannels) == convolution.inputChannels)
    return GradientWork<T>(convolution: convolution, seed: Source(seed), bias: Source(bias), result: Target(&result), team: team)
  }
}

extension PreparedInputGradient {
  /// Whether these weights serve `other` on `team`.
  func serves(_ other: Convolution, _ team: ThreadTeam) -> Bool {
    instructionSet == team.instructionSet && convolution.groups == other.groups && convolution.inputChannels == other.inputChannels
      && convolution.outputChannels == other.outputChannels && convolution.window.kernel == other.window.kernel
      && (convolution.mirrored == nil) == (other.mirrored == nil)
  }
}

/// One call of an input gradient.
private struct GradientWork<T: KernelScalar>: Sendable {
  let convolution: Convolution
  let seed: Source
  let bias: Source?
  let result: Target
  let team: ThreadTeam

  func run(_ weights: Source, _ route: GradientRoute, _ scratch: Scratch) {
    guard convolution.inputCount > 0 else { return }
    switch route {
    case .depthwise: runDepthwise(weights, scratch)
    case .mirrored(let mirrored, let layout):
      ConvolutionWork<T>(
        convolution: mirrored, x: seed, bias: bias, residual: nil, activation: nil, y: result, team: team
      ).run(weights, layout, scratch)
    case .scattered(let owned, _): runScattered(weights, owned: owned, scratch)
    }
  }

  /// Sets the plane of an input channel to its bias.
  private func prepare(_ target: Target, channel: Int, count: Int) {
    var value = unsafe bias?.advanced(channel, T.self).start?.assumingMemoryBound(to: T.self).pointee ?? 0
    unsafe ck_fill(target.start, &value, count, MemoryLayout<T>.stride)
  }

  private func runDepthwise(_ weights: Source, _ scratch: Scratch) {
    let window = convolution.window.code, inputs = convolution.window.inputCount, outputs = convolution.window.outputCount
    let multiplier = convolution.outputsPerGroup, taps = convolution.window.taps
    let planes = convolution.batch * convolution.inputChannels
    let grain = min(max(1, Kernels.elementGrain / max(outputs * taps * multiplier / 8, 1)), planes)
    let spare = scratch.blocks(workers: team.count, byteCount: convolution.window.spareByteCount(T.self, team))
    team.run(tasks: (planes + grain - 1) / grain) { task, worker in
      var window = window
      for plane in task * grain..<min(planes, (task + 1) * grain) {
        let channel = plane % convolution.inputChannels, target = result.advanced(plane * inputs, T.self)
        prepare(target, channel: channel, count: inputs)
        for other in 0..<multiplier {
          unsafe ck_depthwise_gradient(
            team.isa, T.kernelType, &window, seed.advanced((plane * multiplier + other) * outputs, T.self).start,
            weights.advanced((channel * multiplier + other) * taps, T.self).start, target.start,
            spare.base.advanced(bytes: worker * spare.stride).start)
        }
      }
    }
  }

  /// Each task owns some input channels of one image, so that no two add to the same place.
  private func runScattered(_ weights: Source, owned: Int, _ scratch: Scratch) {
    let window = convolution.window.code, inputs = convolution.window.inputCount, outputs = convolution.window.outputCount
    let taps = convolution.window.taps, length = convolution.patchLength, size = MemoryLayout<T>.stride
    let rows = convolution.outputsPerGroup, perGroup = convolution.inputsPerGroup, blocksPerGroup = (perGroup + owned - 1) / owned
    let tall = ck_tile_rows(team.isa), panel = ck_tile_columns(team.isa, T.kernelType)
    let pieces = Pieces(count: outputs, k: max(rows, owned * taps), size: size, panel: panel, atLeast: 1 << 20, team: team)
    let memory = scratch.blocks(workers: team.count, byteCount: 2 * pieces.byteCount)
    team.run(tasks: convolution.batch * convolution.groups * blocksPerGroup) { task, worker in
      let block = task % blocksPerGroup, group = task / blocksPerGroup % convolution.groups
      let image = task / blocksPerGroup / convolution.groups
      let first = block * owned, count = min(owned, perGroup - first), channel = group * perGroup + first
      let target = result.advanced((image * convolution.inputChannels + channel) * inputs, T.self)
      for own in 0..<count { prepare(target.advanced(own * inputs, T.self), channel: channel + own, count: inputs) }
      let seeds = seed.advanced((image * convolution.outputChannels + group * rows) * outputs, T.self)
      let packed = memory.base.advanced(bytes: worker * memory.stride), patches = packed.advanced(bytes: pieces.byteCount)
      var window = window
      for piece in 0..<pieces.tasks {
        let range = pieces.range(piece)
        unsafe ck_pack_columns(
          team.isa, T.kernelType, seeds.advanced(range.lowerBound, T.self).start, 1, outputs, range.count, rows, packed.start)
        var product = ck_product()
        product.rows = count * taps
        product.columns = range.count
        product.k = rows
        product.stride = range.count
        product.low = -.infinity
        product.high = .infinity
        unsafe ck_multiply_packed(
          team.isa, T.kernelType, &product, weights.advanced(group * rows * length + first * taps * rows, T.self).start,
          packed.source.start, nil, nil, patches.start, 0, (product.rows + tall - 1) / tall, 0, (range.count + panel - 1) / panel)
        unsafe ck_scatter_patches(
          team.isa, T.kernelType, &window, patches.source.start, range.count, count, target.start, range.lowerBound, range.upperBound)
      }
    }
  }
}
