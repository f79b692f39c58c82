import CCarpusKernels

/// A window that slides over one to three spatial axes: what pooling and convolution have in common.
///
/// Tap k of the window at output o sees input position o · stride - padBegin + k · dilation; outside the input it sees padding.
public struct SlidingWindow: Sendable, Hashable {
  public let input, output, kernel, strides, dilations, padsBegin, padsEnd: [Int]

  /// All arrays have one entry per spatial axis.
  ///
  /// `nil` when there are not one to three axes, when an array has another length, when an extent or pad is negative, when
  /// a kernel extent, stride or dilation is not positive, or when a number is so large that positions might overflow.
  public init?(
    input: [Int], output: [Int], kernel: [Int], strides: [Int], dilations: [Int], padsBegin: [Int], padsEnd: [Int]
  ) {
    let all = [input, output, kernel, strides, dilations, padsBegin, padsEnd]
    guard (1...3).contains(input.count), all.allSatisfy({ $0.count == input.count }) else { return nil }
    guard all.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0 < 1 << 30 } }) else { return nil }
    guard [kernel, strides, dilations].allSatisfy({ $0.allSatisfy { $0 > 0 } }) else { return nil }
    for extents in [input, output, kernel] where Shape(checking: extents) == nil { return nil }
    self.input = input
    self.output = output
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.padsBegin = padsBegin
    self.padsEnd = padsEnd
  }

  var inputCount: Int { input.reduce(1, *) }
  var outputCount: Int { output.reduce(1, *) }
  var taps: Int { kernel.reduce(1, *) }

  /// Every output sees exactly the input at its own position.
  var isPointwise: Bool {
    taps == 1 && strides.allSatisfy { $0 == 1 } && padsBegin.allSatisfy { $0 == 0 } && input == output
  }

  /// Every output sees exactly one input, `strides` from that of its neighbour.
  var isSampling: Bool {
    taps == 1 && padsBegin.allSatisfy { $0 == 0 } && output.indices.allSatisfy { (output[$0] - 1) * strides[$0] < input[$0] }
  }

  var code: ck_window {
    func three(_ values: [Int], _ filler: Int) -> (Int, Int, Int) {
      let padded = [Int](repeating: filler, count: 3 - values.count) + values
      return (padded[0], padded[1], padded[2])
    }
    return ck_window(
      input: three(input, 1), output: three(output, 1), kernel: three(kernel, 1), strides: three(strides, 1),
      dilations: three(dilations, 1), pads_begin: three(padsBegin, 0), pads_end: three(padsEnd, 0))
  }

  /// Bytes of working memory for the depthwise kernels.
  func spareByteCount<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) -> Int {
    unsafe withUnsafePointer(to: code) { unsafe ck_depthwise_spare(team.isa, T.kernelType, $0) }
  }

  /// Elements of one channel's padded planes.
  var paddedCount: Int { unsafe withUnsafePointer(to: code) { unsafe ck_padded_plane($0) } }
}
