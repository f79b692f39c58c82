import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// Sums of products: matrices, attention, recurrence, transforms.
extension GradientTable {
  static let products: [GradientEntry] = [
    GradientEntry("MatMul") { draw in
      let shapes: [(Shape, Shape)] = [([3], [3]), ([2, 3], [3]), ([3], [2, 3, 2]), ([2, 1, 2, 3], [2, 3, 2]), ([2, 3], [3, 4])]
      let (a, b) = draw.pick(shapes)
      return GradientSample(operands: [draw.tensor(a), draw.tensor(b)])
    },
    GradientEntry("Gemm", gemm),
    GradientEntry("Einsum") { draw in
      let (equation, shapes) = draw.pick([
        ("iij,jk->ik", [[2, 2, 3], [3, 2]]), ("ii->", [[3, 3]]), ("...ii->...i", [[2, 3, 3]]), ("iji->j", [[2, 3, 2]]),
        ("iii,i->i", [[2, 2, 2], [2]]), ("ij,ij->ij", [[2, 3], [1, 3]]), ("b...d,db->...", [[2, 3, 2], [2, 2]]), ("aab,bcc->ca", [[2, 2, 3], [3, 4, 4]]),
      ] as [(String, [Shape])])
      return GradientSample(attributes: ["equation": .string(equation)], operands: shapes.map { draw.tensor($0) })
    },
    GradientEntry("FC", opset: 1) { draw in
      GradientSample(attributes: ["axis": .int(1)], operands: [draw.tensor([2, 3, 2]), draw.tensor([4, 6]), draw.tensor([4])])
    },
    GradientEntry("Det") { draw in GradientSample(operands: [draw.tensor(Shape([2] + draw.pick([[1, 1], [2, 2], [3, 3]])))]) },
    GradientEntry("AffineGrid") { draw in
      GradientSample(
        attributes: ["align_corners": .int(draw.int(0...1))], operands: [draw.tensor([2, 2, 3]), Tensor([2, 1, 3, 4] as [Int64])])
    },
    GradientEntry("DFT", opset: 20) { draw in
      let isInverse = draw.flag(), parts = isInverse ? 2 : draw.int(1...2), isOneSided = !isInverse && parts == 1 && draw.flag()
      return GradientSample(
        attributes: ["inverse": .int(isInverse ? 1 : 0), "onesided": .int(isOneSided ? 1 : 0)],
        operands: [draw.tensor(Shape([2, 5, parts])), draw.flag() ? Tensor(scalar: Int64(draw.int(3...6))) : nil, Tensor(scalar: Int64(1))])
    },
    GradientEntry("STFT") { draw in
      GradientSample(
        attributes: ["onesided": .int(draw.int(0...1))],
        operands: [draw.tensor([2, 8, 1]), Tensor(scalar: Int64(draw.int(1...3))), draw.tensor([4]), Tensor(scalar: Int64(4))])
    },
    GradientEntry("DequantizeLinear") { draw in
      GradientSample(
        attributes: ["axis": .int(1)],
        operands: [
          Tensor((0..<6).map { _ in UInt8(draw.int(0...255)) }, shape: [2, 3]), draw.tensor([3], 0.1...1), Tensor([3, 0, 9] as [UInt8]),
        ])
    },
    GradientEntry("ImageScaler", opset: 1) { draw in
      GradientSample(attributes: ["scale": .float(draw.float()), "bias": .floats([0.5, -1])], operands: [draw.tensor([1, 2, 2, 2])])
    },
    recurrent("RNN", gates: 1), recurrent("GRU", gates: 3), recurrent("LSTM", gates: 4),
    GradientEntry("Attention", opset: 24) { draw in
      // A causal mask puts -∞ into the scores that modes 1 and 2 give.
      let mode = draw.int(0...3), past = draw.flag(), isCausal = draw.flag() && mode % 3 == 0
      return GradientSample(
        attributes: ["qk_matmul_output_mode": .int(mode), "softcap": .float(draw.pick([0, 0.8])), "is_causal": .int(isCausal ? 1 : 0)],
        operands: [
          draw.tensor([2, 4, 3, 2]), draw.tensor([2, 2, 4, 2]), draw.tensor([2, 2, 4, 3]), draw.tensor([3, past ? 6 : 4]),
          past ? draw.tensor([2, 2, 2, 2]) : nil, past ? draw.tensor([2, 2, 2, 3]) : nil,
        ], results: past ? 4 : 1)
    },
    GradientEntry("Attention", opset: 23) { draw in
      GradientSample(
        attributes: ["q_num_heads": .int(4), "kv_num_heads": .int(2), "scale": .float(draw.float())],
        operands: [draw.tensor([2, 3, 8]), draw.tensor([2, 5, 4]), draw.tensor([2, 5, 6])])
    },
    GradientEntry("FlexAttention", domain: "ai.onnx.preview", opset: 1) { draw in
      GradientSample(
        attributes: [
          "scale": .float(draw.float()), "score_mod": try body(inputs: 1, captures: 1, from: 3, [("CastLike", [1, 0]), ("Add", [0, 2]), ("Tanh", [3])], outputs: [4]),
          "prob_mod": try body(inputs: 1, [("Mul", [0, 0])], outputs: [1]),
        ],
        operands: [draw.tensor([1, 4, 2, 3]), draw.tensor([1, 2, 3, 3]), draw.tensor([1, 2, 3, 2]), draw.tensor([2, 3])], places: 3)
    },
    GradientEntry("LinearAttention", opset: 27) { draw in
      let rule = draw.pick(["linear", "gated", "delta", "gated_delta"])
      let gate = rule.hasPrefix("gated") ? draw.tensor(draw.pick([[2, 3, 2], [2, 3, 4]]), -1 ... -0.1) : nil
      return GradientSample(
        attributes: ["q_num_heads": .int(4), "kv_num_heads": .int(2), "update_rule": .string(rule)],
        operands: [
          draw.tensor([2, 3, 8]), draw.tensor([2, 3, 4]), draw.tensor([2, 3, 6]), draw.flag() ? draw.tensor([2, 2, 2, 3]) : nil, gate,
          rule.hasSuffix("delta") ? draw.tensor(draw.pick([[2, 3, 2], [2, 3, 1]]), 0.1...0.9) : nil,
        ], results: 2)
    },
    GradientEntry("CausalConvWithState", opset: 27) { draw in
      GradientSample(
        attributes: ["activation": .string(draw.pick(["none", "silu"]))],
        operands: [
          draw.tensor([2, 3, 4]), draw.tensor([3, 1, 3]), draw.flag() ? draw.tensor([3]) : nil, draw.flag() ? draw.tensor([2, 3, 2]) : nil,
        ], results: 2)
    },
    GradientEntry("RotaryEmbedding", opset: 23) { draw in
      let hasRows = draw.flag(), shape: Shape = hasRows ? [4, 2] : [2, 3, 2]
      return GradientSample(
        attributes: ["interleaved": .int(draw.int(0...1)), "rotary_embedding_dim": .int(4)],
        operands: [draw.tensor([2, 2, 3, 6]), draw.tensor(shape), draw.tensor(shape), hasRows ? draw.indices([2, 3], 0...3) : nil])
    },
    optimizer("Adagrad", states: 1), optimizer("Adam", states: 2), optimizer("Momentum", states: 1),
  ]

