extension Plan {
  /// How many convolutions are calculated by each method: what the roundings of a run depend on, besides the instruction set.
  public var convolutionMethods: [String: Int] {
    var counts: [String: Int] = [:]
    for planned in nodes {
      if let method = planned.node.method { counts[method, default: 0] += 1 }
    }
    return counts
  }
}

extension Node {
  /// How the node is calculated, where there is a choice.
  var method: String? {
    switch `operator` {
    case let conv as BlockedConv: "\(conv.method)"
    case let adjoint as BlockedConvInputAdjoint: "\(adjoint.methods)"
    case is Conv, is FusedConv: "planes"
    default: nil
    }
  }
}
