import CarpusTensors
import Testing

@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    var batch = 1, groups = 1, inputs: Int, outputs: Int
    var input, kernel: [Int]
    var strides, dilations, padsBegin, padsEnd: [Int]

    init(
      batch: Int = 1, groups: Int = 1, _ inputs: Int, _ outputs: Int, input: [Int], kernel: [Int], strides: [Int]? = nil,
      dilations: [Int]? = nil, pads: [Int]? = nil, padsEnd: [Int]? = nil
    ) {
      let ones = [Int](repeating: 1, count: input.count)
      let zeros = [Int](repeating: 0, count: input.count)
      self.batch = batch
      self.groups = groups
      self.inputs = inputs
      self.outputs = outputs
      self.input = input
      self.kernel = kernel
      self.strides = strides ?? ones
      self.dilations = dilations ?? ones
      self.padsBegin = pads ?? zeros
      self.padsEnd = padsEnd ?? pads ?? zeros
    }

    var output: [Int] {
      input.indices.map { axis in
        let reach = dilations[axis] * (kernel[axis] - 1) + 1
        return (input[axis] + padsBegin[axis] + padsEnd[axis] - reach) / strides[axis] + 1
      }
    }

    var description: String {
      "\(batch)x\(inputs)->\(outputs)/\(groups) \(input) k\(kernel) s\(strides) d\(dilations) p\(padsBegin)\(padsEnd)"
    }

    var convolution: Convolution? {
      SlidingWindow(
        input: input, output: output, kernel: kernel, strides: strides, dilations: dilations, padsBegin: padsBegin, padsEnd: padsEnd
      ).flatMap { Convolution(batch: batch, groups: groups, inputChannels: inputs, outputChannels: outputs, window: $0) }
    }
  }

  static let cases: [Case] = [
    Case(3, 4, input: [5, 6], kernel: [1, 1]),
    Case(batch: 2, 17, 9, input: [7, 7], kernel: [1, 1]),
    Case(batch: 2, 8, 5, input: [9, 8], kernel: [1, 1], strides: [2, 2]),
    Case(3, 8, input: [23, 21], kernel: [7, 7], strides: [2, 2], pads: [3, 3]),
    Case(5, 7, input: [9, 11], kernel: [3, 3], pads: [1, 1]),
    Case(5, 7, input: [9, 11], kernel: [3, 3], strides: [2, 2], pads: [0, 0], padsEnd: [1, 1]),
    Case(5, 7, input: [9, 40], kernel: [1, 7], pads: [0, 3]),
    Case(4, 6, input: [12, 10], kernel: [3, 3], dilations: [2, 3], pads: [2, 3]),
    Case(batch: 3, groups: 2, 4, 6, input: [8, 9], kernel: [3, 3], pads: [1, 1]),
    Case(groups: 6, 6, 6, input: [15, 16], kernel: [3, 3], pads: [1, 1]),
    Case(groups: 6, 6, 6, input: [15, 37], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case(groups: 3, 3, 6, input: [14, 70], kernel: [5, 5], pads: [2, 2]),
    Case(groups: 3, 3, 3, input: [14, 19], kernel: [5, 5], strides: [2, 2], pads: [2, 2]),
    Case(groups: 2, 2, 2, input: [20, 33], kernel: [7, 7], pads: [3, 3]),
    Case(groups: 2, 2, 2, input: [20, 33], kernel: [3, 3], strides: [3, 3], dilations: [2, 1], pads: [1, 1]),
    Case(2, 3, input: [17], kernel: [4], strides: [2], pads: [1]),
    Case(2, 3, input: [5, 6, 7], kernel: [2, 3, 2], strides: [1, 2, 1], pads: [1, 1, 0]),
    Case(groups: 2, 2, 4, input: [5, 6, 7], kernel: [3, 3, 3], pads: [1, 1, 1]),
    Case(1, 1, input: [2, 2], kernel: [5, 5], pads: [4, 4]),
    Case(20, 33, input: [13, 17], kernel: [3, 3], pads: [1, 1]),
    Case(batch: 2, 40, 130, input: [7, 7], kernel: [1, 1]),
    Case(24, 70, input: [7, 7], kernel: [3, 3], pads: [1, 1]),
    Case(24, 70, input: [13, 13], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case(2, 2, input: [6, 6], kernel: [1, 1], pads: [1, 1]),
    Case(2, 2, input: [9, 9], kernel: [2, 2], strides: [3, 3]),
    Case(batch: 0, 3, 4, input: [5, 6], kernel: [1, 1]),
  ]

  @Test(arguments: cases) func forwardIsTheDefinition(_ test: Case) throws {
    let convolution = try #require(test.convolution)
    let x = coarseNumbers(convolution.inputCount, seed: 1), w = coarseNumbers(convolution.weightCount, seed: 2, range: 2)
    let bias = coarseNumbers(test.outputs, seed: 3), residual = coarseNumbers(convolution.outputCount, seed: 4)
    var plain = [Double](repeating: 0, count: convolution.outputCount)
    forEachProduct(test) { x0, w0, y0 in plain[y0] += x[x0] * w[w0] }
    let plane = test.output.reduce(1, *)
    let full = plain.indices.map { min(max(plain[$0] + bias[$0 / plane % test.outputs] + residual[$0], -3), 4) }
    for team in teams {
      check(Float.self, plain, full, team)
      check(Double.self, plain, full, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ plain: [Double], _ full: [Double], _ team: ThreadTeam) {
      let scratch = Scratch()
      let x = x.cast(type), w = w.cast(type), bias = bias.cast(type), residual = residual.cast(type)
      let first = filled(plain.count, type) {
        Kernels.convolution(x.span, weights: w.span, convolution, into: &$0, scratch: scratch, team: team)
      }
      #expect(first == plain, "\(type) \(team)")
      let second = filled(plain.count, type) {
        Kernels.convolution(
          x.span, weights: w.span, bias: bias.span, residual: residual.span, activation: .clip(low: -3, high: 4), convolution, into: &$0,
          scratch: scratch, team: team)
      }
      #expect(second == full, "\(type) \(team)")
      let prepared = PreparedConvolution(w.span, for: convolution, instructionSet: team.instructionSet)
      let third = filled(plain.count, type) {
        Kernels.convolution(x.span, prepared: prepared, convolution, into: &$0, scratch: scratch, team: team)
      }
      #expect(third == plain, "\(type) \(team)")
    }
  }

  @Test(arguments: cases) func inputGradientIsTheTranspose(_ test: Case) throws {
    let convolution = try #require(test.convolution)
    let seed = coarseNumbers(convolution.outputCount, seed: 5), w = coarseNumbers(convolution.weightCount, seed: 6, range: 2)
    let bias = coarseNumbers(test.inputs, seed: 7)
    let plane = test.input.reduce(1, *)
    var expected = (0..<convolution.inputCount).map { bias[$0 / plane % test.inputs] }
    forEachProduct(test) { x0, w0, y0 in expected[x0] += seed[y0] * w[w0] }
    for team in teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let seed = seed.cast(type), w = w.cast(type), bias = bias.cast(type)
      let result = filled(expected.count, type) {
        Kernels.convolutionInputGradient(
          seed: seed.span, weights: w.span, bias: bias.span, convolution, into: &$0, scratch: Scratch(), team: team)
      }
      #expect(result == expected, "\(type) \(team)")
      let prepared = PreparedInputGradient(w.span, for: convolution, instructionSet: team.instructionSet)
      let again = filled(expected.count, type) {
        Kernels.convolutionInputGradient(
          seed: seed.span, prepared: prepared, bias: bias.span, convolution, into: &$0, scratch: Scratch(), team: team)
      }
      #expect(again == expected, "\(type) \(team)")
    }
  }

  /// Visits all triples (input, weight, output) whose product occurs in the convolution.
  func forEachProduct(_ test: Case, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    let perGroup = test.inputs / test.groups, rows = test.outputs / test.groups
    let taps = positions(test.kernel), outputs = positions(test.output)
    for image in 0..<test.batch {
      for channel in 0..<test.outputs {
        for own in 0..<perGroup {
          let source = image * test.inputs + channel / rows * perGroup + own
          for (o, output) in outputs.enumerated() {
            for (k, tap) in taps.enumerated() {
              var place = 0, inside = true
              for axis in test.input.indices {
                let position = output[axis] * test.strides[axis] - test.padsBegin[axis] + tap[axis] * test.dilations[axis]
                inside = inside && position >= 0 && position < test.input[axis]
                place = place * test.input[axis] + position
              }
              guard inside else { continue }
              body(
                source * test.input.reduce(1, *) + place, (channel * perGroup + own) * taps.count + k,
                (image * test.outputs + channel) * outputs.count + o)
            }
          }
        }
      }
    }
  }

  func positions(_ extents: [Int]) -> [[Int]] {
    extents.reduce([[]]) { done, extent in done.flatMap { head in (0..<extent).map { head + [$0] } } }
  }
}
