import CarpusTensors

extension Microsoft {
  /// `Y = alpha · aScale · bScale · ((A' − aZero) · (B' − bZero) + C)`, summed in int32; with `yScale` it is quantised again. `A'` and `B'` are
  /// `A` and `B`, transposed where `transA` or `transB` says so.
  ///
  /// - Operands: `A`, `aScale`, `aZero`, `B`, `bScale`, `bZero`; optionally `C`, int32, of scale `alpha · aScale · bScale`, broadcast; `yScale`; `yZero`.
  ///   The parameters of B are one number or one for each column of `B'`.
  struct QGemm: Fused {
    static let signature = Microsoft.signature("QGemm", operands: 6...9, gradient: .stops)
    private let alpha: Float
    private let transposes: (a: Bool, b: Bool)

    init(_ node: inout NodeReader) throws(OperatorError) {
      alpha = try node.float("alpha") ?? 1
      transposes = (try node.flag("transA", default: false), try node.flag("transB", default: false))
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      for index in [0, 3] {
        guard let rank = try infos.tensor(index).shape.rank else { return nil }
        guard rank == 2 else { throw .operands("operand \(index) must be a matrix, not a tensor of rank \(rank)") }
      }
      guard let a = operands[0], let b = operands[3], let aScale = operands[1], let bScale = operands[4] else { throw .operands("an operand is missing") }
      let left = transposes.a ? try graph.add(Transpose([1, 0]), a) : a
      let right = transposes.b ? try graph.add(Transpose([1, 0]), b) : b
      var sums = try graph.add(MatMulInteger(), left, right, operands[2], operands[5])
      if infos.isPresent(6), let c = operands[6] { sums = try graph.sum(sums, c) }
      let scales = try graph.product(aScale, bScale)
      let scale = try graph.product(scales, graph.scalar(Double(alpha), like: scales))
      let numbers = try graph.product(graph.add(Cast(to: try infos.floatingTensor(1).elementType), sums), scale)
      guard infos.isPresent(7) else { return [numbers] }
      return [try graph.add(CarpusGraphs.QuantizeLinear.self, [:], numbers, operands[7], infos.isPresent(8) ? operands[8] : nil)]
    }
  }
}
