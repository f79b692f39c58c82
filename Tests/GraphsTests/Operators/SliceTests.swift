import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SliceTests {
  @Test(arguments: try OperatorCase.load("Slice")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Slice", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [
    (1, 4, 1), (0, 5, 2), (4, 0, -1), (-1, .min, -2), (.max, .min, .min + 1), (2, 2, 1), (0, .max, .max), (-1, .min, .min), (3, 4, .max),
  ] as [(Int64, Int64, Int64)])
  func gradientWithSteps(_ slice: (Int64, Int64, Int64)) throws {
    try expectAdjoint(
      try TestNode("Slice"), [0: [3, 5, 2]], constants: [1: indices(slice.0), 2: indices(slice.1), 3: indices(1), 4: indices(slice.2)])
  }

  @Test func gradientOnTwoAxes() throws {
    try expectAdjoint(
      try TestNode("Slice"), [0: [6, 5]], constants: [1: indices(5, 0), 2: indices(.min, .max), 3: indices(0, -1), 4: indices(-2, 3)])
  }

  @Test func refusals() throws {
    let node = try TestNode("Slice")
    expectRefusal("step of 0") { try node.folded([zeros(5), indices(0), indices(1), indices(0), indices(0)]) }
    expectRefusal("do not fit together") { try node.folded([zeros(5, 2), indices(0, 0), indices(1)]) }
    expectRefusal("do not fit together") { try node.folded([zeros(5, 2), indices(0), indices(1), indices(0, 1)]) }
    expectRefusal("axis 2 does not exist") { try node.folded([zeros(5, 2), indices(0), indices(1), indices(2)]) }
    expectRefusal("axis 1 does not exist") { try node.folded([zeros(5), indices(0, 0), indices(1, 1)]) }
    expectRefusal("named twice") { try node.folded([zeros(5), indices(0, 0), indices(1, 1), indices(0, -1)]) }
    expectRefusal("ends are missing") { try node.folded([zeros(5), indices(0)]) }
    expectRefusal("must hold integers") { try node.folded([zeros(5), zeros(1), indices(1)]) }
    expectRefusal("step of 0") { try node.run([zeros(5), indices(0), indices(1), indices(0), indices(0)]) }
  }

  @Test func wholeIsForwardedAndReversedIsNot() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [4, 5]))
    let op = try TestNode("Slice").op
    let start = builder.constant(indices(0)), end = builder.constant(indices(.max)), axis = builder.constant(indices(1))
    #expect(try builder.add(op, x, start, end, axis) == x)
    let last = builder.constant(indices(-1)), before = builder.constant(indices(.min)), back = builder.constant(indices(-1))
    #expect(try builder.add(op, x, last, before, axis, back) != x)
  }
}
