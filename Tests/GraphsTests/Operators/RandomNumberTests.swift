import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct RandomNumberTests {
  /// The known answers that the authors of Philox publish with it (Random123, `kat_vectors`, philox4x32 10).
  @Test func philox() {
    #expect(Philox(key: [0, 0]).block([0, 0, 0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let ones = UInt32.max
    #expect(Philox(key: [ones, ones]).block([ones, ones, ones, ones]) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    let pi = Philox(key: [0xa409_3822, 0x299f_31d0]).block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
    #expect(pi == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  private func numbers(_ name: String, _ attributes: [String: AttributeValue], _ operands: Tensor...) throws -> [Double] {
    let node = try TestNode(name, attributes, operands: operands.count)
    let first = try node.run(operands)[0].tensor?.doubles, second = try node.run(operands)[0].tensor?.doubles
    #expect(first == second)
    return try #require(first)
  }

  /// Mean, standard deviation and the correlation of neighbours.
  private func statistics(_ x: [Double]) -> (mean: Double, deviation: Double, correlation: Double) {
    let count = Double(x.count), mean = x.reduce(0, +) / count
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let covariance = zip(x, x.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / (count - 1)
    return (mean, variance.squareRoot(), covariance / variance)
  }

  /// By hand from the first known answer: the upper 53 bits of each pair of words.
  @Test func firstUniformNumbers() throws {
    let wanted = [(0x6627_e8d5_e169_c58d as UInt64), 0xbc57_ac4c_9b00_dbd8].map { Double($0 >> 11) / 0x1p53 }
    #expect(try numbers("RandomUniform", ["shape": .ints([2]), "dtype": .int(11)]) == wanted)
    #expect(try numbers("RandomUniform", ["shape": .ints([1]), "dtype": .int(11), "seed": .float(0)]) == [wanted[0]])
  }

  /// Bounds of five standard errors.
  @Test(arguments: [1, 10, 11, 16]) func uniform(_ type: Int) throws {
    let attributes: [String: AttributeValue] = ["dtype": .int(type), "low": .float(-1), "high": .float(3), "seed": .float(7)]
    let x = try numbers("RandomUniform", attributes.merging(["shape": .ints([20000])]) { $1 })
    #expect(x.allSatisfy { $0 >= -1 && (type == 10 || type == 16 ? $0 <= 3 : $0 < 3) })
    let found = statistics(x)
    #expect(abs(found.mean - 1) < 0.041 && abs(found.deviation - 4 / 12.0.squareRoot()) < 0.03 && abs(found.correlation) < 0.036)
    #expect(try numbers("RandomUniformLike", attributes, zeros(20000)) == x)
    #expect(try numbers("RandomUniform", ["shape": .ints([9]), "seed": .float(8)]) != numbers("RandomUniform", ["shape": .ints([9])]))
  }

  @Test(arguments: [1, 11]) func normal(_ type: Int) throws {
    let x = try numbers("RandomNormal", ["shape": .ints([20001]), "dtype": .int(type), "mean": .float(2), "scale": .float(3)])
    let found = statistics(x)
    #expect(abs(found.mean - 2) < 0.11 && abs(found.deviation - 3) < 0.08 && abs(found.correlation) < 0.036)
    // Within one and two standard deviations: 0.6827 and 0.9545.
    func part(_ reach: Double) -> Double { Double(x.count { abs($0 - 2) < 3 * reach }) / Double(x.count) }
    #expect(abs(part(1) - 0.6827) < 0.017 && abs(part(2) - 0.9545) < 0.008)
    let like = try TestNode("RandomNormalLike", ["mean": .float(2), "scale": .float(3)]).result(Tensor(x))
    #expect(like.elementType == .float64)
    if type == 11 { #expect(like.doubles == x) }
  }

  @Test func bernoulli() throws {
    let x = Tensor([Double](repeating: 0.3, count: 20000) + [0, 1])
    let hits = try numbers("Bernoulli", ["dtype": .int(9), "seed": .float(3)], x)
    #expect(abs(hits.prefix(20000).reduce(0, +) / 20000 - 0.3) < 0.017)
    #expect(hits.suffix(2) == [0, 1])
    #expect(try TestNode("Bernoulli").result(Tensor([1] as [Float16])).array(of: Float16.self) == [1])
    expectRefusal("is no probability") { try TestNode("Bernoulli").run([Tensor([1.5])]) }
    expectRefusal("is no probability") { try TestNode("Bernoulli").run([Tensor([Double.nan])]) }
  }

  @Test func multinomial() throws {
    let node = try TestNode("Multinomial", ["sample_size": .int(20000), "dtype": .int(7), "seed": .float(1)])
    // Probabilities 0.2, 0, 0.8, and one class alone.
    let y = try node.result(Tensor([1000, -.infinity, 1000 + 1.3862943611198906, 5, -900, -900], shape: [2, 3]))
    #expect(y.elementType == .int64 && y.shape == [2, 20000])
    let drawn = try #require(y.integers)
    #expect(drawn[..<20000].allSatisfy { $0 == 0 || $0 == 2 } && drawn[20000...].allSatisfy { $0 == 0 })
    #expect(abs(Double(drawn[..<20000].count { $0 == 2 }) / 20000 - 0.8) < 0.015)
    for row in [[-Double.infinity, -.infinity], [.nan, 1], [.infinity, 1]] {
      expectRefusal("no class that may be drawn") { try node.run([Tensor(row, shape: [1, 2])]) }
    }
    expectRefusal("no class that may be drawn") { try node.run([Tensor(zeros: .float32, shape: [1, 0])]) }
    expectRefusal("[N, classes]") { try node.folded([zeros(2)]) }
    expectRefusal("int32 or int64") { try TestNode("Multinomial", ["dtype": .int(1)]) }
    expectRefusal("must not be negative") { try TestNode("Multinomial", ["sample_size": .int(-1)]) }
    expectRefusal("than") { try TestNode("Multinomial", ["sample_size": .int(1 << 46)]).run([zeros(2, 2)]) }
  }

  @Test func refusals() throws {
    expectRefusal("shape is missing") { try TestNode("RandomNormal") }
    expectRefusal("negative") { try TestNode("RandomUniform", ["shape": .ints([-1])]).folded([]) }
    expectRefusal("than") { try TestNode("RandomUniform", ["shape": .ints([1 << 47])]).folded([]) }
    expectRefusal("floating-point type") { try TestNode("RandomNormal", ["shape": .ints([1]), "dtype": .int(7)]) }
    expectRefusal("must be floating-point") { try TestNode("RandomNormalLike").folded([indices(1)]) }
    #expect(try TestNode("RandomNormalLike", ["dtype": .int(1)]).result(Tensor(["a"], shape: [1])).shape == [1])
    expectRefusal("not string") { try TestNode("Bernoulli", ["dtype": .int(8)]).folded([zeros(1)]) }
    expectRefusal("in order and finite") { try TestNode("RandomUniform", ["shape": .ints([1]), "low": .float(2)]) }
  }
}
