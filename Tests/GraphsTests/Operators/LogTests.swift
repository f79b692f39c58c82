import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct LogTests {
  @Test func results() throws {
    let node = try TestNode("Log")
    let y = try node.result(Tensor([1.0, 2, 0.5, 10])).doubles
    #expect(isClose(y, [0, 0.693147180559945309, -0.693147180559945309, 2.302585092994045684]))
    #expect(try node.result(Tensor([0.0, .infinity])).doubles == [-.infinity, .infinity])
    #expect(try node.result(Tensor([-1.0, .nan])).doubles.allSatisfy(\.isNaN))
    #expect(abs(try node.result(Tensor([2] as [Float])).doubles[0] - 0.693147180559945309) < 1e-7)
  }

  @Test func gradients() throws {
    let node = try TestNode("Log")
    #expect(isClose(try node.gradients(Tensor([0.5, 2, -4]), seed: Tensor([1.0, 3, 2]))[0], [2, 1.5, -0.5]))
  }
}
