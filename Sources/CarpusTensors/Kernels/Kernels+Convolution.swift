import CCarpusKernels

extension Kernels {
  /// y = f(w ∗ x + bias + residual): cross-correlation, as convolution is understood in networks.
  ///
  /// Each output is a sum over channels and taps in order, rounded to `T` at each step, in sums of 24 terms and sums of 24 such sums.
  ///
  /// - Parameters:
  ///   - bias: One number per output channel; 0 where `nil`.
  ///   - residual: As many elements as `y`, added before `activation`; 0 where `nil`.
  ///   - activation: f; the identity where `nil`.
  ///   - scratch: Working memory.
  /// - Precondition: the spans have the counts that `convolution` states.
  public static func convolution<T: KernelScalar>(
    _ x: Span<T>, weights: Span<T>, bias: Span<T>? = nil, residual: Span<T>? = nil, activation: UnaryFunction? = nil,
    _ convolution: Convolution, into y: inout MutableSpan<T>, scratch: Scratch, team: ThreadTeam
  ) {
    precondition(weights.count == convolution.weightCount)
    let work = forwardWork(x, bias, residual, activation, convolution, &y, team)
    let layout = WeightLayout(convolution, T.self, team)
    let packed = scratch.packedWeights(byteCount: layout.byteCount)
    layout.pack(Source(weights), into: packed, T.self, team)
    work.run(packed.source, layout, scratch)
  }

  /// The same with weights that have been prepared: the way to run a network.
  ///
  /// - Precondition: the weights were prepared for the same channels, groups and kernel, and for the team's instruction set.
  public static func convolution<T: KernelScalar>(
    _ x: Span<T>, prepared: PreparedConvolution<T>, bias: Span<T>? = nil, residual: Span<T>? = nil, activation: UnaryFunction? = nil,
    _ convolution: Convolution, into y: inout MutableSpan<T>, scratch: Scratch, team: ThreadTeam
  ) {
    precondition(prepared.serves(convolution, team))
    forwardWork(x, bias, residual, activation, convolution, &y, team).run(prepared.storage.target.source, prepared.layout, scratch)
  }

  private static func forwardWork<T: KernelScalar>(
    _ x: Span<T>, _ bias: Span<T>?, _ residual: Span<T>?, _ activation: UnaryFunction?, _ convolution: Convolution,
    _ y: inout MutableSpan<T>, _ team: ThreadTeam
  ) -> ConvolutionWork<T> {
    precondition(x.count == convolution.inputCount && y.count == convolution.outputCount)
    precondition((bias?.count ?? convolution.outputChannels) == convolution.outputChannels && (residual?.count ?? y.count) == y.count)
    return ConvolutionWork<T>(
      convolution: convolution, x: Source(x), bias: Source(bias), residual: Source(residual), activation: activation, y: Target(&y),
      team: team)
  }
}

/// One call of a convolution.
struct ConvolutionWork<T: KernelScalar>: Sendable {
  let convolution: Convolution
  let x: Source
  let bias, residual: Source?
  let activation: UnaryFunction?
  let y: Target
  let team: ThreadTeam

  func run(_ weights: Source, _ layout: WeightLayout, _ scratch: Scratch) {
    guard convolution.outputCount > 0 else { return }
    switch layout {
    case .depthwise: runDepthwise(weights, scratch)
    case .rows(let stride, _, _): runProduct(weights, groupStride: stride, transposed: false, scratch)
    case .columns(let stride, _, _): runProduct(weights, groupStride: stride, transposed: true, scratch)
    }
  }

  private func bias(of channel: Int) -> T {
    guard let bias else { return 0 }
    return unsafe bias.advanced(channel, T.self).start?.assumingMemoryBound(to: T.self).pointee ?? 0
  }

  private func runDepthwise(_ weights: Source, _ scratch: Scratch) {
    let window = convolution.window.code, inputs = convolution.window.inputCount, outputs = convolution.window.outputCount
    let taps = convolution.window.taps, multiplier = convolution.outputsPerGroup, activation = activation?.code
    let planes = convolution.batch * convolution.outputChannels
    let grain = min(max(1, Kernels.elementGrain / max(outputs * taps / 8, 1)), planes)
    let spare = scratch.blocks(workers: team.count, byteCount: convolution.window.spareByteCount(T.self, team))
    team.run(tasks: (planes + grain - 1) / grain) { task, worker in
      var window = window
      for plane in task * grain..<min(planes, (task + 1) * grain) {
        let (image, channel) = plane.quotientAndRemainder(dividingBy: convolution.outputChannels)
        let source = x.advanced((image * convolution.inputChannels + channel / multiplier) * inputs, T.self)
        let target = y.advanced(plane * outputs, T.self)
        unsafe ck_depthwise(
          team.isa, T.kernelType, &window, source.start, weights.advanced(channel * taps, T.self).start, Double(bias(of: channel)),
          residual?.advanced(plane * outputs, T.self).start, target.start, spare.base.advanced(bytes: worker * spare.stride).start)
        if let activation {
          unsafe ck_unary(team.isa, T.kernelType, activation.0, target.start, target.start, outputs, activation.p, activation.q)
        }
      }
    }
  }

