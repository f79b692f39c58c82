import CarpusTensors
import Testing

@Suite struct PoolingTests {
  struct Case: Sendable, CustomStringConvertible {
    let input, output, kernel, strides, dilations, padsBegin, padsEnd: [Int]

    init(
      _ input: [Int], _ output: [Int], kernel: [Int], strides: [Int]? = nil, dilations: [Int]? = nil, pads: [Int]? = nil,
      padsEnd: [Int]? = nil
    ) {
      self.input = input
      self.output = output
      self.kernel = kernel
      self.strides = strides ?? input.map { _ in 1 }
      self.dilations = dilations ?? input.map { _ in 1 }
      padsBegin = pads ?? input.map { _ in 0 }
      self.padsEnd = padsEnd ?? padsBegin
    }

    var description: String { "\(input)->\(output) k\(kernel) s\(strides) d\(dilations) p\(padsBegin)\(padsEnd)" }
    var window: SlidingWindow? {
      SlidingWindow(
        input: input, output: output, kernel: kernel, strides: strides, dilations: dilations, padsBegin: padsBegin, padsEnd: padsEnd)
    }

    /// For each output: the places of the input that its window sees, in order, and its taps inside the padded input.
    var windows: [(places: [Int], paddedTaps: Int)] {
      positions(output).map { o in
        var places: [Int] = [], paddedTaps = 0
        for k in positions(kernel) {
          let p = input.indices.map { o[$0] * strides[$0] - padsBegin[$0] + k[$0] * dilations[$0] }
          if input.indices.allSatisfy({ p[$0] < input[$0] + padsEnd[$0] }) { paddedTaps += 1 }
          guard input.indices.allSatisfy({ p[$0] >= 0 && p[$0] < input[$0] }) else { continue }
          places.append(input.indices.reduce(0) { $0 * input[$1] + p[$1] })
        }
        return (places, paddedTaps)
      }
    }

    private func positions(_ extents: [Int]) -> [[Int]] {
      extents.reduce([[]]) { done, extent in done.flatMap { head in (0..<extent).map { head + [$0] } } }
    }
  }

  static let cases = [
    Case([9], [4], kernel: [3], strides: [2]),
    Case([7, 9], [7, 9], kernel: [3, 3], pads: [1, 1]),
    Case([15, 70], [8, 35], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case([6, 40], [3, 20], kernel: [2, 2], strides: [2, 2]),
    Case([8, 8], [3, 4], kernel: [3, 2], strides: [3, 2], pads: [1, 0], padsEnd: [0, 1]),
    // The last window begins inside and ends beyond the padding: the output extent was rounded up.
    Case([6, 6], [4, 4], kernel: [3, 3], strides: [2, 2], pads: [1, 1], padsEnd: [0, 0]),
    Case([12, 13], [8, 7], kernel: [3, 4], dilations: [2, 2]),
    Case([4, 5, 6], [4, 3, 3], kernel: [3, 2, 2], strides: [1, 2, 2], pads: [1, 1, 0]),
    // The corner windows see padding alone.
    Case([2, 2], [6, 6], kernel: [2, 2], pads: [3, 3], padsEnd: [2, 2]),
    Case([7, 7], [1, 1], kernel: [7, 7]),
  ]

  @Test(arguments: cases) func maximaWithPlacesAndGradient(_ test: Case) throws {
    let window = try #require(test.window)
    let planes = 3, input = test.input.reduce(1, *), output = test.output.reduce(1, *)
    // Few different values, so that there are ties.
    let x = coarseNumbers(planes * input, seed: 1, range: 1), seed = coarseNumbers(planes * output, seed: 2)
    var y: [Double] = [], places: [Int64] = [], gradient = [Double](repeating: 0, count: x.count)
    for plane in 0..<planes {
      for (index, seen) in test.windows.enumerated() {
        let own = seen.places.map { plane * input + $0 }
        let largest = own.map { x[$0] }.max() ?? -.infinity
        let first = own.first { x[$0] == largest }
        y.append(largest)
        places.append(Int64(first ?? -1))
        if let first { gradient[first] += seed[plane * output + index] }
      }
    }
    for team in teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let x = x.cast(type), seed = seed.cast(type)
      #expect(filled(y.count, type) { Kernels.maxPool(x.span, planes: planes, window: window, into: &$0, team: team) } == y)
      var found = [Int64](repeating: -9, count: y.count)
      let values = filled(y.count, type) {
        var span = found.mutableSpan
        Kernels.maxPool(x.span, planes: planes, window: window, into: &$0, indices: &span, team: team)
      }
      #expect(values == y && found == places, "\(type) \(team)")
      let result = filled(x.count, type) {
        Kernels.maxPoolGradient(seed: seed.span, at: x.span, planes: planes, window: window, into: &$0, team: team)
      }
      #expect(result == gradient, "\(type) \(team)")
    }
  }

