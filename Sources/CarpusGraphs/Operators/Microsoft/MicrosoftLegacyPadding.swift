import CarpusTensors

extension Microsoft {
  /// `Y` is `X` with as much of `value` around the last two axes as a pooling without padding needs to give what Core ML's pooling with the padding
  /// "include last pixel" gives. Along an axis of extent `n`, with window `k`, stride `s` and padding `p` there are `m = ⌈(n + 2p − k) / s⌉ + 1` windows, one less if
  /// `p > 0` for some axis and `(m − 1) s ≥ n + p`; `p` elements are put before and `(m − 1) s + k − n − p`, if that is positive, behind.
  ///
  /// - Operands: `X`, floating-point `[N, C, H, W]`.
  ///
  /// Source: the converter from Core ML of 2018 writes this node before a pooling; Core ML's format specification, `PoolingLayerParams`.
  struct LegacyPadding: Fused {
    static let signature = Microsoft.signature("LegacyPadding", operands: 1...1)
    private let pads: [Int]
    private let kernel: [Int]
    private let strides: [Int]
    private let value: Float

    init(_ node: inout NodeReader) throws(OperatorError) {
      func pair(_ name: String, _ list: [Int]?, atLeast least: Int) throws(OperatorError) -> [Int] {
        guard let list, list.count == 2, list.allSatisfy({ (least...65_536).contains($0) }) else {
          throw .attribute("attribute \(name) must be two numbers, \(least) or more")
        }
        return list
      }
      pads = try pair("pads", node.ints("pads") ?? [0, 0], atLeast: 0)
      kernel = try pair("kernel_shape", node.ints("kernel_shape"), atLeast: 1)
      strides = try pair("strides", node.ints("strides") ?? [1, 1], atLeast: 1)
      value = try node.float("value") ?? 0
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      let x = try infos.floatingTensor(0)
      if let rank = x.shape.rank, rank != 4 { throw .operands("X must have 4 axes, not \(rank)") }
      guard let height = x.shape[2], let width = x.shape[3] else { return nil }
      var ends: [Int] = []
      for (axis, extent) in [height, width].enumerated() {
        let (k, s, p) = (kernel[axis], strides[axis], pads[axis])
        let span = extent + 2 * p - k
        guard span >= 0 else { throw .operands("a window of \(k) does not fit into \(extent) elements") }
        var windows = (span + s - 1) / s + 1
        if pads != [0, 0], (windows - 1) * s >= extent + p { windows -= 1 }
        ends.append(max(0, (windows - 1) * s + k - extent - p))
      }
      let amounts = [0, 0, pads[0], pads[1], 0, 0, ends[0], ends[1]].map(Int64.init)
      let filling = graph.constant(Tensor(scalar: value).converted(to: x.elementType))
      return [try graph.add(Pad.self, [:], operands[0], graph.constant(Tensor(amounts)), filling)]
    }
  }
}