  /// Packed patches times packed weights, or transposed the other way round. The padded input of some images at a time is common to
  /// all workers; each packs the patches of one piece of the outputs after the other.
  private func runProduct(_ weights: Source, groupStride: Int, transposed: Bool, _ scratch: Scratch) {
    let window = convolution.window.code, direct = convolution.window.isPointwise, size = MemoryLayout<T>.stride
    let plane = direct ? 0 : convolution.window.paddedCount * size
    let imageBytes = plane * convolution.inputChannels
    let slab = max(1, min(convolution.batch, imageBytes == 0 ? convolution.batch : (16 << 20) / imageBytes))
    let tall = ck_tile_rows(team.isa), panel = ck_tile_columns(team.isa, T.kernelType)
    let pieces = Pieces(
      count: convolution.window.outputCount, k: convolution.patchLength, size: size, panel: panel, atLeast: slab * convolution.groups,
      team: team)
    let weightTiles = (convolution.outputsPerGroup + (transposed ? panel : tall) - 1) / (transposed ? panel : tall)
    let tasks = slab * convolution.groups * pieces.tasks
    let parts = team.count == 1 ? 1 : max(1, min(weightTiles, (2 * team.count + tasks - 1) / tasks))
    // A vector may be read beyond the last padded plane.
    let padded = (slab * imageBytes + 191) / 64 * 64
    let memory = scratch.blocks(workers: 1, byteCount: padded + team.count * pieces.byteCount).base
    for first in stride(from: 0, to: convolution.batch, by: slab) {
      let images = min(slab, convolution.batch - first)
      if !direct {
        let source = x.advanced(first * convolution.inputChannels * convolution.window.inputCount, T.self)
        team.forEachChunk(of: images * convolution.inputChannels, grain: 2 * Kernels.elementGrain * size / max(plane, 1)) { planes in
          var window = window
          unsafe ck_pad_planes(
            team.isa, T.kernelType, &window, source.start, memory.start, planes.lowerBound, planes.upperBound)
        }
      }
      team.run(tasks: images * convolution.groups * pieces.tasks * parts) { task, worker in
        let part = task % parts, outputs = pieces.range(task / parts % pieces.tasks)
        let group = task / parts / pieces.tasks % convolution.groups, image = task / parts / pieces.tasks / convolution.groups
        let patches = memory.advanced(bytes: padded + worker * pieces.byteCount)
        let channels = image * convolution.inputChannels + group * convolution.inputsPerGroup
        packPatches(
          outputs, planes: memory.advanced(bytes: channels * plane).source,
          x: x.advanced((first * convolution.inputChannels + channels) * convolution.window.inputCount, T.self),
          transposed: transposed, into: patches)
        let tiles = weightTiles * part / parts..<weightTiles * (part + 1) / parts
        multiply(
          weights.advanced(bytes: group * groupStride), patches.source, outputs, tiles, image: first + image, group: group,
          transposed: transposed, pixelTiles: (outputs.count + (transposed ? tall : panel) - 1) / (transposed ? tall : panel))
      }
    }
  }

  private func packPatches(_ outputs: Range<Int>, planes: Source, x: Source, transposed: Bool, into target: Target) {
    let k = convolution.patchLength, count = convolution.window.outputCount
    var window = convolution.window.code
    switch (convolution.window.isPointwise, transposed) {
    case (true, false):
      unsafe ck_pack_columns(
        team.isa, T.kernelType, x.advanced(outputs.lowerBound, T.self).start, 1, count, outputs.count, k, target.start)
    case (true, true):
      unsafe ck_pack_rows(
        team.isa, T.kernelType, x.advanced(outputs.lowerBound, T.self).start, 1, count, outputs.count, k, 1, target.start)
    case (false, false):
      unsafe ck_pack_patch_columns(
        team.isa, T.kernelType, &window, planes.start, convolution.inputsPerGroup, target.start, outputs.lowerBound, outputs.upperBound)
    case (false, true):
      unsafe ck_pack_patch_rows(
        team.isa, T.kernelType, &window, planes.start, convolution.inputsPerGroup, target.start, outputs.lowerBound, outputs.upperBound)
    }
  }

  private func multiply(
    _ weights: Source, _ patches: Source, _ outputs: Range<Int>, _ tiles: Range<Int>, image: Int, group: Int, transposed: Bool,
    pixelTiles: Int
  ) {
    let rows = convolution.outputsPerGroup, count = convolution.window.outputCount
    let place = (image * convolution.outputChannels + group * rows) * count + outputs.lowerBound
    var product = ck_product()
    product.k = convolution.patchLength
    product.rows = transposed ? outputs.count : rows
    product.columns = transposed ? rows : outputs.count
    product.stride = count
    product.transposed = transposed
    product.low = -.infinity
    product.high = .infinity
    switch activation {
    case nil: break
    case .relu: product.low = 0
    case .clip(let low, let high): (product.low, product.high) = (low, high)
    case .some(let function):
      product.activates = true
      (product.activation, product.p, product.q) = function.code
    }
    let (a, b) = transposed ? (patches, weights) : (weights, patches)
    let (blocks, panels) = transposed ? (0..<pixelTiles, tiles) : (tiles, 0..<pixelTiles)
    unsafe ck_multiply_packed(
      team.isa, T.kernelType, &product, a.start, b.start, bias?.advanced(group * rows, T.self).start,
      residual?.advanced(place, T.self).start, y.advanced(place, T.self).start, blocks.lowerBound, blocks.upperBound, panels.lowerBound,
      panels.upperBound)
  }
}
