import CarpusTensors
import Foundation
import Testing

@Suite struct ReductionTests {
  /// outer, middle, inner
  static let layouts = [
    [1, 1, 1], [3, 7, 1], [2, 33, 1], [5, 64, 1], [2, 100, 1], [2, 5, 3], [1, 4, 17], [3, 3, 300], [1, 3, 2100], [0, 3, 2], [2, 3, 0],
    [1, 40_000, 1], [300, 150, 1],
  ]

  static let reductions: [(Reduction, @Sendable ([Double]) -> Double)] = [
    (.sum, { $0.reduce(0, +) }), (.mean, { $0.reduce(0, +) / Double($0.count) }), (.maximum, { $0.max() ?? -.infinity }),
    (.minimum, { $0.min() ?? .infinity }), (.product, { $0.reduce(1, *) }), (.l1, { $0.reduce(0) { $0 + abs($1) } }),
    (.l2, { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }), (.sumOfSquares, { $0.reduce(0) { $0 + $1 * $1 } }),
  ]

  @Test(arguments: layouts) func isTheDefinition(_ layout: [Int]) {
    let (outer, middle, inner) = (layout[0], layout[1], layout[2])
    let x = numbers(outer * middle * inner, seed: 1, in: -1.5...1.5)
    for team in middle > 1000 ? [.single, ThreadTeam(count: 3)] : teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let rounded = x.cast(type), exact = rounded.map { Double($0) }
      for (reduction, definition) in Self.reductions {
        let result = filled(outer * inner, type) {
          Kernels.reduce(reduction, rounded.span, outer: outer, reduced: middle, inner: inner, into: &$0, team: team)
        }
        let expected = (0..<outer * inner).map { place in
          definition((0..<middle).map { exact[(place / max(inner, 1) * middle + $0) * inner + place % max(inner, 1)] })
        }
        // A float32 result is that of a sum in double, rounded once.
        #expect(
          greatestError(result, expected, scale: 1) <= tolerance(type, units: type == Float.self ? 0.51 : 64),
          "\(reduction) \(type) \(team)")
      }
    }
  }

  @Test func ofNothing() {
    for (reduction, definition) in Self.reductions {
      for inner in [1, 20] {
        let result = filled(inner, Float.self) {
          Kernels.reduce(reduction, [Float]().span, outer: 1, reduced: 0, inner: inner, into: &$0, team: .single)
        }
        #expect(result.allSatisfy { $0 == definition([]) || $0.isNaN && definition([]).isNaN }, "\(reduction)")
      }
    }
  }

  @Test func aNaNAnywhereWins() {
    for team in teams {
      for inner in [1, 3] {
        for place in 0..<40 {
          var x = [Float](repeating: 1, count: 40 * inner)
          x[place * inner] = .nan
          for (reduction, _) in Self.reductions {
            let result = filled(inner, Float.self) {
              Kernels.reduce(reduction, x.span, outer: 1, reduced: 40, inner: inner, into: &$0, team: team)
            }
            #expect(result[0].isNaN && result.dropFirst().allSatisfy { !$0.isNaN }, "\(reduction) \(team) \(place)")
          }
        }
      }
    }
  }

  @Test(arguments: layouts) func softmaxIsTheDefinition(_ layout: [Int]) {
    let (outer, middle, inner) = (layout[0], layout[1], layout[2])
    let x = numbers(outer * middle * inner, seed: 2, in: -8...8)
    for team in middle > 1000 ? [.single, ThreadTeam(count: 3)] : teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let rounded = x.cast(type), exact = rounded.map { Double($0) }
      var expected = exact
      for row in 0..<outer {
        for column in 0..<inner {
          let places = (0..<middle).map { (row * middle + $0) * inner + column }
          let sum = places.reduce(0) { $0 + exp(exact[$1]) }
          for place in places { expected[place] = exp(exact[place]) / sum }
        }
      }
      let result = filled(x.count, type) {
        Kernels.softmax(rounded.span, outer: outer, count: middle, inner: inner, into: &$0, team: team)
      }
      #expect(greatestError(result, expected, scale: 0) <= tolerance(type, units: type == Float.self ? 12 : 64), "\(type) \(team)")
      let logarithms = filled(x.count, type) {
        Kernels.logSoftmax(rounded.span, outer: outer, count: middle, inner: inner, into: &$0, team: team)
      }
      #expect(greatestError(logarithms, expected.map { log($0) }, scale: 8) <= tolerance(type, units: 8), "\(type) \(team)")
    }
  }

  @Test func softmaxOfLargeNumbersAndInfinities() {
    let x: [Float] = [1e30, 1e30, -.infinity, 0]
    for team in teams {
      let result = filled(4, Float.self) { Kernels.softmax(x.span, outer: 1, count: 4, inner: 1, into: &$0, team: team) }
      #expect(result == [0.5, 0.5, 0, 0])
    }
  }

  @Test(arguments: [[1, 1], [3, 7], [2, 33], [4, 64], [3, 100], [1, 1100], [0, 4]]) func layerNormalizationAndItsGradient(_ extents: [Int]) {
    let (rows, count) = (extents[0], extents[1])
    let x = numbers(rows * count, seed: 3, in: -2...4), gamma = numbers(count, seed: 4), beta = numbers(count, seed: 5)
    let seed = numbers(rows * count, seed: 6), epsilon = 1e-3
    func normalized(_ x: [Double]) -> [Double] {
      var result = x
      for row in 0..<rows {
        let values = Array(x[row * count..<(row + 1) * count])
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        for i in 0..<count { result[row * count + i] = (values[i] - mean) / (variance + epsilon).squareRoot() * gamma[i] + beta[i] }
      }
      return result
    }
    // The directional derivatives of Σ seed · normalized(x) along each coordinate.
    let step = 1e-5
    let slopes = x.indices.map { place in
      var up = x, down = x
      up[place] += step
      down[place] -= step
      return zip(zip(normalized(up), normalized(down)), seed).reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 } / (2 * step)
    }
    for team in teams {
      let doubles = filled(x.count, Double.self) {
        Kernels.layerNormalization(
          x.span, gamma: gamma.span, beta: beta.span, epsilon: epsilon, rows: rows, count: count, into: &$0, team: team)
      }
      #expect(greatestError(doubles, normalized(x), scale: 1) < 1e-12)
      let single = x.cast(Float.self), factors = gamma.cast(Float.self), offsets = beta.cast(Float.self), seeds = seed.cast(Float.self)
      let floats = filled(x.count, Float.self) {
        Kernels.layerNormalization(
          single.span, gamma: factors.span, beta: offsets.span, epsilon: epsilon, rows: rows, count: count, into: &$0, team: team)
      }
      #expect(greatestError(floats, normalized(x), scale: 1) < 2e-6)
      let gradient = filled(x.count, Double.self) {
        Kernels.layerNormalizationGradient(
          seed: seed.span, at: x.span, gamma: gamma.span, epsilon: epsilon, rows: rows, count: count, into: &$0, team: team)
      }
      #expect(greatestError(gradient, slopes, scale: 1) < 1e-7)
      let floatGradient = filled(x.count, Float.self) {
        Kernels.layerNormalizationGradient(
          seed: seeds.span, at: single.span, gamma: factors.span, epsilon: epsilon, rows: rows, count: count, into: &$0, team: team)
      }
      #expect(greatestError(floatGradient, gradient, scale: 1) < 2e-5)
    }
    let plain = filled(x.count, Double.self) {
      Kernels.layerNormalization(x.span, gamma: nil, beta: nil, epsilon: epsilon, rows: rows, count: count, into: &$0, team: .single)
    }
    let restored = plain.indices.map { plain[$0] * gamma[$0 % count] + beta[$0 % count] }
    #expect(greatestError(restored, normalized(x), scale: 1) < 1e-12)
  }

  @Test(arguments: [[2, 3, 1], [1, 5, 33], [3, 2, 16], [2, 3, 0]]) func scalesChannels(_ extents: [Int]) {
    let (batch, channels, inner) = (extents[0], extents[1], extents[2])
    let x = coarseNumbers(batch * channels * inner, seed: 1), s = coarseNumbers(channels, seed: 2), t = coarseNumbers(channels, seed: 3)
    let expected = x.indices.map { x[$0] * s[$0 / inner % channels] + t[$0 / inner % channels] }
    for team in teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let x = x.cast(type), s = s.cast(type), t = t.cast(type)
      let result = filled(x.count, type) {
        Kernels.scaleChannels(x.span, scale: s.span, offset: t.span, batch: batch, channels: channels, inner: inner, into: &$0, team: team)
      }
      #expect(result == expected, "\(type) \(team)")
    }
  }
}
