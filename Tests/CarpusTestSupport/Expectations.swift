import CarpusGraphs
public import CarpusTensors
public import Testing

/// Runs a case with all shapes known and with extents unknown until the run, and compares the results with what they must be.
public func expectResults(_ operatorCase: OperatorCase, sourceLocation: SourceLocation = #_sourceLocation) throws {
  for shapesAreKnown in [true, false] {
    let run = try OperatorRun(operatorCase, shapesAreKnown: shapesAreKnown)
    for (index, (actual, expected)) in zip(try run.evaluated(), operatorCase.results).enumerated() {
      let what = "\(operatorCase.testDescription), result \(index)\(shapesAreKnown ? "" : ", shapes unknown beforehand")"
      switch (actual, expected) {
      case (_, .omitted): break
      case (.tensor(let actual), .tensor(let expected)):
        expectEqual(actual, expected, operatorCase, what, sourceLocation)
      case (.sequence(let elements, _), .sequence(let expected)):
        let actual = elements.compactMap(\.tensor)
        #expect(actual.count == expected.count, "\(what)", sourceLocation: sourceLocation)
        for (a, e) in zip(actual, expected) { expectEqual(a, e, operatorCase, what, sourceLocation) }
      default: Issue.record("\(what): a tensor for a sequence or the other way round", sourceLocation: sourceLocation)
      }
    }
  }
}

private func expectEqual(
  _ actual: Tensor, _ expected: Tensor, _ operatorCase: OperatorCase, _ what: String, _ sourceLocation: SourceLocation
) {
  if let problem = Comparison.disagreement(
    actual: actual, expected: expected, absolute: operatorCase.absoluteTolerance, relative: operatorCase.relativeTolerance)
  {
    Issue.record("\(what): \(problem)", sourceLocation: sourceLocation)
  }
}

/// Compares the pullback of a float64 case with its reference gradients, and with central differences along a random
/// direction: `(f(x + εd) − f(x − εd)) / 2ε = ∇f · d`.
///
/// - Parameter differences: false where the case lies on a kink of the function.
public func expectGradients(
  _ operatorCase: OperatorCase, differences: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let run = try OperatorRun(operatorCase)
  let sources = operatorCase.gradients.indices.filter { operatorCase.gradients[$0] != nil }
  let expected = operatorCase.gradients.compactMap { $0 }
  let variables = try sources.map { try #require(run.operands[$0]) }
  #expect(!sources.isEmpty, sourceLocation: sourceLocation)
  var sums = expected.map { [Double](repeating: 0, count: $0.shape.count) }
  for (result, seed) in zip(run.results, operatorCase.seeds) {
    guard let seed else { continue }
    let gradients = try run.graph.gradients(of: result, seed: seed, withRespectTo: variables, for: run.inputs)
    for (index, gradient) in gradients.enumerated() {
      #expect(gradient.shape == expected[index].shape, sourceLocation: sourceLocation)
      for (place, number) in gradient.doubles.enumerated() { sums[index][place] += number }
    }
  }
  for (index, reference) in expected.enumerated() {
    expectEqual(
      Tensor(sums[index], shape: reference.shape), reference.converted(to: .float64), operatorCase,
      "\(operatorCase.testDescription), gradient of operand \(sources[index])", sourceLocation)
  }
  guard differences else { return }

  let directions = expected.enumerated().map { randomTensor($1.shape, seed: 7 + UInt64($0)).doubles }
  let step = 1e-6
  let workspace = Workspace(try Plan(run.graph))
  func score(_ sign: Double) throws -> Double {
    var inputs = run.inputs
    for (index, source) in sources.enumerated() {
      let name = OperatorRun.inputName(source)
      let x = try #require(inputs[name])
      inputs[name] = Tensor(zip(x.doubles, directions[index]).map { $0 + sign * step * $1 }, shape: x.shape)
    }
    return zip(try workspace.run(inputs), operatorCase.seeds).reduce(0) { sum, pair in
      guard let seed = pair.1, let result = pair.0.tensor else { return sum }
      return sum + innerProduct(result, seed)
    }
  }
  let numeric = (try score(1) - score(-1)) / (2 * step)
  let products = zip(sums.joined(), directions.joined()).map { $0 * $1 }
  let analytic = products.reduce(0, +), scale = products.reduce(1e-3) { $0 + abs($1) }
  #expect(
    abs(numeric - analytic) <= 1e-6 * scale, "\(operatorCase.testDescription): central differences \(numeric), gradient \(analytic)",
    sourceLocation: sourceLocation)
}

