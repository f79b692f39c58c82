import CarpusScoring
import Testing

@Suite struct RandomStreamTests {
  @Test func streamsDependOnSeedNumberAndName() {
    var first = RandomStream(seed: 1, index: 0, "pose"), again = RandomStream(seed: 1, index: 0, "pose")
    let numbers = (0..<4).map { _ in first.next() }
    #expect(numbers == (0..<4).map { _ in again.next() })
    for var other in [RandomStream(seed: 2, index: 0, "pose"), RandomStream(seed: 1, index: 1, "pose"), RandomStream(seed: 1, index: 0, "posf")] {
      #expect(other.next() != numbers[0])
    }
  }

  @Test func momentsAreThoseOfTheDistributions() {
    var stream = RandomStream(seed: 7, index: 3, "moments")
    let uniform = (0..<20_000).map { _ in stream.uniform() }, normal = (0..<20_000).map { _ in stream.normal(2, 3) }
    let mean = normal.reduce(0, +) / 20_000
    let uniformMean: Double = uniform.reduce(0, +) / 20_000
    let variance: Double = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    // Four standard errors of each mean.
    #expect(abs(uniformMean - 0.5) < 4 * 0.2887 / 141.4)
    #expect(abs(mean - 2) < 4 * 3 / 141.4)
    #expect(abs(variance - 9) < 0.4)
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
  }
}
