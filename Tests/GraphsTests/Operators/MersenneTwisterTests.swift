import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MersenneTwisterTests {
  /// `numpy.random.RandomState(seed)._bit_generator.random_raw()`, NumPy 2; the 10 000th number of seed 5489 is also in the C++ standard.
  @Test func words() {
    var zero = MersenneTwister(seed: 0)
    #expect((0..<3).map { _ in zero.nextWord() } == [2_357_136_044, 2_546_248_239, 3_071_714_933])
    var standard = MersenneTwister(seed: 5489)
    let words = (0..<10_000).map { _ in standard.nextWord() }
    #expect(words[..<3] == [3_499_211_612, 581_869_302, 3_890_346_734] && words[9_999] == 4_123_659_995)
    var wide = MersenneTwister(seed: 0)
    #expect(wide.next() == (2_357_136_044 as UInt64) << 32 | 2_546_248_239)
  }

  /// `random_sample` and `standard_normal` of `RandomState`.
  @Test func realNumbers() {
    var last = MersenneTwister(seed: .max)
    #expect((0..<3).map { _ in last.nextUniform() } == [0.0976320289940138, 0.9123828453026218, 0.78903530185164])
    var seven = MersenneTwister(seed: 7)
    for _ in 0..<700 { _ = seven.nextUniform() }
    #expect(seven.nextUniform() == 0.059200845313875594)
    var normal = MersenneTwister(seed: 42)
    let numbers = (0..<4).map { _ in normal.nextGaussian() }
    #expect(isClose(numbers, [0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254]))
  }
}
