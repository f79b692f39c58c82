import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SequenceAtTests {
  @Test(arguments: try OperatorCase.load("SequenceAt"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// Parts of different sizes, known only in the run.
  @Test(arguments: [(0, [1, 2, 3]), (1, [4, 5]), (-1, [4, 5])] as [(Int64, [Float])])
  func parts(_ position: Int64, _ expected: [Float]) throws {
    let (builder, sequence) = try Self.split(3)
    let y = try Self.element(builder, sequence, position)
    #expect(y?.array(of: Float.self) == expected)
  }

  @Test(arguments: [2, -3, .min, .max] as [Int64]) func positionOutOfRange(_ position: Int64) throws {
    let (builder, sequence) = try Self.split(3)
    expectRefusal("none at position \(position)") { try Self.element(builder, sequence, position) }
  }

  @Test func refusals() throws {
    expectRefusal("must be a sequence") { try TestNode("SequenceAt").folded([zeros(2), indices(0)]) }
    let (builder, sequence) = try Self.split(3)
    var other = builder
    let two = other.constant(indices(0, 1))
    expectRefusal("one number") { try other.add(try TestNode("SequenceAt").op, sequence, two) }
  }

  private static func split(_ size: Int64) throws -> (GraphBuilder, Value) {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [5]))
    let sequence = try builder.add(try TestNode("SplitToSequence").op, x, builder.constant(Tensor(scalar: size)))
    return (builder, sequence)
  }

  private static func element(_ builder: GraphBuilder, _ sequence: Value, _ position: Int64) throws -> Tensor? {
    var builder = builder
    let y = try builder.add(try TestNode("SequenceAt").op, sequence, builder.constant(Tensor(scalar: position)))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    return try Workspace(try Plan(graph)).run(["x": Tensor([1, 2, 3, 4, 5] as [Float])])[0].tensor
  }
}
