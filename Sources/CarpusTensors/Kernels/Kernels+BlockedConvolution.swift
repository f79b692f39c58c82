import CCarpusKernels

extension Kernels {
  /// y = f(w ∗ x + bias + residual) in the blocked layout.
  ///
  /// - Parameters:
  ///   - x: in the blocked layout; in the planar one for the method `planarRows`.
  ///   - residual: as many elements as `y`.
  /// - Precondition: the weights were prepared for the team's instruction set, and the spans have the elements of the layouts.
  public static func convolution(
    _ x: Span<Float>, blocked: BlockedConvolution, residual: Span<Float>? = nil, activation: UnaryFunction? = nil,
    into y: inout MutableSpan<Float>, scratch: Scratch, team: ThreadTeam
  ) {
    precondition(blocked.instructionSet == team.instructionSet && x.count == blocked.inputCount && y.count == blocked.outputCount)
    precondition((residual?.count ?? y.count) == y.count)
    guard let planes = blocked.convolution.planes else { preconditionFailure("two spatial axes") }
    BlockedWork(
      blocked: blocked, planes: planes, finish: activation.finish, x: Source(x), residual: Source(residual), y: Target(&y), team: team
    ).run(scratch)
  }
}

extension Kernels {
  /// y = f(w ∗ before(scale · x + offset) + bias) in the blocked layout, for the method `pixels`.
  ///
  /// - Parameters:
  ///   - scale, offset: A number for each input channel, filled up to whole blocks.
  ///   - before: `nil`, or a function that only keeps within bounds: `relu`, `clip`.
  /// - Precondition: as of the other convolution; the method is `pixels`.
  public static func convolution(
    scaled x: Span<Float>, scale: Span<Float>, offset: Span<Float>, before: UnaryFunction?, blocked: BlockedConvolution,
    activation: UnaryFunction? = nil, into y: inout MutableSpan<Float>, scratch: Scratch, team: ThreadTeam
  ) {
    precondition(blocked.instructionSet == team.instructionSet && x.count == blocked.inputCount && y.count == blocked.outputCount)
    precondition(blocked.method == .pixels && !before.finish.activates && scale.count == offset.count)
    precondition(scale.count == BlockedPlanes.blocks(blocked.convolution.inputChannels) * BlockedPlanes.width)
    guard let planes = blocked.convolution.planes else { preconditionFailure("two spatial axes") }
    let work = BlockedWork(
      blocked: blocked, planes: planes, finish: activation.finish, x: Source(x), residual: nil, y: Target(&y), team: team)
    work.runPixels(InputScaling(scale: Source(scale), offset: Source(offset), finish: before.finish), scratch)
  }
}

/// What becomes of the input of a convolution before.
@safe private struct InputScaling: @unchecked Sendable {
  let scale, offset: Source
  let finish: ck_finish
}

/// One call of a convolution in the blocked layout.
@safe struct BlockedWork: @unchecked Sendable {
  let blocked: BlockedConvolution
  let planes: ck_planes
  let finish: ck_finish
  let x: Source
  let residual: Source?
  let y: Target
  let team: ThreadTeam
  /// By how many bytes more than the result's images those of the addend lie apart; only for the method `pixels`.
  var addendStep = 0

  private var convolution: Convolution { blocked.convolution }
  private var weights: Source { blocked.storage.target.source }
  private var bias: Source? { blocked.bias?.target.source }
  private var inputBlocks: Int { BlockedPlanes.blocks(convolution.inputChannels) }
  private var outputBlocks: Int { BlockedPlanes.blocks(convolution.outputChannels) }
  private var outputImage: Int { outputBlocks * planes.output_block }
  private var inputImage: Int { blocked.inputCount / convolution.batch }
  private var groups: Int { (convolution.outputChannels + ck_group_channels(team.isa) - 1) / ck_group_channels(team.isa) }

