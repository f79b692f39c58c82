import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// The remainder of floating-point numbers with the sign of the divisor, which version 28 has brought.
@Suite struct FloatingModTests {
  @Test func theSignIsTheDivisors() throws {
    let node = try TestNode("Mod", opset: 28)
    let a = Tensor([5.5, -5.5, 5.5, -5.5, 4, -4]), b = Tensor([2.0, 2, -2, -2, -2, 2])
    let result = try node.result(a, b).doubles
    #expect(result == [1.5, 0.5, -0.5, -1.5, 0, 0])
    #expect(result.map(\.sign) == [.plus, .plus, .minus, .minus, .minus, .plus])
    #expect(try node.result(a.converted(to: .float32), b.converted(to: .float32)).doubles == result)
  }

  @Test func infinitiesAndZero() throws {
    let node = try TestNode("Mod", opset: 28)
    let result = try node.result(Tensor([5, -5, 5, .infinity, .nan]), Tensor([.infinity, .infinity, 0, 2, 2])).doubles
    #expect(result[0] == 5 && result[1] == .infinity)
    #expect(result.dropFirst(2).allSatisfy { $0.isNaN })
  }
}
