/// Working memory of the kernels of one run, which grows on demand and is used again by the next kernel. Not `Sendable`: two runs have one
/// each.
public final class Scratch {
  private var blocks: TensorStorage?
  private var weights: TensorStorage?

  public init() {}

  /// Bytes held at present.
  public var byteCount: Int { (blocks?.byteCount ?? 0) + (weights?.byteCount ?? 0) }

  /// Blocks of at least `byteCount` bytes, aligned to 64, for so many workers; their contents are not defined. They are good
  /// until the next call.
  func blocks(workers: Int, byteCount: Int) -> (base: Target, stride: Int) {
    let alignment = TensorStorage.alignment
    // One line more than needed, so that the blocks of two workers do not fall on the same cache sets.
    let stride = (byteCount + alignment - 1) / alignment * alignment + alignment
    return (Self.memory(&blocks, byteCount: stride * workers), stride)
  }

  /// The same for weights that are packed for one call.
  func packedWeights(byteCount: Int) -> Target { Self.memory(&weights, byteCount: byteCount) }

  private static func memory(_ storage: inout TensorStorage?, byteCount: Int) -> Target {
    if let held = storage, held.byteCount >= byteCount { return held.target }
    let larger = TensorStorage(byteCount: byteCount)
    storage = larger
    return larger.target
  }
}
