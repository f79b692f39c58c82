import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CeilTests {
  @Test func results() throws {
    let node = try TestNode("Ceil")
    #expect(try node.result(Tensor([1.5, -1.5, 2, -0.25, .infinity])).doubles == [2, -1, 2, 0, .infinity])
  }

  @Test func gradients() throws {
    let node = try TestNode("Ceil")
    #expect(try node.gradients(Tensor([1.5]), seed: Tensor([1.0]))[0] == [0])
  }
}
