import CarpusImaging
import CarpusTestSupport
import Foundation
import Testing

@Suite struct ResamplingTests {
  struct Case: Decodable {
    let filter, reference: String
    let source, target: [Int]
    let sourceValues, targetValues: [Double]
  }

  @Test func equalsPillowPyTorchAndOpenCV() throws {
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: Fixtures.url("Imaging/resampling.json")))
    #expect(Set(cases.map(\.filter)) == Set(ResamplingFilter.allCases.map(\.rawValue)))
    for item in cases {
      let filter = try #require(ResamplingFilter(rawValue: item.filter))
      let size = PixelSize(width: item.source[0], height: item.source[1])
      let source = Field(size: size, values: item.sourceValues.map { Float($0) })
      let target = source.resampled(to: PixelSize(width: item.target[0], height: item.target[1]), filter: filter)
      let difference = largestDifference(target.values.map { Double($0) }, item.targetValues)
      #expect(difference < 1e-5, "\(item.filter) of \(item.source) to \(item.target) against \(item.reference)")
    }
  }

  @Test(arguments: ResamplingFilter.allCases) func aConstantStaysConstant(_ filter: ResamplingFilter) {
    let field = Field(repeating: 0.7, size: PixelSize(width: 31, height: 17))
    for size in [PixelSize(width: 7, height: 5), PixelSize(width: 64, height: 3), PixelSize(width: 90, height: 80)] {
      let resampled = field.resampled(to: size, filter: filter)
      #expect(resampled.size == size)
      #expect(resampled.values.allSatisfy { abs($0 - 0.7) < 1e-6 })
    }
  }

  @Test func areaKeepsTheMean() {
    var generator = SeededGenerator(seed: 5)
    let size = PixelSize(width: 37, height: 29)
    let field = Field(size: size, values: (0..<size.count).map { _ in Float.random(in: -1...1, using: &generator) })
    let mean = field.values.reduce(0.0) { $0 + Double($1) } / Double(size.count)
    for target in [PixelSize(width: 11, height: 8), PixelSize(width: 100, height: 5), PixelSize(width: 90, height: 80)] {
      let values = field.resampled(to: target, filter: .area).values
      #expect(abs(values.reduce(0.0) { $0 + Double($1) } / Double(target.count) - mean) < 1e-6)
    }
  }

  @Test(arguments: ResamplingFilter.allCases) func theSameSizeChangesNothing(_ filter: ResamplingFilter) {
    let field = Field(size: PixelSize(width: 3, height: 2), values: [1, 2, 3, -4, 5, .infinity])
    #expect(field.resampled(to: field.size, filter: filter) == field)
  }

  /// A ramp of slope 1 at pixel centres stays one away from the edges.
  @Test(arguments: [ResamplingFilter.bilinear, .bilinearAntialias, .area], [5, 10, 20, 80, 160])
  func centresLieAtHalves(_ filter: ResamplingFilter, width: Int) {
    let ramp = Field(size: PixelSize(width: 40, height: 1), values: (0..<40).map { Float($0) + 0.5 })
    let values = ramp.resampled(to: PixelSize(width: width, height: 1), filter: filter).values
    // An area smaller than an old pixel has that pixel's value.
    let tolerance: Float = filter == .area && width > 40 ? 0.5 : 1e-4
    for x in width / 4..<3 * width / 4 {
      #expect(abs(values[x] - (Float(x) + 0.5) * 40 / Float(width)) < tolerance)
    }
  }

  @Test(arguments: ResamplingFilter.allCases, [PixelSize(width: 7, height: 5), PixelSize(width: 29, height: 40)])
  func mirroringBeforeOrAfterIsTheSame(_ filter: ResamplingFilter, target: PixelSize) {
    var generator = SeededGenerator(seed: 7)
    let size = PixelSize(width: 13, height: 11)
    let field = Field(size: size, values: (0..<size.count).map { _ in Float.random(in: -1...1, using: &generator) })
    let before = Field(size: size, values: field.values.reversed()).resampled(to: target, filter: filter)
    let after = field.resampled(to: target, filter: filter)
    #expect(zip(before.values, after.values.reversed()).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
