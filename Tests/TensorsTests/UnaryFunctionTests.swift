import CarpusTensors
import Foundation
import Testing

@Suite struct UnaryFunctionTests {
  static let functions: [(UnaryFunction, @Sendable (Double) -> Double)] = [
    (.relu, { $0 > 0 ? $0 : 0 }), (.leakyRelu(alpha: 0.25), { $0 > 0 ? $0 : 0.25 * $0 }),
    (.clip(low: -1, high: 1.5), { min(max($0, -1), 1.5) }), (.clip(low: 2, high: 1), { _ in 1 }),
    (.sigmoid, { 1 / (1 + exp(-$0)) }), (.hardSigmoid(alpha: 0.25, beta: 0.5), { min(max(0.25 * $0 + 0.5, 0), 1) }),
    (.hardSwish, { $0 * min(max($0 + 3, 0), 6) / 6 }), (.silu, { $0 / (1 + exp(-$0)) }), (.tanh, { tanh($0) }), (.erf, { erf($0) }),
    (.gelu, { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }), (.softplus, { log1p(exp($0)) }), (.exp, { exp($0) }),
    (.log, { log($0) }), (.sqrt, { $0.squareRoot() }), (.reciprocal, { 1 / $0 }), (.negative, { -$0 }), (.absolute, { abs($0) }),
    (.sin, { sin($0) }), (.cos, { cos($0) }), (.floor, { $0.rounded(.down) }), (.ceil, { $0.rounded(.up) }),
    (.round, { $0.rounded(.toNearestOrEven) }), (.affine(scale: 1.5, offset: -0.5), { 1.5 * $0 - 0.5 }),
  ]

  /// Lengths around every vector and unrolling width, and one that is more than one chunk.
  static let counts = [0, 1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 129]

  @Test(arguments: functions.indices) func isTheDefinition(_ index: Int) {
    let (function, definition) = Self.functions[index]
    for team in teams {
      for count in Self.counts {
        check(Float.self, count, team)
        check(Double.self, count, team)
      }
    }

    func check<T: KernelScalar>(_ type: T.Type, _ count: Int, _ team: ThreadTeam) {
      let x = numbers(count, seed: 7, in: -6...6).cast(type)
      let result = filled(count, type) { Kernels.apply(function, to: x.span, into: &$0, team: team) }
      let expected = x.map { definition(Double($0)) }
      #expect(greatestError(result, expected, scale: 0.5) <= tolerance(type, units: 4), "\(function) \(type) \(team) \(count)")
      var inPlace = x
      var span = inPlace.mutableSpan
      Kernels.apply(function, inPlace: &span, team: team)
      #expect(greatestError(inPlace.map { Double($0) }, result, scale: 0) == 0, "\(function) \(type) \(team) \(count)")
    }
  }

  /// Every 1009th float32 between the given bounds, both signs, against the C library in double.
  @Test(arguments: [(UnaryFunction.exp, Float(110)), (.sigmoid, 110), (.tanh, 30), (.erf, 6)])
  func isWithinThreeUnits(_ function: UnaryFunction, _ bound: Float) {
    let magnitudes = stride(from: Float(1e-30).bitPattern, to: bound.bitPattern, by: 1009 * 4).map { Float(bitPattern: $0) }
    let x = magnitudes + magnitudes.map { -$0 }
    for team in teams {
      var y = [Float](repeating: .nan, count: x.count)
      var span = y.mutableSpan
      Kernels.apply(function, to: x.span, into: &span, team: team)
      var worst = 0.0, place: Float = 0
      for (x, y) in zip(x, y) {
        let value = Double(x)
        let exact =
          switch function {
          case .exp: exp(value)
          case .sigmoid: value < 0 ? exp(value) / (1 + exp(value)) : 1 / (1 + exp(-value))
          case .tanh: tanh(value)
          default: erf(value)
          }
        if !y.isFinite || exact > Double(Float.greatestFiniteMagnitude) {
          if y != Float(exact) { (worst, place) = (.infinity, x) }
          continue
        }
        // Below the normal numbers a unit is that of the smallest of them.
        let error = abs(Double(y) - exact) / Double(max(Float(exact).magnitude, .leastNormalMagnitude).ulp)
        if error > worst { (worst, place) = (error, x) }
      }
      #expect(worst <= 3, "\(function) \(team) at \(place)")
    }
  }

  /// Within 3e-7 of the definition below 1, of it relatively above; half of what is nearly 0; 0 or the number itself far away from it.
  @Test func gelu() {
    let x = (0...4000).map { Float($0 - 2000) / 200 } + [0, -0.0, 1e-30, -1e-30, 20, -20, 1e30, -1e30]
    let expected = x.map { 0.5 * Double($0) * erfc(-Double($0) / 2.0.squareRoot()) }
    for team in teams {
      let y = filled(x.count, Float.self) { Kernels.apply(.gelu, to: x.span, into: &$0, team: team) }
      #expect(greatestError(y, expected, scale: 1) <= 3e-7, "\(team)")
      let half = Double(Float(5e-31))
      #expect(y.suffix(8).map { abs($0) < 1e-17 && abs($0) > 1e-29 ? 0 : $0 } == [0, 0, half, -half, 20, 0, Double(Float(1e30)), 0], "\(team)")
    }
  }

