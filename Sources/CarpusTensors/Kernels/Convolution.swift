/// The extents of a convolution.
public struct Convolution: Sendable, Hashable {
  public let batch, groups, inputChannels, outputChannels: Int
  public let window: SlidingWindow

  /// `nil` when the batch is negative, when groups or channels are not positive, or when the groups do not divide both channel counts.
  public init?(batch: Int, groups: Int = 1, inputChannels: Int, outputChannels: Int, window: SlidingWindow) {
    guard batch >= 0, groups > 0, inputChannels > 0, outputChannels > 0 else { return nil }
    guard inputChannels % groups == 0, outputChannels % groups == 0 else { return nil }
    let shapes = [
      [batch, inputChannels] + window.input, [batch, outputChannels] + window.output,
      [outputChannels, inputChannels / groups] + window.kernel, [inputChannels / groups] + window.kernel + window.output,
    ]
    for shape in shapes where Shape(checking: shape) == nil { return nil }
    self.batch = batch
    self.groups = groups
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.window = window
  }

  /// Elements of x (batch × inputChannels × input), of the weights (outputChannels × inputChannels/groups × kernel) and of y
  /// (batch × outputChannels × output).
  public var inputCount: Int { batch * inputChannels * window.inputCount }
  public var weightCount: Int { outputChannels * inputsPerGroup * window.taps }
  public var outputCount: Int { batch * outputChannels * window.outputCount }

  var inputsPerGroup: Int { inputChannels / groups }
  var outputsPerGroup: Int { outputChannels / groups }
  /// Rows of the patch matrix of one group.
  var patchLength: Int { inputsPerGroup * window.taps }
  /// One input channel per group.
  var isDepthwise: Bool { inputsPerGroup == 1 }
}
