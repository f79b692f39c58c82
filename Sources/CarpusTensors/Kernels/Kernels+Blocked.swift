import CCarpusKernels

extension Kernels {
  /// From `[N, C, H, W]`, with `pixels` = H · W, to the blocked layout.
  ///
  /// - Precondition: the spans have the elements of their layouts.
  public static func toBlocked(
    _ x: Span<Float>, images: Int, channels: Int, pixels: Int, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let blocks = BlockedPlanes.blocks(channels), width = BlockedPlanes.width
    precondition(x.count == images * channels * pixels && y.count == images * blocks * width * pixels)
    let source = Source(x), target = Target(&y)
    forEachPlane(images * blocks, pixels, team) { plane in
      let (image, block) = plane.quotientAndRemainder(dividingBy: blocks)
      unsafe ck_to_blocks(
        team.isa, source.floats(image * channels * pixels), target.floats(image * blocks * width * pixels), channels, pixels, block, block + 1)
    }
  }

  /// From the blocked layout to `[N, C, H, W]`.
  public static func fromBlocked(
    _ x: Span<Float>, images: Int, channels: Int, pixels: Int, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let blocks = BlockedPlanes.blocks(channels), width = BlockedPlanes.width
    precondition(y.count == images * channels * pixels && x.count == images * blocks * width * pixels)
    let source = Source(x), target = Target(&y)
    forEachPlane(images * blocks, pixels, team) { plane in
      let (image, block) = plane.quotientAndRemainder(dividingBy: blocks)
      unsafe ck_from_blocks(
        team.isa, source.floats(image * blocks * width * pixels), target.floats(image * channels * pixels), channels, pixels, block, block + 1)
    }
  }

  /// The largest value in each window in the blocked layout, as `maxPool`.
  ///
  /// - Parameter planes: Images times blocks.
  public static func maxPoolBlocked(
    _ x: Span<Float>, planes: Int, window: SlidingWindow, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    pool(x, planes: planes, window: window, into: &y, team: team) { code, source, target, rows in
      var code = code
      unsafe ck_pool_maximum(team.isa, &code, source.floats, target.floats, rows.lowerBound, rows.upperBound)
    }
  }

  /// The mean over each window in the blocked layout, as `averagePool`.
  ///
  /// - Parameter planes: Images times blocks.
  public static func averagePoolBlocked(
    _ x: Span<Float>, planes: Int, window: SlidingWindow, countingPadding: Bool, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let ends = window.padsEnd
    pool(x, planes: planes, window: window, into: &y, team: team) { code, source, target, rows in
      var code = code
      unsafe ck_pool_mean(
        team.isa, &code, countingPadding, ends[0], ends[1], source.floats, target.floats, rows.lowerBound, rows.upperBound)
    }
  }

  private static func pool(
    _ x: Span<Float>, planes: Int, window: SlidingWindow, into y: inout MutableSpan<Float>, team: ThreadTeam,
    _ body: @Sendable (ck_planes, Source, Target, Range<Int>) -> Void
  ) {
    let width = BlockedPlanes.width
    precondition(x.count == planes * width * window.inputCount && y.count == planes * width * window.outputCount && planes > 0)
    guard let code = Convolution(batch: 1, inputChannels: 1, outputChannels: 1, window: window)?.planes else {
      preconditionFailure("two spatial axes")
    }
    let source = Source(x), target = Target(&y), rows = window.output[0]
    forEachPlane(planes, window.inputCount, team) { plane in
      body(
        code, source.advanced(plane * width * window.inputCount, Float.self), target.advanced(plane * width * window.outputCount, Float.self),
        0..<rows)
    }
  }

  /// The mean of all pixels of each channel in the blocked layout.
  ///
  /// - Parameter planes: Images times blocks.
  public static func globalMeanBlocked(_ x: Span<Float>, planes: Int, pixels: Int, into y: inout MutableSpan<Float>, team: ThreadTeam) {
    let width = BlockedPlanes.width
    precondition(x.count == planes * width * pixels && y.count == planes * width && pixels > 0)
    let source = Source(x), target = Target(&y)
    forEachPlane(planes, pixels, team) { plane in
      unsafe ck_mean_of_pixels(team.isa, source.floats(plane * width * pixels), target.floats(plane * width), pixels)
    }
  }

  /// y = f(x · scale + offset) in the blocked layout, with a scale and an offset for each channel of each image, or of all images alike.
  ///
  /// - Parameters:
  ///   - scale: 16 numbers for each plane, or for each block.
  ///   - offset: the same; 0 where `nil`.
  public static func scaleBlocked(
    _ x: Span<Float>, scale: Span<Float>, offset: Span<Float>? = nil, activation: UnaryFunction? = nil, planes: Int, pixels: Int,
    into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let width = BlockedPlanes.width, vectors = scale.count / width
    precondition(x.count == planes * width * pixels && y.count == x.count && vectors > 0 && scale.count % width == 0 && planes % vectors == 0)
    precondition((offset?.count ?? scale.count) == scale.count)
    let source = Source(x), factors = Source(scale), offsets = Source(offset), target = Target(&y), finish = activation.finish
    forEachPlane(planes, pixels, team) { plane in
      var finish = finish
      let start = plane % vectors * width
      unsafe ck_scale_block(
        team.isa, &finish, source.floats(plane * width * pixels), factors.floats(start), offsets?.floats(start),
        target.floats(plane * width * pixels), pixels)
    }
  }

  /// y = f(a + b) in the blocked layout.
  public static func addBlocked(
    _ a: Span<Float>, _ b: Span<Float>, activation: UnaryFunction? = nil, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    precondition(a.count == b.count && y.count == a.count && y.count % BlockedPlanes.width == 0)
    let first = Source(a), second = Source(b), target = Target(&y), finish = activation.finish
    team.forEachChunk(of: y.count / BlockedPlanes.width, grain: elementGrain / BlockedPlanes.width) { range in
      var finish = finish
      let start = range.lowerBound * BlockedPlanes.width
      unsafe ck_add_blocks(
        team.isa, &finish, first.floats(start), second.floats(start), target.floats(start), range.count * BlockedPlanes.width)
    }
  }

  /// Puts the channels of `x` at channel `first` of `y`, in the blocked layout.
  ///
  /// Parts of one result are placed in the order of their channels.
  public static func placeBlocked(
    _ x: Span<Float>, channels: Int, at first: Int, of total: Int, images: Int, pixels: Int, into y: inout MutableSpan<Float>,
    team: ThreadTeam
  ) {
    let width = BlockedPlanes.width, blocks = BlockedPlanes.blocks(channels), all = BlockedPlanes.blocks(total)
    precondition(x.count == images * blocks * width * pixels && y.count == images * all * width * pixels)
    precondition(channels > 0 && first >= 0 && first + channels <= total)
    let source = Source(x), target = Target(&y)
    team.run(tasks: images) { image, _ in
      unsafe ck_place_channels(
        team.isa, source.floats(image * blocks * width * pixels), target.floats(image * all * width * pixels), channels, first, pixels)
    }
  }

  private static func forEachPlane(_ count: Int, _ pixels: Int, _ team: ThreadTeam, _ body: @Sendable (Int) -> Void) {
    team.forEachChunk(of: count, grain: max(1, elementGrain / max(1, pixels * BlockedPlanes.width))) { range in
      for plane in range { body(plane) }
    }
  }
}
