import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

@Suite struct LogSoftmaxTests {
  /// It is the logarithm of a softmax whose own results are checked.
  @Test(arguments: [(11, 0), (11, 1), (11, 2), (13, 0), (13, 1), (13, -1)])
  func results(_ opset: Int, _ axis: Int) throws {
    let x = randomTensor([2, 3, 4], seed: 1)
    let softmax = try TestNode("Softmax", opset: opset, ["axis": .int(axis)]).result(x)
    let y = try TestNode("LogSoftmax", opset: opset, ["axis": .int(axis)]).result(x)
    for (a, b) in zip(y.doubles, softmax.doubles) { #expect(abs(a - log(b)) < 1e-14) }
  }

  @Test func largeValues() throws {
    let y = try TestNode("LogSoftmax").result(Tensor([1000, 1000, 0.0])).doubles
    #expect(abs(y[0] + 0.6931471805599453) < 1e-12 && abs(y[2] + 1000.6931471805599453) < 1e-9)
  }

  @Test(arguments: [(11, 1), (13, 1), (13, -1)])
  func gradients(_ opset: Int, _ axis: Int) throws {
    try expectDifferences(try TestNode("LogSoftmax", opset: opset, ["axis": .int(axis)]), [randomTensor([2, 3, 4], seed: 1)], wanted: [0])
  }
}