  @Test(arguments: cases, [false, true]) func meansAndGradient(_ test: Case, _ countingPadding: Bool) throws {
    let window = try #require(test.window)
    let planes = 2, input = test.input.reduce(1, *), output = test.output.reduce(1, *)
    let x = numbers(planes * input, seed: 3), seed = numbers(planes * output, seed: 4)
    var y: [Double] = [], gradient = [Double](repeating: 0, count: x.count)
    for plane in 0..<planes {
      for (index, seen) in test.windows.enumerated() {
        let divisor = Double(countingPadding ? seen.paddedTaps : seen.places.count)
        y.append(seen.places.isEmpty ? 0 : seen.places.reduce(0) { $0 + x[plane * input + $1] } / divisor)
        for place in seen.places { gradient[plane * input + place] += seed[plane * output + index] / divisor }
      }
    }
    for team in teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let x = x.cast(type), seed = seed.cast(type)
      let values = filled(y.count, type) {
        Kernels.averagePool(x.span, planes: planes, window: window, countingPadding: countingPadding, into: &$0, team: team)
      }
      #expect(greatestError(values, y, scale: 1) <= tolerance(type, units: 16), "\(type) \(team)")
      let result = filled(x.count, type) {
        Kernels.averagePoolGradient(
          seed: seed.span, planes: planes, window: window, countingPadding: countingPadding, into: &$0, team: team)
      }
      #expect(greatestError(result, gradient, scale: 1) <= tolerance(type, units: 16), "\(type) \(team)")
    }
  }

  @Test func aNaNIsTheMaximumOfItsWindows() throws {
    let window = try #require(
      SlidingWindow(input: [40], output: [39], kernel: [2], strides: [1], dilations: [1], padsBegin: [0], padsEnd: [0]))
    var x = [Float](repeating: 1, count: 40)
    x[20] = .nan
    for team in teams {
      var places = [Int64](repeating: -1, count: 39)
      let y = filled(39, Float.self) {
        var span = places.mutableSpan
        Kernels.maxPool(x.span, planes: 1, window: window, into: &$0, indices: &span, team: team)
      }
      #expect(y.indices.filter { y[$0].isNaN } == [19, 20])
      #expect(places[19] == 20 && places[20] == 20)
    }
  }

  @Test func refusesWhatIsNoWindow() {
    func window(_ input: [Int], _ kernel: [Int], _ strides: [Int], _ pads: [Int]) -> SlidingWindow? {
      SlidingWindow(
        input: input, output: input, kernel: kernel, strides: strides, dilations: input.map { _ in 1 }, padsBegin: pads, padsEnd: pads)
    }
    #expect(window([4], [2], [1], [0]) != nil)
    #expect(window([], [], [], []) == nil)
    #expect(window([4, 4, 4, 4], [1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]) == nil)
    #expect(window([4], [0], [1], [0]) == nil)
    #expect(window([4], [2], [0], [0]) == nil)
    #expect(window([4], [2], [1], [-1]) == nil)
    #expect(window([4, 4], [2], [1], [0]) == nil)
    #expect(window([4], [Int.max], [1], [0]) == nil)
  }
}