  func run(_ scratch: Scratch) {
    switch blocked.method {
    case .pixels: runPixels(nil, scratch)
    case .rows, .planarRows: runRows(scratch)
    case .channels: runChannels(scratch)
    case .groups: runGroups(scratch)
    case .winograd(let m): runWinograd(m, scratch)
    }
  }

  /// How many parts a dimension is cut into for the threads, if others already make `tasks` tasks.
  private func parts(_ count: Int, tasks: Int) -> Int {
    team.count == 1 ? 1 : max(1, min(count, (4 * team.count + tasks - 1) / tasks))
  }

  /// Whether threads share a layer by its outputs' channels, each reading its own weights and all of the input: what is larger is shared.
  private var sharesGroups: Bool {
    convolution.weightCount > inputBlocks * BlockedPlanes.width * convolution.window.inputCount && groups >= team.count
  }

  /// Threads that share the channels each gather all inputs.
  fileprivate func runPixels(_ scaling: InputScaling?, _ scratch: Scratch) {
    let pixels = convolution.window.outputCount, groups = groups
    let pixelParts = sharesGroups ? 1 : parts((pixels + 27) / 28, tasks: convolution.batch)
    let gathers = scaling != nil || !convolution.window.isPointwise
    let groupParts = gathers && sharesGroups ? team.count : parts(groups, tasks: convolution.batch * pixelParts)
    let steps = unsafe withUnsafePointer(to: planes) { unsafe ck_step_count($0, false) } * 8
    let spare = gathers ? unsafe withUnsafePointer(to: planes) { unsafe ck_gathered_floats($0, pixels) } * 4 : 0
    let memory = scratch.blocks(workers: team.count, byteCount: spare + steps)
    team.run(tasks: convolution.batch * groupParts * pixelParts) { task, worker in
      var planes = planes, finish = finish
      let part = task % groupParts, slice = task / groupParts % pixelParts, image = task / groupParts / pixelParts
      let source = x.advanced(image * inputImage, Float.self), target = y.advanced(image * outputImage, Float.self)
      let first = pixels * slice / pixelParts, last = pixels * (slice + 1) / pixelParts
      let from = groups * part / groupParts, to = groups * (part + 1) / groupParts
      let place = memory.base.advanced(bytes: worker * memory.stride)
      let offsets = unsafe place.advanced(bytes: spare).start?.assumingMemoryBound(to: Int.self)
      finish.addend += image * addendStep
      if gathers {
        var before = scaling?.finish ?? finish
        unsafe ck_convolve_gathered_pixels(
          team.isa, &planes, &before, scaling?.scale.floats, scaling?.offset.floats, &finish, source.floats, weights.floats, bias?.floats,
          residual?.floats(image * outputImage), target.floats, first, last, from, to, place.floats, offsets)
      } else {
        unsafe ck_convolve_pixels(
          team.isa, &planes, &finish, source.floats, weights.floats, bias?.floats, residual?.floats(image * outputImage), target.floats, first,
          last, from, to, offsets)
      }
    }
  }

