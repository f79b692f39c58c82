import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// The numbers are those of ONNX Runtime 1.23 in float32 for the same operands, in version 14.
@Suite struct RecurrenceTests {
  private static let gates = ["RNN": 1, "GRU": 3, "LSTM": 4]
  private static let steps = 3, items = 2, inputs = 2, hidden = 2

  /// ((7 i + offset) mod 11 − 5) / 8
  private static func pattern(_ offset: Int, _ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { Double(($0 * 7 + offset) % 11 - 5) / 8 }, shape: shape)
  }

  private static func operands(_ name: String, directions: Int = 1, lengths: [Int32]? = nil, peepholes: Bool = false) throws -> [Tensor?] {
    let rows = try #require(gates[name]) * hidden
    var operands: [Tensor?] = [
      pattern(1, [steps, items, inputs]), pattern(2, [directions, rows, inputs]), pattern(3, [directions, rows, hidden]),
      pattern(4, [directions, 2 * rows]), lengths.map { Tensor($0) }, pattern(5, [directions, items, hidden]),
    ]
    if name == "LSTM" { operands += [pattern(6, [directions, items, hidden]), peepholes ? pattern(7, [directions, 3 * hidden]) : nil] }
    return operands
  }

  private static func node(_ name: String, _ attributes: [String: AttributeValue]) throws -> TestNode {
    try TestNode(name, opset: 14, attributes.merging(["hidden_size": .int(hidden)]) { own, _ in own }, operands: 8, results: name == "LSTM" ? 3 : 2)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let attributes: [String: AttributeValue]
    var directions = 1
    var lengths: [Int32]?
    var peepholes = false
    let results: [[Double]]
    var testDescription: String { "\(name) \(attributes)" }
  }

  static let cases = [
    Case(
      name: "RNN", attributes: ["direction": .string("reverse")], lengths: [3, 2],
      results: [
        [0.3550502, -0.7494738, -0.4751198, -0.319863, -0.5389247, -0.4216328, -0.2153263, -0.6877902, 0.2003766, -0.7340715, 0, 0],
        [0.3550502, -0.7494738, -0.4751198, -0.319863],
      ]),
    Case(
      name: "RNN", attributes: ["clip": .float(0.3)], lengths: [3, 0],
      results: [
        [0.1853333, -0.2913126, 0, 0, -0.2913126, -0.2913126, 0, 0, 0.2913126, -0.2913126, 0, 0], [0.2913126, -0.2913126, 0, 0],
      ]),
    Case(
      name: "GRU", attributes: ["linear_before_reset": .int(1), "clip": .float(0.4)], lengths: [2, 3],
      results: [
        [0.2274708, -0.2758118, 0.3779629, 0.07107023, 0.3187576, -0.03244349, 0.3791519, 0.106253, 0, 0, 0.3796291, 0.1882519],
        [0.3187576, -0.03244349, 0.3796291, 0.1882519],
      ]),
    Case(
      name: "GRU", attributes: ["direction": .string("reverse")], lengths: [1, 3],
      results: [
        [0.5472251, -0.3170372, 0.5571845, 0.181804, 0, 0, 0.6477501, 0.08222198, 0, 0, 0.5288302, 0.04131821],
        [0.5472251, -0.3170372, 0.5571845, 0.181804],
      ]),
    Case(
      name: "LSTM", attributes: ["input_forget": .int(1)], lengths: [2, 3], peepholes: true,
      results: [
        [-0.1593995, -0.0240196, 0.0942288, 0.06983927, -0.2269965, 0.06034959, -0.02207225, 0.1005427, 0, 0, -0.1550025, 0.1650361],
        [-0.2269965, 0.06034959, -0.1550025, 0.1650361], [-0.3949623, 0.1615252, -0.2525134, 0.4361406],
      ]),
    Case(
      name: "LSTM", attributes: ["clip": .float(0.3)], peepholes: true,
      results: [
        [
          -0.04104582, -0.03378054, 0.05088166, 0.05248786, -0.08934174, 0.0346451, -0.04342301, 0.08202306, -0.1384923, 0.08575381,
          -0.0890054, 0.0986448,
        ],
        [-0.1384923, 0.08575381, -0.0890054, 0.0986448], [-0.2553036, 0.1678287, -0.1562003, 0.2360923],
      ]),
    Case(
      name: "RNN", attributes: ["activations": .strings(["HardSigmoid"]), "activation_alpha": .floats([0.3]), "activation_beta": .floats([0.4])],
      results: [
        [
          0.45625, 0.1375, 0.30625, 0.259375, 0.3634375, 0.1766406, 0.4116016, 0.1010547, 0.5605499, 0.05625686, 0.3505777, 0.2165664,
        ],
        [0.5605499, 0.05625686, 0.3505777, 0.2165664],
      ]),
    // The parameters go to the functions that have them, one after another.
    Case(
      name: "LSTM",
      attributes: [
        "direction": .string("bidirectional"), "activations": .strings(["HardSigmoid", "Tanh", "LeakyRelu", "Sigmoid", "Elu", "Affine"]),
        "activation_alpha": .floats([0.3, 0.2, 0.7, 1.5]), "activation_beta": .floats([0.4, 0.25]),
      ], directions: 2,
      results: [
        [
          -0.0211705, -0.009189053, 0.03244813, 0.02268921, 0.2900713, -0.03560682, -0.04654628, -0.3134535, -0.0260437, 0.0001843321,
          -0.0091627, 0.01608767, 0.09006565, 0.02653301, -0.05612152, -0.3076017, -0.04567293, 0.0001446187, -0.02218515, 0.0383519,
          0.4543527, 0.304989, 0.2336097, -0.4042796,
        ],
        [-0.04567293, 0.0001446187, -0.02218515, 0.0383519, 0.2900713, -0.03560682, -0.04654628, -0.3134535],
        [-0.436931, 0.0003622352, -0.1833861, 0.1514782, 0.1127656, -0.204888, -0.2099786, -0.6630807],
      ]),
  ]

  /// In float64, with all shapes known and with extents that come with the run.
  @Test(arguments: cases) func results(_ expected: Case) throws {
    let node = try Self.node(expected.name, expected.attributes)
    let operands = try Self.operands(
      expected.name, directions: expected.directions, lengths: expected.lengths, peepholes: expected.peepholes)
    for isKnown in [true, false] {
      for (result, numbers) in zip(try node.run(operands, extentsAreKnown: isKnown), expected.results) {
        #expect(isClose(try #require(result.tensor).doubles, numbers, tolerance: 1e-6), "\(result)")
      }
    }
  }

  /// `layout` 1 changes the order of the axes and nothing else.
  @Test(arguments: ["RNN", "GRU", "LSTM"]) func layouts(_ name: String) throws {
    func exchanged(_ x: Tensor) throws -> Tensor {
      try TestNode("Transpose", opset: 13, ["perm": .ints(x.shape.rank == 3 ? [1, 0, 2] : [2, 0, 1, 3])]).result(x)
    }
    let direction: [String: AttributeValue] = ["direction": .string("bidirectional")]
    let operands = try Self.operands(name, directions: 2, lengths: [3, 1])
    var others = operands
    for index in [0, 5, 6] where index < operands.count { others[index] = try operands[index].map(exchanged) }
    let a = try Self.node(name, direction).run(operands).compactMap(\.tensor)
    let b = try Self.node(name, direction.merging(["layout": .int(1)]) { $1 }).run(others).compactMap(\.tensor)
    for (x, y) in zip(a, b) {
      let x = try exchanged(x)
      #expect(x.shape == y.shape && isClose(x.doubles, y.doubles))
    }
    let node = try Self.node(name, direction.merging(["layout": .int(1)]) { $1 })
    try expectDifferencesOfEveryResult(node, others, wanted: Self.real(others))
  }

  private static func real(_ operands: [Tensor?]) -> [Int] { operands.indices.filter { operands[$0]?.elementType == .float64 } }

  /// Every result with respect to every operand, through both directions and the ends of items.
  @Test(arguments: [
    ("RNN", [:]), ("RNN", ["clip": .float(0.5)]), ("GRU", [:]), ("GRU", ["linear_before_reset": .int(1)]),
    ("GRU", ["linear_before_reset": .int(1), "clip": .float(0.5)]), ("LSTM", [:]), ("LSTM", ["input_forget": .int(1), "clip": .float(0.6)]),
  ] as [(String, [String: AttributeValue])]) func gradients(_ name: String, _ attributes: [String: AttributeValue]) throws {
    let node = try Self.node(name, attributes.merging(["direction": .string("bidirectional")]) { $1 })
    for lengths in [nil, [2, 0]] as [[Int32]?] {
      var operands = try Self.operands(name, directions: 2, lengths: lengths, peepholes: true)
      // Sums on the bound of a clip have no derivative.
      for index in operands.indices where index != 4 { operands[index] = operands[index].map { randomTensor($0.shape, seed: 40 + UInt64(index)) } }
      try expectDifferencesOfEveryResult(node, operands, wanted: Self.real(operands))
    }
    try expectDifferencesOfEveryResult(node, Array(try Self.operands(name, directions: 2).prefix(3)), wanted: [0, 1, 2])
  }

  /// One step without a state gives f(x); alpha 0.75 and beta 0.25 where the function has them.
  @Test(arguments: [
    ("Affine", [-0.875, -0.05, 0.475, 1.15]), ("Elu", [-0.5826524, -0.24726, 0.3, 1.2]), ("HardSigmoid", [0, 0, 0.475, 1]),
    ("LeakyRelu", [-1.125, -0.3, 0.3, 1.2]), ("Relu", [0, 0, 0.3, 1.2]), ("ScaledTanh", [-0.2687681, -0.07475102, 0.05614471, 0.2184844]),
    ("Sigmoid", [0.1824255, 0.4013123, 0.5744425, 0.7685248]), ("Softplus", [0.2014133, 0.5130153, 0.8543552, 1.463282]),
    ("Softsign", [-0.6, -0.2857143, 0.2307692, 0.5454546]), ("Tanh", [-0.9051483, -0.3799489, 0.2913126, 0.8336546]),
    ("ThresholdedRelu", [0, 0, 0, 1.2]),
  ]) func activations(_ name: String, _ expected: [Double]) throws {
    let node = try TestNode(
      "RNN", opset: 14,
      ["activations": .strings([name]), "activation_alpha": .floats([0.75]), "activation_beta": .floats([0.25])])
    let x = Tensor([-1.5, -0.4, 0.3, 1.2], shape: [1, 4, 1]), w = Tensor([1.0], shape: [1, 1, 1]), r = Tensor([0.5], shape: [1, 1, 1])
    #expect(isClose(try node.result(x, w, r).doubles, expected, tolerance: 1e-6))
    try expectDifferences(node, [x, w, r], wanted: [0, 1])
  }

  @Test func refusals() throws {
    let operands = try Self.operands("LSTM")
    func refused(_ text: String, _ attributes: [String: AttributeValue] = [:], _ changes: [Int: Tensor] = [:]) {
      expectRefusal(text) {
        var changed = operands
        for (index, tensor) in changes { changed[index] = tensor }
        return try Self.node("LSTM", attributes).folded(changed)
      }
    }
    refused("direction must be", ["direction": .string("sideways")])
    refused("layout must be", ["layout": .int(2)])
    refused("clip must be positive", ["clip": .float(-1)])
    refused("must name 3 functions, not 2", ["activations": .strings(["Tanh", "Tanh"])])
    refused("no activation 'Sine'", ["activations": .strings(["Tanh", "Sine", "Tanh"])])
    refused("hidden_size is 5", ["hidden_size": .int(5)])
    refused("W must be 2×8×2", ["direction": .string("bidirectional")])
    refused("W must be 1×8×2", [:], [1: Self.pattern(0, [1, 6, 2])])
    refused("X must have three axes", [:], [0: Self.pattern(0, [3, 2])])
    refused("one element type", [:], [3: Self.pattern(0, [1, 16]).converted(to: .float32)])
    refused("must be 2 numbers from 0 to 3", [:], [4: Tensor([1, 4] as [Int32])])
    refused("sequence_lens must be 2, not 3", [:], [4: Tensor([1, 1, 1] as [Int32])])
    refused("an initial state must be 1×2×2", [:], [6: Self.pattern(0, [1, 2, 3])])
  }
}
