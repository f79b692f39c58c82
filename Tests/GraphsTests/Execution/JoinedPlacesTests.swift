import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Values that lie within what they are joined to.
@Suite struct JoinedPlacesTests {
  /// Sums, joints and reshapings in any order: shared memory must not show.
  @Test(arguments: 0..<40) func sharedMemoryDoesNotShow(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var builder = GraphBuilder()
    let length = seed.isMultiple(of: 3) ? 5 : 16
    let x = builder.input("x", ValueType(.float32, [1, length]))
    let start = (0..<length).map { Double($0 + 1) }
    var values: [(value: Value, numbers: [Double])] = [(x, start)]
    for _ in 0..<25 {
      let picked = (0..<Int.random(in: 1...4, using: &generator)).map { _ in values[Int.random(in: 0..<values.count, using: &generator)] }
      let first = picked[0]
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: values.append((try builder.add(Add(), first.value, first.value), first.numbers.map { 2 * $0 }))
      case 1:
        let flat = try builder.add("Flatten", ["axis": .int(0)], [first.value])
        values.append((flat, first.numbers))
      default:
        guard picked.reduce(0, { $0 + $1.numbers.count }) < 2000 else { continue }
        values.append((try builder.add("Concat", ["axis": .int(1)], picked.map(\.value)), picked.flatMap(\.numbers)))
      }
    }
    let asked = values.indices.shuffled(using: &generator).prefix(4)
    let graph = builder.finished(outputs: asked.map { NamedValue(name: "v\($0)", value: values[$0].value) })
    let workspace = Workspace(try Plan(graph))
    for _ in 0..<2 {
      let results = try workspace.run(["x": Tensor(start.map { Float($0) }, shape: [1, length])])
      for (index, result) in zip(asked, results) { #expect(result.tensor?.doubles == values[index].numbers) }
    }
  }

  /// A block of DenseNet: each layer reads all before it. Nothing is held twice.
  @Test(arguments: [false, true]) func allLayersOfADenseBlockLieInItsLastJoint(_ isNested: Bool) throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1, 1024]))
    var layers = [try builder.add("Neg", [:], [x])]
    var joint = layers[0]
    for _ in 0..<10 {
      let part = try builder.add("Slice", ["starts": .ints([0]), "ends": .ints([1024]), "axes": .ints([1])], [joint])
      layers.append(try builder.add("Abs", [:], [part]))
      joint = try builder.add("Concat", ["axis": .int(1)], isNested ? [joint, layers[layers.count - 1]] : layers)
    }
    let plan = try Plan(builder.finished(outputs: [NamedValue(name: "y", value: joint)]))
    #expect(plan.workspaceByteCount <= 12 * 4096)
    let y = try Workspace(plan).run(["x": Tensor((0..<1024).map { Float($0) }, shape: [1, 1024])])
    let input = (0..<1024).map { Double($0) }
    let expected = input.map { -$0 } + [[Double]](repeating: input, count: 10).flatMap(\.self)
    #expect(y[0].tensor?.doubles == expected)
  }
}
