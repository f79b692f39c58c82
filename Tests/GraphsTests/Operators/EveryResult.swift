import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Compares the pullback of each floating-point result of a node, in float64, with central differences of `Σ seed · result` in each
/// element of the operands `wanted`.
///
/// - Parameter results: which of them; all if `nil`.
func expectDifferencesOfEveryResult(
  _ node: TestNode, _ operands: [Tensor?], wanted: [Int], results: [Int]? = nil, step: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let run = try OperatorRun(node, operands, constants: Set(operands.indices).subtracting(wanted))
  let variables = try wanted.map { try #require(run.operands[$0]) }, numbers = results ?? Array(run.results.indices)
  let seeds = try numbers.map { randomTensor(try #require(run.graph.type(of: run.results[$0]).staticShape), seed: 90 + UInt64($0)) }
  let gradients = try zip(numbers, seeds).map { number, seed in
    try run.graph.gradients(of: run.results[number], seed: seed, withRespectTo: variables, for: run.inputs)
  }
  let workspace = Workspace(try Plan(run.graph))
  for (position, index) in wanted.enumerated() {
    let operand = try #require(operands[index])
    #expect(gradients.allSatisfy { $0[position].shape == operand.shape }, sourceLocation: sourceLocation)
    let analytic = gradients.map { $0[position].doubles }
    for place in 0..<operand.shape.count {
      func moved(_ distance: Double) throws -> [Double] {
        var inputs = run.inputs
        var elements = operand.doubles
        elements[place] += distance
        inputs[OperatorRun.inputName(index)] = Tensor(elements, shape: operand.shape)
        let outputs = try workspace.run(inputs)
        return try zip(numbers, seeds).map { innerProduct(try #require(outputs[$0].tensor), $1) }
      }
      let (after, before) = (try moved(step), try moved(-step))
      for (result, number) in numbers.enumerated() {
        let numeric = (after[result] - before[result]) / (2 * step), own = analytic[result][place]
        #expect(
          abs(numeric - own) <= 1e-7 * max(1, abs(own)),
          "result \(number), operand \(index), element \(place): \(own), differences \(numeric)", sourceLocation: sourceLocation)
      }
    }
  }
}
