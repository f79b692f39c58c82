import CarpusTensors

/// An operator that moves pixels into channels or channels into pixels.
protocol BlockRearranging: Viewing {
  /// The version from which on `mode` is an attribute.
  static var modeSince: Int { get }
  var blocks: BlockRearrangement { get }
  init(blocks: BlockRearrangement)

  /// The extents of the result for those of `[N, C, H, W]`.
  func rearranged(_ extents: [Int?]) throws(OperatorError) -> [Int?]
}

extension BlockRearranging {
  public init(_ node: inout NodeReader) throws(OperatorError) {
    self.init(blocks: try BlockRearrangement(&node, modeSince: Self.modeSince))
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    return [try Movement.resultType(x.elementType, try rearranged(BlockRearrangement.extents(x)))]
  }
}

/// What `DepthToSpace` and `SpaceToDepth` have in common: squares of s × s pixels and groups of s · s channels, one the other.
struct BlockRearrangement: Sendable {
  let size: Int
  /// True when the channels of a group are neighbours (mode CRD); otherwise their groups are (mode DCR).
  let isGrouped: Bool

  /// - Parameter modeSince: the version from which on `mode` is an attribute.
  init(_ node: inout NodeReader, modeSince: Int) throws(OperatorError) {
    let size = try node.int(required: "blocksize")
    guard (1..<1 << 20).contains(size) else {
      throw .attribute("attribute blocksize must be positive and below \(1 << 20), not \(size)")
    }
    let mode = node.opset >= modeSince ? try node.string("mode") ?? "DCR" : "DCR"
    guard mode == "DCR" || mode == "CRD" else { throw .attribute("attribute mode must be DCR or CRD, not '\(mode)'") }
    self.size = size
    isGrouped = mode == "CRD"
  }

  /// The extents of `[N, C, H, W]`; `nil` when they are not known.
  static func extents(_ x: TensorType) throws(OperatorError) -> [Int?] {
    let extents = x.shape.extents ?? [nil, nil, nil, nil]
    guard extents.count == 4 else { throw .operands("operand 0 must be [N, C, H, W], not \(x.shape)") }
    return extents
  }

  /// - Throws: when the extent of an axis is no multiple of `divisor`.
  static func quotient(_ extent: Int?, _ divisor: Int, axis: Int) throws(OperatorError) -> Int? {
    guard let extent else { return nil }
    guard extent % divisor == 0 else { throw .operands("axis \(axis) has \(extent) elements, which is no multiple of \(divisor)") }
    return extent / divisor
  }

  /// - Throws: when there is no such number.
  static func product(_ extent: Int?, _ factor: Int) throws(OperatorError) -> Int? {
    guard let extent else { return nil }
    let (product, overflow) = extent.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw .tooLarge("\(factor) times \(extent) elements") }
    return product
  }

  /// Groups of channels become squares of pixels. `C` is the number of channels afterwards, `H` and `W` the extents before.
  func spread(_ x: Tensor, into results: inout Results) {
    let n = x.shape[0], c = results.shape(0)[1], h = x.shape[2], w = x.shape[3]
    isGrouped
      ? copy(x, seenAs: [n, c, size, size, h, w], [0, 1, 4, 2, 5, 3], into: &results)
      : copy(x, seenAs: [n, size, size, c, h, w], [0, 3, 4, 1, 5, 2], into: &results)
  }

  /// Squares of pixels become groups of channels.
  func gather(_ x: Tensor, into results: inout Results) {
    let shape = results.shape(0)
    copy(
      x, seenAs: [x.shape[0], x.shape[1], shape[2], size, shape[3], size], isGrouped ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4],
      into: &results)
  }

  /// Axis i of the result is axis `order[i]` of `x`, which is seen in another shape.
  private func copy(_ x: Tensor, seenAs shape: Shape, _ order: [Int], into results: inout Results) {
    let strides = shape.strides, target = Shape(order.map { shape[$0] }), team = results.team
    var y = results.bytes(0)
    Kernels.copyStrided(
      x.bytes, sourceStrides: order.map { strides[$0] }, into: &y, targetStrides: target.strides, extents: target.extents,
      elementSize: x.elementType.byteCount, team: team)
  }
}
