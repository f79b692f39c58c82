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
  ///   - slope: instead of f: g of y = g'(at) · (x · scale + offset).
  ///   - at: as many elements as `y`, with `slope`.
  public static func scaleBlocked(
    _ x: Span<Float>, scale: Span<Float>, offset: Span<Float>? = nil, activation: UnaryFunction? = nil, slope: UnaryGradient? = nil,
    at: Span<Float>? = nil, planes: Int, pixels: Int, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let width = BlockedPlanes.width, vectors = scale.count / width
    precondition(x.count == planes * width * pixels && y.count == x.count && vectors > 0 && scale.count % width == 0 && planes % vectors == 0)
    precondition((offset?.count ?? scale.count) == scale.count)
    let source = Source(x), factors = Source(scale), offsets = Source(offset), target = Target(&y)
    let finish = finish(activation, slope, at, target, count: y.count)
    forEachPlane(planes, pixels, team) { plane in
      var finish = finish
      let start = plane % vectors * width
      unsafe ck_scale_block(
        team.isa, &finish, source.floats(plane * width * pixels), factors.floats(start), offsets?.floats(start),
        target.floats(plane * width * pixels), pixels)
    }
  }

  /// y = f(x) in the blocked layout; with a slope instead of f, y = g'(at) · x.
  public static func mapBlocked(
    _ x: Span<Float>, activation: UnaryFunction? = nil, slope: UnaryGradient? = nil, at: Span<Float>? = nil,
    into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    join(x, x, activation, slope, at, into: &y, team) { finish, a, _, y, count in
      var finish = finish
      unsafe ck_map_blocks(team.isa, &finish, a.floats, y.floats, count)
    }
  }

  /// y = f(a + b) in the blocked layout; with a slope instead of f, y = g'(at) · (a + b).
  public static func addBlocked(
    _ a: Span<Float>, _ b: Span<Float>, activation: UnaryFunction? = nil, slope: UnaryGradient? = nil, at: Span<Float>? = nil,
    into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    join(a, b, activation, slope, at, into: &y, team) { finish, a, b, y, count in
      var finish = finish
      unsafe ck_add_blocks(team.isa, &finish, a.floats, b.floats, y.floats, count)
    }
  }

  /// y = a · b in the blocked layout.
  public static func multiplyBlocked(_ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, team: ThreadTeam) {
    join(a, b, nil, nil, nil, into: &y, team) { finish, a, b, y, count in
      var finish = finish
      unsafe ck_multiply_blocks(team.isa, &finish, a.floats, b.floats, y.floats, count)
    }
  }

  private static func join(
    _ a: Span<Float>, _ b: Span<Float>, _ activation: UnaryFunction?, _ slope: UnaryGradient?, _ at: Span<Float>?,
    into y: inout MutableSpan<Float>, _ team: ThreadTeam, _ body: @Sendable (ck_finish, Source, Source, Target, Int) -> Void
  ) {
    let width = BlockedPlanes.width
    precondition(a.count == b.count && y.count == a.count && y.count % width == 0)
    let first = Source(a), second = Source(b), target = Target(&y), finish = finish(activation, slope, at, target, count: y.count)
    team.forEachChunk(of: y.count / width, grain: elementGrain / width) { range in
      let start = range.lowerBound * width
      body(
        finish, first.advanced(start, Float.self), second.advanced(start, Float.self), target.advanced(start, Float.self), range.count * width)
    }
  }

  private static func finish(
    _ activation: UnaryFunction?, _ slope: UnaryGradient?, _ at: Span<Float>?, _ y: Target, count: Int
  ) -> ck_finish {
    precondition((slope == nil) == (at == nil) && (at?.count ?? count) == count && (activation == nil || slope == nil))
    return slope == nil ? activation.finish : ck_finish(slope, at: Source(at), addend: nil, y: y)
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

  /// Takes channels first… of `x`, of `total` channels, in the blocked layout.
  public static func takeBlocked(
    _ x: Span<Float>, channels: Int, at first: Int, of total: Int, images: Int, pixels: Int, into y: inout MutableSpan<Float>,
    team: ThreadTeam
  ) {
    let width = BlockedPlanes.width, blocks = BlockedPlanes.blocks(channels), all = BlockedPlanes.blocks(total)
    precondition(y.count == images * blocks * width * pixels && x.count == images * all * width * pixels)
    precondition(channels > 0 && first >= 0 && first + channels <= total)
    let source = Source(x), target = Target(&y)
    team.run(tasks: images) { image, _ in
      unsafe ck_take_channels(
        team.isa, source.floats(image * all * width * pixels), target.floats(image * blocks * width * pixels), channels, first, pixels)
    }
  }

  /// Σ a · b over the pixels of each channel in the blocked layout.
  ///
  /// - Parameter planes: Images times blocks.
  public static func sumOfProductsBlocked(
    _ a: Span<Float>, _ b: Span<Float>, planes: Int, pixels: Int, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let width = BlockedPlanes.width
    precondition(a.count == planes * width * pixels && b.count == a.count && y.count == planes * width && pixels > 0)
    let first = Source(a), second = Source(b), target = Target(&y)
    forEachPlane(planes, pixels, team) { plane in
      let start = plane * width * pixels
      unsafe ck_product_of_pixels(team.isa, first.floats(start), second.floats(start), target.floats(plane * width), pixels)
    }
  }

  /// From `[N, strides × C, …]` in the blocked layout, the strides being those of `convolution`, to `[N, C, H, W]`, C, H and W being those of its
  /// input: channel `(row · columns + column) · C + c` of a pixel holds the pixel of channel c that lies so many rows and columns into its square.
  ///
  /// - Parameter rows: Of pixels of `x`, one for each square.
  public static func spreadBlocked(
    _ x: Span<Float>, _ convolution: Convolution, rows: Int, columns: Int, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let width = BlockedPlanes.width, window = convolution.window
    let lanes = BlockedPlanes.blocks(convolution.inputChannels * window.strides.reduce(1, *)) * width, image = lanes * rows * columns
    precondition(window.input.count == 2 && rows * window.strides[0] >= window.input[0] && columns * window.strides[1] >= window.input[1])
    precondition(x.count == convolution.batch * image && y.count == convolution.inputCount)
    guard var code = convolution.planes else { preconditionFailure("two spatial axes") }
    (code.output_pixel, code.output_row, code.output_block) = (width, columns * width, rows * columns * width)
    let source = Source(x), target = Target(&y), planes = code, own = convolution.inputChannels * window.inputCount
    team.run(tasks: convolution.batch) { index, _ in
      var planes = planes
      unsafe ck_spread_channels(team.isa, &planes, source.floats(index * image), target.floats(index * own))
    }
  }

  static func forEachPlane(_ count: Int, _ pixels: Int, _ team: ThreadTeam, _ body: @Sendable (Int) -> Void) {
    team.forEachChunk(of: count, grain: max(1, elementGrain / max(1, pixels * BlockedPlanes.width))) { range in
      for plane in range { body(plane) }
    }
  }
}