  @Test func infinitiesAndNaN() {
    for team in teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let repeated = (0..<40).map { [T.nan, .infinity, -.infinity, 0][$0 % 4] }
      func values(_ function: UnaryFunction) -> [Double] {
        let result = filled(repeated.count, type) { Kernels.apply(function, to: repeated.span, into: &$0, team: team) }
        for (index, value) in result.enumerated() {
          #expect(value == result[index % 4] || value.isNaN && result[index % 4].isNaN, "\(function) \(type) \(team)")
        }
        #expect(result[0].isNaN, "\(function) \(type) \(team)")
        return Array(result[1..<4])
      }
      let infinity = Double.infinity
      #expect(values(.relu) == [infinity, 0, 0])
      #expect(values(.leakyRelu(alpha: 0.5)) == [infinity, -infinity, 0])
      #expect(values(.clip(low: -1, high: 1)) == [1, -1, 0])
      #expect(values(.sigmoid) == [1, 0, 0.5])
      #expect(values(.hardSigmoid(alpha: 0.2, beta: 0.5)) == [1, 0, 0.5])
      #expect(values(.tanh) == [1, -1, 0])
      #expect(values(.erf) == [1, -1, 0])
      #expect(values(.exp) == [infinity, 0, 1])
      #expect(values(.softplus).prefix(2) == [infinity, 0])
      #expect(values(.reciprocal) == [0, 0, infinity])
      #expect(values(.absolute) == [infinity, infinity, 0])
      #expect(values(.negative) == [-infinity, infinity, 0])
      for function: UnaryFunction in [.log, .sqrt] {
        #expect(values(function)[0] == infinity && values(function)[1].isNaN)
      }
      for function: UnaryFunction in [.gelu, .silu, .hardSwish, .sin, .cos, .floor, .ceil, .round, .affine(scale: 2, offset: 0)] {
        _ = values(function)
      }
    }
  }

  @Test func roundsHalvesToEven() {
    let x: [Float] = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 1e9, 0.49999997]
    for team in teams {
      let result = filled(x.count, Float.self) { Kernels.apply(.round, to: x.span, into: &$0, team: team) }
      #expect(result == [-2, -2, 0, 0, 2, 2, 4, 1e9, 0])
    }
  }

  @Test func gradientsAtEdges() {
    let x = [-3.5, -3, -2, -1, 0, 1, 2, 3, 3.5]
    let expected: [(UnaryGradient, [Double])] = [
      (.relu, [0, 0, 0, 0, 0, 2, 2, 2, 2]),
      (.leakyRelu(alpha: 0.5), [1, 1, 1, 1, 1, 2, 2, 2, 2]),
      (.clip(low: -2, high: 2), [0, 0, 0, 2, 2, 2, 0, 0, 0]),
      (.hardSigmoid(alpha: 0.25, beta: 0.5), [0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0]),
      (.hardSwish, [0, 0, -1 / 3, 1 / 3, 1, 5 / 3, 7 / 3, 2, 2]),
      (.absolute, [-2, -2, -2, -2, 0, 2, 2, 2, 2]),
      (.sigmoidOfResult, x.map { 2 * $0 * (1 - $0) }),
      (.tanhOfResult, x.map { 2 * (1 - $0 * $0) }),
    ]
    for team in teams {
      for (gradient, values) in expected {
        check(Float.self, gradient, values, team)
        check(Double.self, gradient, values, team)
      }
    }

    func check<T: KernelScalar>(_ type: T.Type, _ gradient: UnaryGradient, _ values: [Double], _ team: ThreadTeam) {
      // 27 elements: whole vectors and a rest.
      let points = (x + x + x).cast(type), seed = [T](repeating: 2, count: points.count)
      let result = filled(points.count, type) {
        Kernels.applyGradient(of: gradient, seed: seed.span, at: points.span, into: &$0, team: team)
      }
      #expect(greatestError(result, values + values + values, scale: 1) <= tolerance(type, units: 4), "\(gradient) \(type) \(team)")
    }
  }

  @Test(arguments: [(UnaryGradient.gelu, UnaryFunction.gelu), (.silu, .silu)])
  func smoothGradientsAreDifferenceQuotients(_ gradient: UnaryGradient, _ function: UnaryFunction) {
    let x = numbers(100, seed: 3, in: -5...5), step = 1e-5, seed = [Double](repeating: 1, count: x.count)
    for team in teams {
      func values(at x: [Double]) -> [Double] {
        filled(x.count, Double.self) { Kernels.apply(function, to: x.span, into: &$0, team: team) }
      }
      let quotients = zip(values(at: x.map { $0 + step }), values(at: x.map { $0 - step })).map { ($0 - $1) / (2 * step) }
      let result = filled(x.count, Double.self) { Kernels.applyGradient(of: gradient, seed: seed.span, at: x.span, into: &$0, team: team) }
      #expect(greatestError(result, quotients, scale: 1) < 1e-9)
      let singles = x.cast(Float.self), ones = seed.cast(Float.self)
      let single = filled(x.count, Float.self) {
        Kernels.applyGradient(of: gradient, seed: ones.span, at: singles.span, into: &$0, team: team)
      }
      #expect(greatestError(single, result, scale: 1) < 1e-6)
    }
  }

  @Test func threadsGiveTheSameBits() {
    let x = numbers(100_003, seed: 11, in: -20...20).cast(Float.self)
    for (function, _) in Self.functions {
      let results = [1, 2, 3].map { count in
        filled(x.count, Float.self) { Kernels.apply(function, to: x.span, into: &$0, team: ThreadTeam(count: count)) }.map(\.bitPattern)
      }
      #expect(results[0] == results[1] && results[0] == results[2], "\(function)")
    }
  }
}