  static let gemm: @Sendable (inout Draw) -> GradientSample = { draw in
    let transA = draw.flag(), transB = draw.flag()
    return GradientSample(
      attributes: [
        "alpha": .float(draw.float()), "beta": .float(draw.float()), "transA": .int(transA ? 1 : 0), "transB": .int(transB ? 1 : 0),
      ],
      operands: [draw.tensor(transA ? [3, 2] : [2, 3]), draw.tensor(transB ? [4, 3] : [3, 4]), draw.tensor(draw.part(of: [2, 4]))])
  }

  private static func recurrent(_ name: String, gates: Int) -> GradientEntry {
    GradientEntry(name, opset: 14) { draw in
      let direction = draw.pick(["forward", "reverse", "bidirectional"]), directions = direction == "bidirectional" ? 2 : 1
      let itemsComeFirst = draw.flag()
      func state() -> Tensor? { draw.tensor(itemsComeFirst ? [2, directions, 3] : [directions, 2, 3]) }
      var attributes: [String: AttributeValue] = [
        "hidden_size": .int(3), "direction": .string(direction), "layout": .int(itemsComeFirst ? 1 : 0),
      ]
      if name == "GRU" { attributes["linear_before_reset"] = .int(draw.int(0...1)) }
      if name == "LSTM" { attributes["input_forget"] = .int(draw.int(0...1)) }
      return GradientSample(
        attributes: attributes,
        operands: [
          draw.tensor(itemsComeFirst ? [2, 4, 2] : [4, 2, 2]), draw.tensor([directions, gates * 3, 2]), draw.tensor([directions, gates * 3, 3]),
          draw.tensor([directions, 2 * gates * 3]), draw.flag() ? Tensor([4, 2] as [Int32]) : nil, state(),
        ] + (name == "LSTM" ? [state(), draw.tensor([directions, 9])] : []), results: name == "LSTM" ? 3 : 2)
    }
  }

  private static func optimizer(_ name: String, states: Int) -> GradientEntry {
    GradientEntry(name, domain: "ai.onnx.preview.training", opset: 1) { draw in
      let shape = draw.shape()
      let attributes: [String: AttributeValue] = name == "Momentum"
        ? ["norm_coefficient": .float(0.25), "alpha": .float(0.75), "beta": .float(0.5), "mode": .string(draw.pick(["standard", "nesterov"]))]
        : ["norm_coefficient": .float(0.25)]
      return GradientSample(
        attributes: attributes,
        operands: [draw.tensor([], 0.1...0.2), Tensor(scalar: Int64(draw.int(0...3)))] + (0..<2).map { _ in draw.tensor(shape) }
          + (0..<states).map { _ in draw.tensor(shape, 0.1...1) }, results: states + 1)
    }
  }
}
