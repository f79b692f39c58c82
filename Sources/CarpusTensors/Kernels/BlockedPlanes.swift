import CCarpusKernels

/// The blocked layout of planes: `[N, C, H, W]` as `[N, ⌈C / 16⌉, H, W, 16]`, so that the 16 channels of a pixel are one vector. The places
/// behind the last channel hold any numbers.
public enum BlockedPlanes {
  /// Channels of a block.
  public static let width = Int(CK_BLOCK)

  /// Blocks that hold so many channels.
  public static func blocks(_ channels: Int) -> Int { (channels + width - 1) / width }

  /// The shape in the blocked layout; `nil` if `shape` is not `[N, C, H, W]` or has no elements.
  public static func shape(_ shape: Shape) -> Shape? {
    guard shape.rank == 4, shape.count > 0 else { return nil }
    return Shape(checking: [shape[0], blocks(shape[1]), shape[2], shape[3], width])
  }
}

extension Convolution {
  /// As the kernels in the blocked layout take it; `nil` unless there are two spatial axes.
  var planes: ck_planes? {
    guard window.input.count == 2 else { return nil }
    let width = BlockedPlanes.width
    return ck_planes(
      input_channels: inputChannels, output_channels: outputChannels, height: window.input[0], width: window.input[1],
      output_height: window.output[0], output_width: window.output[1], kernel_height: window.kernel[0], kernel_width: window.kernel[1],
      stride_height: window.strides[0], stride_width: window.strides[1], dilation_height: window.dilations[0],
      dilation_width: window.dilations[1], pad_top: window.padsBegin[0], pad_left: window.padsBegin[1],
      output_pixel: width, output_row: window.output[1] * width, output_block: window.outputCount * width)
  }
}

extension ck_finish {
  /// Sums times the slope of a function, for results at `y`; without a function as they are.
  ///
  /// - Parameters:
  ///   - at: The numbers at which the slope is taken, one for each result.
  ///   - addend: What is added to the product.
  init(_ slope: UnaryGradient?, at: Source?, addend: Source?, y: Target) {
    self = Optional<UnaryFunction>.none.finish
    guard let slope, let at else { return }
    activates = true
    slopes = true
    (self.slope, p, q) = slope.code
    self.at = y.distance(to: at)
    self.addend = addend.map { y.distance(to: $0) } ?? 0
  }
}

extension UnaryFunction {
  /// Whether it only keeps within bounds, as `relu` and `clip` do.
  package var isBound: Bool { !Optional(self).finish.activates }
}

extension Optional where Wrapped == UnaryFunction {
  /// What the kernels in the blocked layout do at the end: bounds, or a function.
  var finish: ck_finish {
    var finish = ck_finish()
    finish.low = -.infinity
    finish.high = .infinity
    switch self {
    case nil: break
    case .relu: finish.low = 0
    case .clip(let low, let high): (finish.low, finish.high) = (Float(low), Float(high))
    case .some(let function):
      finish.activates = true
      (finish.activation, finish.p, finish.q) = function.code
    }
    return finish
  }
}

extension Source {
  var floats: UnsafePointer<Float>? { unsafe start?.assumingMemoryBound(to: Float.self) }
  func floats(_ offset: Int) -> UnsafePointer<Float>? { unsafe advanced(offset, Float.self).floats }
}

extension Target {
  /// Bytes.
  func distance(to source: Source) -> Int { unsafe Int(bitPattern: source.start) - Int(bitPattern: start) }
  var floats: UnsafeMutablePointer<Float>? { unsafe start?.assumingMemoryBound(to: Float.self) }
  func floats(_ offset: Int) -> UnsafeMutablePointer<Float>? { unsafe advanced(offset, Float.self).floats }
}
