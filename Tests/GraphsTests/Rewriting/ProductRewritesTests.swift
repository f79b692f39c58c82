import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ProductRewritesTests {
  /// - Parameter halfFirst: half of x, not of the product; `nil`: half of the sum.
  private func gelu(_ network: TestNetwork, _ x: Value, halfFirst: Bool?) throws -> Value {
    let erf = try network.add("Erf", [:], network.add("Div", [:], x, network.constant(2.0.squareRoot())))
    let sum = try network.add("Add", [:], erf, network.constant(1))
    guard let halfFirst else { return try network.add("Mul", [:], x, network.add("Mul", [:], network.constant(0.5), sum)) }
    guard !halfFirst else { return try network.add("Mul", [:], network.add("Mul", [:], x, network.constant(0.5)), sum) }
    return try network.add("Mul", [:], network.add("Mul", [:], x, sum), network.constant(0.5))
  }

  @Test(arguments: [false, true, nil]) func fiveNodesAreAGelu(_ halfFirst: Bool?) throws {
    let network = TestNetwork()
    #expect(try network.rewritten(try gelu(network, network.x, halfFirst: halfFirst)) == ["Gelu"])
  }

  @Test func anotherNumberIsNoGelu() throws {
    let network = TestNetwork()
    let erf = try network.add("Erf", [:], network.add("Div", [:], network.x, network.constant(1.5)))
    let y = try network.add("Mul", [:], network.add("Mul", [:], network.x, network.add("Add", [:], erf, network.constant(1))), network.constant(0.5))
    #expect(try network.rewritten(y) == ["Div", "Erf", "Add", "Mul", "Mul"])
  }

  @Test func productsTakeInWhatFollows() throws {
    let network = TestNetwork(.float32)
    let product = try network.add("MatMul", [:], network.x, network.constant([6, 16]))
    #expect(try network.rewritten(product) == ["carpus.FusedProduct"])
    let sum = try network.add("Add", [:], network.constant([16]), product)
    #expect(try network.rewritten(sum) == ["carpus.FusedProduct"])
    #expect(try network.rewritten(try gelu(network, sum, halfFirst: false)) == ["carpus.FusedProduct"])
    let other = try network.add("MatMul", [:], network.x, network.constant([6, 16]))
    #expect(try network.rewritten(try network.add("Add", [:], sum, other)).sorted() == ["carpus.FusedProduct", "carpus.FusedProduct"])
    #expect(try network.rewritten(sum, product) == ["carpus.FusedProduct", "Add"])
  }

  @Test func gemm() throws {
    let network = TestNetwork(.float32)
    let rows = try network.add("Reshape", [:], network.x, network.builder.constant(indices(42, 6)))
    let y = try network.add("Gemm", ["transB": .int(1)], rows, network.constant([32, 6]), network.constant([32]))
    #expect(try network.rewritten(y) == ["Reshape", "carpus.FusedProduct"])
    let scaled = try network.add("Gemm", ["alpha": .float(0.5)], rows, network.constant([6, 16]))
    #expect(try network.rewritten(scaled) == ["Reshape", "Gemm"])
  }

  /// Columns that do not fill vectors, and float64.
  @Test func othersStay() throws {
    let network = TestNetwork(.float32), wide = TestNetwork()
    #expect(try network.rewritten(try network.add("MatMul", [:], network.x, network.constant([6, 15]))) == ["MatMul"])
    #expect(try wide.rewritten(try wide.add("MatMul", [:], wide.x, wide.constant([6, 16]))) == ["MatMul"])
  }
}