  private func runRows(_ scratch: Scratch) {
    let planar = blocked.method == .planarRows, rows = convolution.window.output[0], groups = groups
    func bandBytes(_ rows: Int) -> Int { unsafe withUnsafePointer(to: planes) { unsafe ck_band_floats($0, planar, rows) } * 4 }
    // The padded input of a band stays in the second cache while the groups change.
    var height = min(rows, max(1, (1 << 16) / (convolution.window.output[1] * BlockedPlanes.width)))
    while height > 1, bandBytes(height) > 1 << 20 { height = (height + 1) / 2 }
    let sharesGroups = sharesGroups
    if team.count > 1, !sharesGroups { height = min(height, max(1, (rows + 2 * team.count - 1) / (2 * team.count))) }
    let bands = (rows + height - 1) / height
    // Each part pads the band for itself.
    let groupParts = sharesGroups ? team.count : parts(groups, tasks: convolution.batch * bands)
    let steps = unsafe withUnsafePointer(to: planes) { unsafe ck_step_count($0, planar) }
    let band = (bandBytes(height) + 127) / 64 * 64
    let memory = scratch.blocks(workers: team.count, byteCount: band + steps * 8)
    team.run(tasks: convolution.batch * bands * groupParts) { task, worker in
      var planes = planes, finish = finish
      let part = task % groupParts, slice = task / groupParts % bands, image = task / groupParts / bands
      let first = rows * slice / bands, last = rows * (slice + 1) / bands
      let from = groups * part / groupParts, to = groups * (part + 1) / groupParts
      let source = x.advanced(image * inputImage, Float.self), target = y.advanced(image * outputImage, Float.self)
      let other = residual?.advanced(image * outputImage, Float.self)
      let spare = memory.base.advanced(bytes: worker * memory.stride)
      let offsets = unsafe spare.advanced(bytes: band).start?.assumingMemoryBound(to: Int.self)
      if planar {
        unsafe ck_convolve_planar_rows(
          team.isa, &planes, &finish, source.floats, weights.floats, bias?.floats, other?.floats, target.floats, first, last, from, to,
          spare.floats, offsets)
      } else {
        unsafe ck_convolve_rows(
          team.isa, &planes, &finish, source.floats, weights.floats, bias?.floats, other?.floats, target.floats, first, last, from, to,
          spare.floats, offsets)
      }
    }
  }

  private func runGroups(_ scratch: Scratch) {
    guard let unit = convolution.unit else { preconditionFailure("no units of whole groups") }
    let rows = convolution.window.output[0], units = convolution.outputChannels / unit
    var own = planes
    (own.input_channels, own.output_channels) = (unit, unit)
    let fixed = own
    func bandBytes(_ rows: Int) -> Int { unsafe withUnsafePointer(to: fixed) { unsafe ck_band_floats($0, false, rows) } * 4 }
    var height = rows
    while height > 1, bandBytes(height) > 1 << 18 { height = (height + 1) / 2 }
    let bands = max((rows + height - 1) / height, parts(rows, tasks: convolution.batch * units))
    let band = (bandBytes((rows + bands - 1) / bands) + 127) / 64 * 64
    let steps = unsafe withUnsafePointer(to: fixed) { unsafe ck_step_count($0, false) } * 8
    let packed = unsafe withUnsafePointer(to: fixed) { unsafe ck_packed_floats(team.isa, $0, false, 0) }
    let memory = scratch.blocks(workers: team.count, byteCount: band + steps)
    let groups = (unit + ck_group_channels(team.isa) - 1) / ck_group_channels(team.isa)
    team.run(tasks: convolution.batch * units * bands) { task, worker in
      var planes = fixed, finish = finish
      let slice = task % bands, index = task / bands, place = index * unit * convolution.window.outputCount
      let spare = memory.base.advanced(bytes: worker * memory.stride)
      unsafe ck_convolve_rows(
        team.isa, &planes, &finish, x.floats(index * unit * convolution.window.inputCount), weights.floats(index % units * packed),
        bias?.floats(index % units * unit), residual?.floats(place), y.floats(place), rows * slice / bands, rows * (slice + 1) / bands, 0,
        groups, spare.floats, spare.advanced(bytes: band).start?.assumingMemoryBound(to: Int.self))
    }
  }

