import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// Random shapes, numbers and attributes of a test; the same ones for the same seed.
struct Draw {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func float(_ range: ClosedRange<Float> = 0.25...1.5) -> Float { Float.random(in: range, using: &generator) }
  mutating func flag() -> Bool { Bool.random(using: &generator) }

  mutating func pick<T>(_ choices: [T]) -> T { choices[int(0...choices.count - 1)] }

  mutating func shape(_ rank: ClosedRange<Int> = 1...3, _ extents: ClosedRange<Int> = 1...3) -> Shape {
    let rank = int(rank)
    return Shape((0..<rank).map { _ in int(extents) })
  }

  mutating func tensor(_ shape: Shape, _ range: ClosedRange<Double> = -1...1) -> Tensor {
    Tensor((0..<shape.count).map { _ in Double.random(in: range, using: &generator) }, shape: shape)
  }

  /// `n` numbers of `range`.
  mutating func indices(_ shape: Shape, _ range: ClosedRange<Int>) -> Tensor {
    Tensor((0..<shape.count).map { _ in Int64(int(range)) }, shape: shape)
  }

  /// The numbers `0..<count` in any order.
  mutating func permutation(_ count: Int) -> [Int] { (0..<count).shuffled(using: &generator) }

  /// A shape that broadcasts to `shape`: some extents are 1, some leading axes are missing.
  mutating func part(of shape: Shape) -> Shape {
    let missing = int(0...shape.rank)
    return Shape(shape.extents.dropFirst(missing).map { flag() ? $0 : 1 })
  }

  /// Two shapes that broadcast to a third.
  mutating func pair() -> (Shape, Shape) {
    let whole = shape()
    return flag() ? (whole, part(of: whole)) : (part(of: whole), whole)
  }
}

/// A node to be differentiated at random operands.
struct GradientSample {
  var attributes: [String: AttributeValue] = [:]
  var operands: [Tensor?]
  /// The operands to differentiate with respect to; all of float64 if `nil`.
  var wanted: [Int]?
  var results = 1
  /// How many operands are the node's own; the rest is captured by its graphs. All if `nil`.
  var places: Int?
  /// True where results are rounded to float32: then differences are coarse.
  var isSingle = false
  /// Inserts nodes around the one that is tested, made of it and the operands.
  var surrounding: ((any Operator, inout GraphBuilder, [Value?]) throws -> [Value])?
}

/// An operator of the catalogue and how nodes of it are drawn.
struct GradientEntry: Sendable, CustomStringConvertible {
  let name: String
  let domain: String
  let opset: Int
  let sample: @Sendable (inout Draw) throws -> GradientSample

  init(
    _ name: String, domain: String = "", opset: Int = 22, _ sample: @escaping @Sendable (inout Draw) throws -> GradientSample
  ) {
    self.name = name
    self.domain = domain
    self.opset = opset
    self.sample = sample
  }

  var description: String { "\(domain.isEmpty ? "" : domain + ".")\(name) \(opset)" }

  /// The type that is tested.
  var type: (any Operator.Type)? { OperatorCatalog.type(domain: domain, name: name, opset: opset) }
}

/// The nodes inside a node. Slots count inputs, then captured values, then constants, then the result of each node.
///
/// - Parameter first: the operand of the node around it that is captured first.
func body(
  inputs: Int, captures: Int = 0, from first: Int = 0, constants: [Tensor] = [], _ nodes: [(String, [Int])], outputs: [Int]
) throws -> AttributeValue {
  let fixed = inputs + captures
  return .graph(
    UntypedGraph(
      slotCount: fixed + constants.count + nodes.count,
      inputs: (0..<inputs).map { UntypedGraph.Input(name: "\($0)", slot: $0, type: nil) }, captures: Array(inputs..<fixed),
      captureOperands: first..<first + captures, constants: constants.enumerated().map { (fixed + $0, $1) },
      nodes: try nodes.enumerated().map { index, node in
        UntypedGraph.Node(
          operator: try TestNode(node.0, operands: node.1.count).op, operands: node.1, results: [fixed + constants.count + index], name: "")
      },
      outputs: outputs.map { ("\($0)", $0) }, names: []))
}
