import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SoftplusTests {
  @Test func results() throws {
    let node = try TestNode("Softplus")
    let y = try node.result(Tensor([0.0, 1, -1, 800, -800])).doubles
    #expect(isClose(y, [0.693147180559945309, 1.313261687518222834, 0.313261687518222834, 800, 0]))
  }

  @Test func gradients() throws {
    let node = try TestNode("Softplus")
    let slopes = [0.5, 0.731058578630004879, 0.268941421369995121]
    #expect(isClose(try node.gradients(Tensor([0.0, 1, -1]), seed: Tensor([1.0, 2, -1]))[0], [slopes[0], 2 * slopes[1], -slopes[2]]))
  }
}
