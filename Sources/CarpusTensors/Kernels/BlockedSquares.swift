/// The input gradient of a convolution with strides and few input channels, as the three of an image: one convolution with strides of 1 that gives
/// a whole square of pixels as the channels of one, so that the vectors are filled. `Kernels.spreadBlocked` puts them in their places.
public struct BlockedSquares: Sendable {
  /// The one whose input gradient this is.
  public let convolution: Convolution
  /// From the outputs of `convolution` to squares.
  public let squares: Convolution
  /// The first output that the first square sees, along each axis.
  private let first: [Int]

  /// `nil` where that would not be less work than `BlockedInputGradient`, or cannot be.
  public init?(_ convolution: Convolution) {
    let window = convolution.window
    guard window.input.count == 2, convolution.groups == 1, convolution.inputCount > 0, convolution.outputCount > 0, !convolution.isDense,
      window.dilations.allSatisfy({ $0 == 1 }), window.strides.allSatisfy({ $0 <= 64 })
    else { return nil }
    var first: [Int] = [], kernel: [Int] = []
    for axis in 0..<2 {
      // Pixel r of a square sees output (r + pad - k) / stride, counted from its square's, through tap k.
      let stride = window.strides[axis], pad = window.padsBegin[axis]
      var offsets: [Int] = []
      for r in 0..<stride {
        for k in 0..<window.kernel[axis] where (r + pad - k) % stride == 0 { offsets.append((r + pad - k) / stride) }
      }
      let least = min(0, offsets.min() ?? 0)
      first.append(least)
      kernel.append(max(offsets.max() ?? 0, 0) - least + 1)
    }
    let area = window.strides[0] * window.strides[1], channels = convolution.inputChannels * area
    let works = BlockedPlanes.blocks(channels) * kernel[0] * kernel[1] < BlockedPlanes.blocks(convolution.inputChannels) * window.taps
    let output = zip(window.input, window.strides).map { ($0 + $1 - 1) / $1 }
    guard works || !BlockedInputGradient.serves(convolution),
      let own = SlidingWindow(
        input: window.output, output: output, kernel: kernel, strides: [1, 1], dilations: [1, 1], padsBegin: first.map { -$0 },
        padsEnd: (0..<2).map { max(0, output[$0] + kernel[$0] - 1 + first[$0] - window.output[$0]) }),
      let squares = Convolution(batch: convolution.batch, inputChannels: convolution.outputChannels, outputChannels: channels, window: own),
      !BlockedMethod.methods(for: squares, planar: false).isEmpty
    else { return nil }
    self.convolution = convolution
    self.squares = squares
    self.first = first
  }

  /// The weights of `squares`, from those of `convolution`.
  public func weights(_ weights: Span<Float>) -> [Float] {
    let window = convolution.window, outputs = convolution.outputChannels, inputs = convolution.inputChannels
    let strides = window.strides, kernel = squares.window.kernel
    var result: [Float] = []
    result.reserveCapacity(squares.weightCount)
    /// The tap through which place `r` of a square sees output `offset`.
    func tap(_ axis: Int, _ r: Int, _ offset: Int) -> Int? {
      let tap = r + window.padsBegin[axis] - (first[axis] + offset) * strides[axis]
      return (0..<window.kernel[axis]).contains(tap) ? tap : nil
    }
    for row in 0..<strides[0] {
      for column in 0..<strides[1] {
        for input in 0..<inputs {
          for output in 0..<outputs {
            for h in 0..<kernel[0] {
              for w in 0..<kernel[1] {
                if let kh = tap(0, row, h), let kw = tap(1, column, w) {
                  result.append(weights[((output * inputs + input) * window.kernel[0] + kh) * window.kernel[1] + kw])
                } else {
                  result.append(0)
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