/// Compares the pullback of a node with one result, in float64, with the central differences of `Σ seed · result` in each element
/// of the operands `wanted`.
public func expectDifferences(
  _ node: TestNode, _ operands: [Tensor?], wanted: [Int], step: Double = 1e-6, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let run = try OperatorRun(node, operands, constants: Set(operands.indices).subtracting(wanted))
  let seed = randomTensor(try #require(run.graph.type(of: run.results[0]).staticShape), seed: 99)
  let variables = try wanted.map { try #require(run.operands[$0]) }
  let gradients = try run.graph.gradients(of: run.results[0], seed: seed, withRespectTo: variables, for: run.inputs)
  #expect(gradients.count == wanted.count, sourceLocation: sourceLocation)

  let workspace = Workspace(try Plan(run.graph))
  for (index, gradient) in zip(wanted, gradients) {
    let operand = try #require(operands[index])
    #expect(gradient.shape == operand.shape, sourceLocation: sourceLocation)
    for (place, analytic) in gradient.doubles.enumerated() {
      func moved(_ distance: Double) throws -> Double {
        var inputs = run.inputs
        var numbers = operand.doubles
        numbers[place] += distance
        inputs[OperatorRun.inputName(index)] = Tensor(numbers, shape: operand.shape)
        return innerProduct(try #require(try workspace.run(inputs)[0].tensor), seed)
      }
      let numeric = (try moved(step) - moved(-step)) / (2 * step)
      #expect(
        abs(numeric - analytic) <= 1e-7 * max(1, abs(analytic)), "operand \(index), element \(place): \(analytic), differences \(numeric)",
        sourceLocation: sourceLocation)
    }
  }
}

/// Checks the pullback of a linear node: `⟨seed, A·x⟩ = ⟨Aᵀ·seed, x⟩` for random float64 seeds and operands determines `Aᵀ`.
///
/// - Parameters:
///   - shapes: of the operands that are differentiated, by index; they are drawn at random.
///   - constants: the other operands.
public func expectAdjoint(
  _ node: TestNode, _ shapes: [Int: Shape], constants: [Int: Tensor] = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let count = 1 + max(shapes.keys.max() ?? 0, constants.keys.max() ?? 0)
  let operands = (0..<count).map { index in constants[index] ?? shapes[index].map { randomTensor($0, seed: 11 + UInt64(index)) } }
  let run = try OperatorRun(node, operands, constants: Set(constants.keys))
  let sources = shapes.keys.sorted()
  let variables = try sources.map { try #require(run.operands[$0]) }
  for (number, (result, value)) in zip(run.results, try run.evaluated()).enumerated() {
    let y = try #require(value.tensor)
    let seed = randomTensor(y.shape, seed: 101 + UInt64(number))
    let gradients = try run.graph.gradients(of: result, seed: seed, withRespectTo: variables, for: run.inputs)
    let left = innerProduct(seed, y)
    let right = try zip(gradients, sources).reduce(0) { sum, pair in
      let x = try #require(operands[pair.1])
      #expect(pair.0.shape == x.shape, sourceLocation: sourceLocation)
      return sum + innerProduct(pair.0, x)
    }
    #expect(abs(left - right) <= 1e-12 * Double(max(y.shape.count, 16)), "\(left) against \(right)", sourceLocation: sourceLocation)
  }
}
