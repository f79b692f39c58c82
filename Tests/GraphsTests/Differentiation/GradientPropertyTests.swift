import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Every operator that has a gradient, at random operands in float64: `∇f · d` is the slope of f along a random direction d.
@Suite struct GradientPropertyTests {
  static let entries =
    GradientTable.elements + GradientTable.reductions + GradientTable.movements + GradientTable.products + GradientTable.windows
    + GradientTable.sequences + GradientTable.models + GradientTable.microsoft

  private static func key(_ type: any Operator.Type) -> String {
    "\(type.signature.domain):\(type.signature.name) \(type.signature.since)"
  }

  @Test func nothingIsMissing() {
    let tested = Set(Self.entries.compactMap { $0.type.map(Self.key) })
    let missing = OperatorCatalog.all.filter { $0.signature.gradient == .defined && !tested.contains(Self.key($0)) }
    #expect(missing.isEmpty, "no entry: \(missing.map(Self.key))")
  }

  /// The sets of equal elements, maps, and gradients themselves: their documentation says why.
  @Test func theseHaveNone() {
    let without = OperatorCatalog.all.filter { $0.signature.gradient == .undefined }.map { $0.signature.name }
    #expect(without == ["Gradient", "Unique", "ZipMap"])
  }

  @Test(arguments: entries) func slopes(_ entry: GradientEntry) throws {
    var flows: [Int: Bool] = [:]
    for seed in 0..<8 as Range<UInt64> {
      var draw = Draw(seed: seed)
      let run = try GradientRun(try entry.sample(&draw), of: entry, &draw)
      let gradients = try run.gradients()
      for (index, gradient) in zip(run.wanted, gradients) {
        let share = try expectSlope(of: run, index, gradient.doubles, "draw \(seed)", &draw)
        flows[index] = flows[index] == true || share > 0
      }
    }
    // An operand whose gradient is 0 in all draws is not tested.
    for (index, flows) in flows { #expect(flows, "no gradient of operand \(index)") }
  }

  /// The gradients have the types of the operands, and in float32 nearly the values of those in float64.
  @Test(arguments: entries) func types(_ entry: GradientEntry) throws {
    // The models of ai.onnx.ml take no half types.
    for type in [.float32, .float16, .bfloat16] as [ElementType] where type == .float32 || entry.domain != "ai.onnx.ml" {
      for seed in 0..<3 as Range<UInt64> {
        var draw = Draw(seed: seed), other = Draw(seed: seed)
        let wide = try GradientRun(try entry.sample(&draw), of: entry, &draw)
        let run = try GradientRun(try entry.sample(&other), of: entry, &other, in: type)
        for (index, (gradient, expected)) in zip(run.wanted, zip(try run.gradients(), try wide.gradients())) {
          #expect(gradient.elementType == run.inputs["\(index)"]?.elementType && gradient.shape == expected.shape)
          guard type == .float32 else { continue }
          #expect(isClose(gradient.doubles, expected.doubles, tolerance: 1e-3), "draw \(seed): \(gradient.doubles), not \(expected.doubles)")
        }
      }
    }
  }

  /// Compares the gradient of operand `index` with central differences.
  ///
  /// - Returns: `Σ |∇f · d|`
  private func expectSlope(
    of run: GradientRun, _ index: Int, _ gradient: [Double], _ what: String, _ draw: inout Draw
  ) throws -> Double {
    let x = try #require(run.sample.operands[index]), direction = draw.tensor(x.shape).doubles
    let workspace = Workspace(try Plan(run.graph)), step = run.sample.isSingle ? 0x1p-8 : 0x1p-20
    func score(_ distance: Double) throws -> Double {
      var moved = run.inputs
      moved["\(index)"] = Tensor(zip(x.doubles, direction).map { $0 + distance * $1 }, shape: x.shape).converted(to: x.elementType)
      return try zip(workspace.run(moved), run.seeds).reduce(0) { $0 + innerProduct(try #require($1.0.tensor), $1.1) }
    }
    let numeric = (try score(step) - score(-step)) / (2 * step)
    let products = zip(gradient, direction).map { $0 * $1 }
    let analytic = products.reduce(0, +), scale = products.reduce(0) { $0 + abs($1) }
    let tolerance = run.sample.isSingle ? 2e-4 + 1e-3 * scale : 1e-8 + 1e-6 * scale
    let shapes = run.sample.operands.map { $0?.shape.description ?? "nothing" }
    #expect(
      abs(numeric - analytic) <= tolerance,
      "\(what), operand \(index) of \(shapes), \(run.sample.attributes): \(analytic), differences \(numeric)")
    return scale
  }
}

/// The graph of a sample, and a seed for each of its floating-point results.
private struct GradientRun {
  let sample: GradientSample
  let wanted: [Int]
  let graph: Graph
  let inputs: [String: Tensor]
  let seeds: [Tensor]
  private let variables: [Value]
  private let results: [Value]

  /// - Parameter type: that operands of float64 are converted to.
  init(_ sample: GradientSample, of entry: GradientEntry, _ draw: inout Draw, in type: ElementType = .float64) throws {
    let node = try TestNode(
      entry.name, domain: entry.domain, opset: entry.opset, sample.attributes, operands: sample.places ?? sample.operands.count,
      results: sample.results)
    wanted = sample.wanted ?? sample.operands.indices.filter { sample.operands[$0]?.elementType == .float64 }
    var builder = GraphBuilder(), operands: [Value?] = [], inputs: [String: Tensor] = [:]
    for (index, tensor) in sample.operands.enumerated() {
      guard var tensor else { operands.append(nil); continue }
      if tensor.elementType == .float64 { tensor = tensor.converted(to: type) }
      guard wanted.contains(index) else { operands.append(builder.constant(tensor)); continue }
      operands.append(builder.input("\(index)", ValueType(tensor.elementType, tensor.shape)))
      inputs["\(index)"] = tensor
    }
    let all = try sample.surrounding?(node.op, &builder, operands) ?? builder.add(node.op, operands, results: sample.results)
    let results = all.filter { builder.type(of: $0).tensor?.elementType.isFloatingPoint ?? false }
    let graph = builder.finished(outputs: results.enumerated().map { NamedValue(name: "result \($0)", value: $1) })
    seeds = try results.map { result in
      let type = try #require(graph.type(of: result).tensor)
      return draw.tensor(try #require(type.shape.shape), 0.2...1).converted(to: type.elementType)
    }
    variables = try wanted.map { try #require(operands[$0]) }
    (self.sample, self.graph, self.inputs, self.results) = (sample, graph, inputs, results)
  }

  /// `∂(Σ seed · result)`, over all results, for each operand that is wanted.
  func gradients() throws -> [Tensor] {
    let parts = try zip(results, seeds).map { try graph.gradients(of: $0, seed: $1, withRespectTo: variables, for: inputs) }
    return wanted.indices.map { index in
      let own = parts.map { $0[index] }, sum = own.dropFirst().reduce(own[0].doubles) { zip($0, $1.doubles).map(+) }
      return Tensor(sum, shape: own[0].shape).converted(to: own[0].elementType)
    }
  }
}
