import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ClassLossTests {
  private static let weights = Tensor([0.5, 2, 0.25])

  /// Every reduction, with and without weights and places that are ignored (classes inside and outside of 0…C − 1).
  @Test(arguments: ["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"], ["none", "mean", "sum"])
  func gradients(_ name: String, _ reduction: String) throws {
    let attributes: [String: AttributeValue] = ["reduction": .string(reduction)]
    let results = name == "SoftmaxCrossEntropyLoss" ? 2 : 1
    for (ignored, labels) in [(nil, [0, 2, 1, 1]), (1, [0, 2, 1, 1]), (-7, [0, -7, 2, 0])] as [(Int?, [Int64])] {
      let own = ignored.map { attributes.merging(["ignore_index": .int($0)]) { $1 } } ?? attributes
      let node = try TestNode(name, opset: 13, own, results: results)
      for (x, classes) in [([4, 3], [4]), ([2, 3, 2], [2, 2]), ([1, 3, 2, 2], [1, 2, 2])] as [(Shape, Shape)] {
        let operands = [randomTensor(x, seed: 1), Tensor(labels, shape: classes)]
        try expectDifferencesOfEveryResult(node, operands, wanted: [0])
        try expectDifferencesOfEveryResult(node, operands + [Self.weights], wanted: [0, 2], results: [0])
      }
    }
  }

  /// Both results of a loss at once: the seeds add up.
  @Test func bothResults() throws {
    let node = try TestNode("SoftmaxCrossEntropyLoss", opset: 13, results: 2), x = randomTensor([2, 3], seed: 1)
    let run = try OperatorRun(node, [x, Tensor([2, 0] as [Int32])], constants: [1])
    var builder = GraphBuilder(continuing: run.graph)
    let total = try builder.add(Add(), try builder.add("ReduceSum", ["keepdims": .int(0)], [run.results[1]]), run.results[0])
    let graph = builder.finished(outputs: [NamedValue(name: "total", value: total)])
    let variables = run.operands.prefix(1).compactMap { $0 }
    let gradient = try graph.gradients(of: total, seed: Tensor(scalar: 1.0), withRespectTo: variables, for: run.inputs)[0].doubles
    // ∂ of Σ log p is 1 − C p, that of the mean loss (p − [the class]) / N.
    let p = try TestNode("Softmax", opset: 13, ["axis": .int(1)]).result(x).doubles
    #expect(isClose(gradient, p.enumerated().map { 1 - 3 * $1 + ($1 - ([2, 3].contains($0) ? 1 : 0)) / 2 }))
  }

  /// As in PyTorch: a mean over no place is NaN, the sum 0.
  @Test func nothingCounts() throws {
    let x = randomTensor([2, 3], seed: 1), labels = Tensor([-1, -1] as [Int64])
    for (reduction, expected) in [("sum", 0.0), ("mean", .nan)] {
      let node = try TestNode("NegativeLogLikelihoodLoss", opset: 13, ["reduction": .string(reduction), "ignore_index": .int(-1)])
      let loss = try node.result(x, labels).doubles[0]
      #expect(loss == expected || (loss.isNaN && expected.isNaN))
    }
  }

  @Test(arguments: ["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]) func refusals(_ name: String) throws {
    let x = randomTensor([2, 3], seed: 1), labels = Tensor([0, 1] as [Int64])
    func refused(_ text: String, _ operands: [Tensor], _ reduction: String = "mean") {
      expectRefusal(text) { try TestNode(name, opset: 13, ["reduction": .string(reduction)]).folded(operands) }
    }
    refused("none, sum or mean", [x, labels], "median")
    refused("class 3 is not one of 3", [x, Tensor([0, 3] as [Int64])])
    refused("class -1 is not one of 3", [x, Tensor([0, -1] as [Int32])])
    refused("classes must be integers", [x, Tensor([0.0, 1])])
    refused("the classes must be 2", [x, Tensor([0, 1, 2] as [Int64])])
    refused("an axis of items", [Tensor([1.0, 2]), labels])
    refused("the weights must be", [x, labels, Tensor([1.0, 2])])
  }
}
