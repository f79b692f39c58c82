import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct LeakyReluTests {
  @Test func results() throws {
    let node = try TestNode("LeakyRelu", ["alpha": .float(0.25)])
    #expect(try node.result(Tensor([2.0, -2, 0, .infinity])).doubles == [2, -0.5, 0, .infinity])
    let byDefault = try TestNode("LeakyRelu").result(Tensor([-1.0]))
    #expect(byDefault.doubles == [-Double(Float(0.01))])
  }

  @Test func gradients() throws {
    let node = try TestNode("LeakyRelu", ["alpha": .float(0.25)])
    #expect(try node.gradients(Tensor([2.0, -2, 0]), seed: Tensor([1.0, 2, 4]))[0] == [1, 0.5, 1])
  }
}
