import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// Sequences, optional values, and operators with graphs in them.
extension GradientTable {
  static let sequences: [GradientEntry] = [
    GradientEntry("If") { draw in
      GradientSample(
        attributes: [
          "then_branch": try body(inputs: 0, captures: 2, from: 1, [("Mul", [0, 1])], outputs: [2]),
          "else_branch": try body(inputs: 0, captures: 2, from: 1, [("Sin", [0]), ("Div", [2, 1])], outputs: [3]),
        ],
        operands: [Tensor([draw.flag()], shape: []), draw.tensor([3]), draw.tensor([3], 0.5...1)], places: 1)
    },
    GradientEntry("Loop") { draw in
      // v ← sin v · c; all v are collected.
      let rounds = Tensor(scalar: Int64(draw.int(1...3))), condition = Tensor([true], shape: [])
      return GradientSample(
        attributes: ["body": try body(inputs: 3, captures: 1, from: 3, constants: [condition], [("Sin", [2]), ("Mul", [5, 3])], outputs: [4, 6, 6])],
        operands: [rounds, nil, draw.tensor([2]), draw.tensor([2])], results: 2, places: 3)
    },
    GradientEntry("Scan", opset: 16) { draw in
      // v ← v · c + x
      GradientSample(
        attributes: [
          "body": try body(inputs: 2, captures: 1, from: 2, [("Mul", [0, 2]), ("Add", [3, 1])], outputs: [4, 4]), "num_scan_inputs": .int(1),
          "scan_input_axes": .ints([1]), "scan_input_directions": .ints([draw.int(0...1)]), "scan_output_axes": .ints([1]),
          "scan_output_directions": .ints([draw.int(0...1)]),
        ],
        operands: [draw.tensor([2]), draw.tensor([2, 3]), draw.tensor([2])], results: 2, places: 2)
    },
    GradientEntry("Scan", opset: 8) { draw in
      GradientSample(
        attributes: [
          "body": try body(inputs: 2, captures: 1, from: 3, [("Mul", [0, 2]), ("Add", [3, 1])], outputs: [4, 4]), "num_scan_inputs": .int(1),
          "directions": .ints([draw.int(0...1)]),
        ],
        operands: [draw.flag() ? Tensor([2, 3] as [Int64]) : nil, draw.tensor([2, 2]), draw.tensor([2, 3, 2]), draw.tensor([2])], results: 2, places: 3)
    },
    sequence("SequenceConstruct") { op, graph, operands in
      let sequence = try graph.add(op, operands, results: 1)[0]
      return try [0, 1, -1].map { try element($0, of: sequence, &graph) }
    },
    sequence("SequenceInsert") { op, graph, operands in
      let two = try graph.add("SequenceConstruct", [:], Array(operands.dropLast()))
      let three = try graph.add(op, two, operands[2], graph.constant(Tensor(scalar: Int64(1))))
      return try (0..<3).map { try element($0, of: three, &graph) }
    },
    sequence("SequenceErase") { op, graph, operands in
      let three = try graph.add("SequenceConstruct", [:], operands), two = try graph.add(op, three, graph.constant(Tensor(scalar: Int64(-2))))
      // One operand has no effect; it is added so that each has a gradient.
      return try [element(0, of: two, &graph), element(1, of: two, &graph), graph.add("Neg", [:], [operands[1]])]
    },
    sequence("SequenceAt") { op, graph, operands in
      let three = try graph.add("SequenceConstruct", [:], operands)
      return try [-3, 1, 2].map { try graph.add(op, three, graph.constant(Tensor(scalar: Int64($0)))) }
    },
    sequence("ConcatFromSequence", ["axis": .int(1)]) { op, graph, operands in
      [try graph.add(op, try graph.add("SequenceConstruct", [:], operands))]
    },
    GradientEntry("SequenceMap") { draw in
      GradientSample(
        attributes: ["body": try body(inputs: 2, captures: 1, from: 2, [("Mul", [0, 1]), ("Sub", [3, 2])], outputs: [4])],
        operands: [draw.tensor([2, 2]), draw.tensor([2, 2]), draw.tensor([2, 2])], places: 2
      ) { op, graph, operands in
        let two = try graph.add("SequenceConstruct", [:], [operands[0], operands[1]])
        let mapped = try graph.add(op, two, operands[2], operands[1])
        return [try element(0, of: mapped, &graph), try element(1, of: mapped, &graph)]
      }
    },
    GradientEntry("SplitToSequence") { draw in
      GradientSample(
        attributes: ["axis": .int(1)], operands: [draw.tensor([2, 5]), draw.pick([Tensor([2, 3] as [Int64]), Tensor(scalar: Int64(3))])]
      ) { op, graph, operands in
        let parts = try graph.add(op, operands, results: 1)[0]
        return [try element(0, of: parts, &graph), try element(1, of: parts, &graph)]
      }
    },
    GradientEntry("Optional") { draw in
      GradientSample(operands: [draw.tensor([3])]) { op, graph, operands in
        [try graph.add("OptionalGetElement", [:], [try graph.add(op, operands[0])])]
      }
    },
    GradientEntry("OptionalGetElement") { draw in
      let isOptional = draw.flag()
      return GradientSample(operands: [draw.tensor([3])]) { op, graph, operands in
        [try graph.add(op, isOptional ? try graph.add("Optional", [:], operands) : operands[0])]
      }
    },
  ]

  /// Three tensors.
  private static func sequence(
    _ name: String, _ attributes: [String: AttributeValue] = [:],
    _ surrounding: @escaping @Sendable (any Operator, inout GraphBuilder, [Value?]) throws -> [Value]
  ) -> GradientEntry {
    GradientEntry(name) { draw in
      GradientSample(attributes: attributes, operands: (1...3).map { draw.tensor(Shape([2, $0])) }, surrounding: surrounding)
    }
  }

  private static func element(_ position: Int64, of sequence: Value, _ graph: inout GraphBuilder) throws -> Value {
    try graph.add("SequenceAt", [:], [sequence, graph.constant(Tensor(scalar: position))])
  }
}