  private func runChannels(_ scratch: Scratch) {
    let rows = convolution.window.output[0], width = BlockedPlanes.width, blocks = outputBlocks
    func bandBytes(_ rows: Int) -> Int {
      var one = planes
      one.input_channels = 1
      return unsafe ck_band_floats(&one, false, rows) * 4
    }
    // The padded input of a band stays in the first cache.
    var height = rows
    while height > 1, bandBytes(height) > 24 << 10 { height = (height + 1) / 2 }
    let bands = (rows + height - 1) / height, tasks = convolution.batch * blocks * bands
    let grain = max(1, min(tasks, Kernels.elementGrain / max(1, height * convolution.window.output[1] * width)))
    let memory = scratch.blocks(workers: team.count, byteCount: bandBytes(height) + 64)
    team.run(tasks: (tasks + grain - 1) / grain) { chunk, worker in
      var planes = planes, finish = finish
      for task in chunk * grain..<min(tasks, (chunk + 1) * grain) {
        let slice = task % bands, block = task / bands % blocks, plane = task / bands
        unsafe ck_convolve_channels(
          team.isa, &planes, &finish, x.floats(plane * width * convolution.window.inputCount),
          weights.floats(block * width * convolution.window.taps), bias?.floats(block * width),
          residual?.floats(plane * planes.output_block), y.floats(plane * planes.output_block),
          rows * slice / bands, rows * (slice + 1) / bands, memory.base.advanced(bytes: worker * memory.stride).floats)
      }
    }
  }

  private func runWinograd(_ m: Int, _ scratch: Scratch) {
    var patches = ck_patches()
    patches.m = m
    let patch = convolution.window.kernel.map { $0 == 1 ? 1 : m }
    patches.rows = (convolution.window.output[0] + patch[0] - 1) / patch[0]
    patches.columns = (convolution.window.output[1] + patch[1] - 1) / patch[1]
    let total = convolution.batch * patches.rows * patches.columns, width = BlockedPlanes.width
    let count = unsafe withUnsafePointer(to: planes) { unsafe ck_frequency_count($0, m) }
    let chunks = (total + 55) / 56
    patches.capacity = (total + chunks - 1) / chunks
    // Five lines more, so that frequencies do not fall on the same cache sets.
    patches.input_stride = (inputBlocks * patches.capacity + 5) * width
    patches.output_stride = (outputBlocks * patches.capacity + 5) * width
    let inputs = count * patches.input_stride, outputs = count * patches.output_stride, frequencies = count * groups
    let apart = chunks >= 2 * team.count, workers = apart ? team.count : 1
    let byteCount = (inputs + outputs) * 4
    let memory = scratch.blocks(workers: workers, byteCount: byteCount + team.count * inputBlocks * 8)
    let size = patches.capacity, fixed = patches
    /// Patches start… of the blocks and parts that are given.
    @Sendable func step(_ index: Int, _ start: Int, _ range: Range<Int>, at place: Target, offsets: Target) {
      var planes = planes, finish = finish, patches = fixed
      let count = min(size, total - start)
      switch index {
      case 0:
        unsafe ck_transform_patches(
          team.isa, &planes, &patches, x.floats, place.floats, start, 0, count, range.lowerBound, range.upperBound)
      case 1:
        unsafe ck_multiply_frequencies(
          team.isa, &planes, &patches, place.source.floats, weights.floats, place.floats(inputs), count, range.lowerBound, range.upperBound,
          offsets.start?.assumingMemoryBound(to: Int.self))
      default:
        unsafe ck_finish_patches(
          team.isa, &planes, &patches, &finish, place.source.floats(inputs), bias?.floats, residual?.floats, y.floats, start, 0, count,
          range.lowerBound, range.upperBound)
      }
    }
    let counts = [inputBlocks, frequencies, outputBlocks]
    if apart {
      team.run(tasks: chunks) { chunk, worker in
        let place = memory.base.advanced(bytes: worker * memory.stride)
        for index in 0..<3 {
          step(index, chunk * size, 0..<counts[index], at: place, offsets: place.advanced(bytes: byteCount))
        }
      }
    } else {
      for chunk in 0..<chunks {
        for index in 0..<3 {
          let count = counts[index], parts = min(count, team.count == 1 ? 1 : 4 * team.count)
          team.run(tasks: parts) { part, worker in
            step(
              index, chunk * size, count * part / parts..<count * (part + 1) / parts, at: memory.base,
              offsets: memory.base.advanced(bytes: byteCount + worker * inputBlocks * 8))
          }
        }
      }
    }
  }
}
