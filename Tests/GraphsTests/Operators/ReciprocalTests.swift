import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReciprocalTests {
  @Test func results() throws {
    let node = try TestNode("Reciprocal")
    #expect(try node.result(Tensor([1.0, -2, 0.25, 0, -.infinity])).doubles == [1, -0.5, 4, .infinity, 0])
    #expect(try node.result(Tensor([4, 0.5] as [Float16])).doubles == [0.25, 2])
  }

  @Test func gradients() throws {
    let node = try TestNode("Reciprocal")
    #expect(isClose(try node.gradients(Tensor([0.5, 2, -4]), seed: Tensor([1.0, 3, 2]))[0], [-4, -0.75, -0.125]))
  }
}
