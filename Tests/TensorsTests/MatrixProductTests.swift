import CarpusTensors
import Testing

@Suite struct MatrixProductTests {
  static let extents = [
    [1, 1, 1], [1, 7, 5], [1, 300, 33], [9, 1, 4], [300, 1, 140], [2, 3, 4], [6, 32, 9], [14, 33, 1], [15, 31, 64], [29, 65, 17], [3, 5, 0],
    [0, 4, 3], [4, 0, 3], [40, 200, 30],
  ]

  @Test(arguments: extents) func isTheDefinition(_ extents: [Int]) {
    let (m, n, k) = (extents[0], extents[1], extents[2])
    let a = coarseNumbers(m * k, seed: 1, range: 4), b = coarseNumbers(k * n, seed: 2, range: 4), old = coarseNumbers(m * n, seed: 3)
    var product = [Double](repeating: 0, count: m * n)
    for i in 0..<m { for j in 0..<n { for l in 0..<k { product[i * n + j] += a[i * k + l] * b[l * n + j] } } }
    let updated = zip(product, old).map { 2 * $0 - 0.5 * $1 }
    for team in teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let left = a.cast(type), right = b.cast(type)
      let leftTransposed = transposed(a, m, k).cast(type), rightTransposed = transposed(b, k, n).cast(type)
      let scratch = Scratch()
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        let x = transposeA ? leftTransposed : left, y = transposeB ? rightTransposed : right
        let result = filled(m * n, type) {
          Kernels.multiply(
            x.span, y.span, into: &$0, m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, scratch: scratch, team: team)
        }
        #expect(result == product, "\(type) \(team) \(transposeA) \(transposeB)")
        var c = old.cast(type)
        var span = c.mutableSpan
        Kernels.multiply(
          x.span, y.span, into: &span, m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, alpha: 2, beta: -0.5,
          scratch: scratch, team: team)
        #expect(c.map { Double($0) } == updated, "\(type) \(team) \(transposeA) \(transposeB)")
      }
    }
  }

  @Test func infinitiesAndNaNPropagate() {
    for team in teams {
      let a: [Float] = [1, .nan, .infinity, 0], b: [Float] = [0, 1, .infinity, 1]
      let result = filled(4, Float.self) { Kernels.multiply(a.span, b.span, into: &$0, m: 2, n: 2, k: 2, team: team) }
      // [1 NaN; ∞ 0] [0 1; ∞ 1]
      #expect(result.map(\.isNaN) == [true, true, true, false])
      #expect(result[3] == .infinity)
    }
  }

  func transposed(_ values: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
  }
}
