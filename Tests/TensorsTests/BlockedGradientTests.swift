import CarpusTensors
import Testing

/// Vector-Jacobian products in the blocked layout, against those of planes and against their definition.
@Suite struct BlockedGradientTests {
  typealias Case = ConvolutionTests.Case

  static let convolutions: [Case] = [
    Case(3, 4, input: [5, 6], kernel: [1, 1]),
    Case(batch: 2, 17, 33, input: [7, 7], kernel: [1, 1]),
    Case(batch: 2, 20, 40, input: [9, 8], kernel: [1, 1], strides: [2, 2]),
    Case(18, 64, input: [1, 1], kernel: [1, 1]),
    Case(batch: 2, 5, 7, input: [9, 11], kernel: [3, 3], pads: [1, 1]),
    Case(33, 35, input: [30, 31], kernel: [3, 3], padsEnd: [1, 2]),
    Case(16, 40, input: [16, 16], kernel: [3, 3], pads: [1, 1]),
    Case(batch: 2, 20, 18, input: [15, 12], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case(17, 20, input: [14, 13], kernel: [3, 3], strides: [2, 2]),
    Case(3, 20, input: [23, 61], kernel: [7, 7], strides: [2, 2], pads: [3, 3]),
    Case(3, 20, input: [16, 32], kernel: [4, 4], strides: [4, 4]),
    Case(20, 17, input: [9, 10], kernel: [5, 3], strides: [2, 1], pads: [2, 1]),
    Case(20, 17, input: [12, 9], kernel: [1, 7], pads: [0, 3]),
    Case(18, 6, input: [12, 10], kernel: [3, 3], dilations: [2, 3], pads: [2, 3]),
    Case(18, 20, input: [17, 16], kernel: [3, 3], strides: [2, 2], dilations: [3, 2], pads: [3, 2]),
    Case(groups: 20, 20, 20, input: [15, 16], kernel: [3, 3], pads: [1, 1]),
    Case(batch: 2, groups: 17, 17, 17, input: [14, 19], kernel: [5, 5], strides: [2, 2], pads: [2, 2]),
    Case(groups: 18, 18, 18, input: [15, 15], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
  ]

  @Test(arguments: convolutions) func inputGradientIsTheDefinition(_ test: Case) throws {
    let convolution = try #require(test.convolution), inputs = test.input.reduce(1, *), outputs = test.output.reduce(1, *)
    #expect(BlockedInputGradient.serves(convolution))
    let seed = coarseNumbers(convolution.outputCount, seed: 1), w = coarseNumbers(convolution.weightCount, seed: 2, range: 2)
    let residual = coarseNumbers(convolution.inputCount, seed: 3), at = coarseNumbers(convolution.inputCount, seed: 4)
    let addend = coarseNumbers(convolution.inputCount, seed: 5), scale = coarseNumbers(test.inputs, seed: 6, range: 2).cast(Float.self)
    var plain = [Double](repeating: 0, count: convolution.inputCount)
    ConvolutionTests().forEachProduct(test) { x0, w0, y0 in plain[x0] += seed[y0] * w[w0] }
    let full = plain.indices.map { index -> Double in
      let sum = plain[index] * Double(scale[index / inputs % test.inputs]) + residual[index]
      return (at[index] > 0 ? sum : 0) + addend[index]
    }
    func blocked(_ values: [Double], _ channels: Int, _ pixels: Int) -> [Float] {
      BlockedTests.blocked(values.cast(Float.self), images: test.batch, channels: channels, pixels: pixels)
    }
    let seeds = blocked(seed, test.outputs, outputs), others = blocked(residual, test.inputs, inputs)
    let places = blocked(at, test.inputs, inputs), sums = blocked(addend, test.inputs, inputs), w32 = w.cast(Float.self)
    let largest = max(1, plain.map { abs($0) }.max() ?? 1)
    for team in teams {
      for accuracy in [BlockedAccuracy.usual, .strict] {
        let bare = BlockedInputGradient(w32.span, for: convolution, accuracy: accuracy, instructionSet: team.instructionSet)
        let x = filled(others.count, Float.self) {
          Kernels.convolutionInputGradient(seed: seeds.span, blocked: bare, into: &$0, scratch: Scratch(), team: team)
        }
        let limit = accuracy == .strict ? 1e-12 : 4e-6
        let result = BlockedTests.planar(x, images: test.batch, channels: test.inputs, pixels: inputs)
        #expect(greatestError(result, plain, scale: largest) < limit, "\(team)")
        let scaled = BlockedInputGradient(w32.span, scale: scale, for: convolution, accuracy: accuracy, instructionSet: team.instructionSet)
        let y = filled(others.count, Float.self) {
          Kernels.convolutionInputGradient(
            seed: seeds.span, blocked: scaled, residual: others.span, slope: .relu, at: places.span, addend: sums.span, into: &$0,
            scratch: Scratch(), team: team)
        }
        let finished = BlockedTests.planar(y, images: test.batch, channels: test.inputs, pixels: inputs)
        #expect(greatestError(finished, full, scale: 4 * largest) < limit, "\(team)")
      }
    }
  }

  /// The whole square of an image's pixels as channels.
  @Test(arguments: convolutions) func squaresAreTheDefinition(_ test: Case) throws {
    let convolution = try #require(test.convolution)
    guard let squares = BlockedSquares(convolution) else { return }
    let own = squares.squares, outputs = test.output.reduce(1, *), rows = own.window.output[0], columns = own.window.output[1]
    let seed = coarseNumbers(convolution.outputCount, seed: 1), w = coarseNumbers(convolution.weightCount, seed: 2, range: 2).cast(Float.self)
    var plain = [Double](repeating: 0, count: convolution.inputCount)
    ConvolutionTests().forEachProduct(test) { x0, w0, y0 in plain[x0] += seed[y0] * Double(w[w0]) }
    let weights = squares.weights(w.span)
    let seeds = BlockedTests.blocked(seed.cast(Float.self), images: test.batch, channels: test.outputs, pixels: outputs)
    for team in teams {
      let method = try #require(BlockedMethod.methods(for: own, planar: false, accuracy: .strict).first)
      let prepared = BlockedConvolution(weights.span, bias: nil, for: own, method: method, instructionSet: team.instructionSet)
      let lanes = filled(test.batch * (own.outputChannels + 15) / 16 * 16 * rows * columns, Float.self) {
        Kernels.convolution(seeds.span, blocked: prepared, into: &$0, scratch: Scratch(), team: team)
      }.cast(Float.self)
      let x = filled(plain.count, Float.self) {
        Kernels.spreadBlocked(lanes.span, convolution, rows: rows, columns: columns, into: &$0, team: team)
      }
      #expect(x == plain, "\(team)")
    }
  }

  @Test func imagesHaveSquares() throws {
    let first = try #require(Case(3, 64, input: [32, 32], kernel: [7, 7], strides: [2, 2], pads: [3, 3]).convolution)
    #expect(BlockedSquares(first)?.squares.window.kernel == [4, 4])
    let later = try #require(Case(64, 64, input: [32, 32], kernel: [3, 3], strides: [2, 2], pads: [1, 1]).convolution)
    #expect(BlockedSquares(later) == nil)
  }

  /// Real numbers, large enough to be cut into tasks: the same bits for any number of threads.
  @Test(arguments: [
    Case(64, 96, input: [29, 30], kernel: [1, 1]), Case(40, 64, input: [30, 29], kernel: [3, 3], pads: [1, 1]),
    Case(48, 64, input: [40, 41], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case(groups: 48, 48, 48, input: [30, 30], kernel: [5, 5], strides: [2, 2], pads: [2, 2]),
  ]) func threadsChangeNothing(_ test: Case) throws {
    let convolution = try #require(test.convolution)
    let w = numbers(convolution.weightCount, seed: 2).cast(Float.self), seed = numbers(convolution.outputCount, seed: 1).cast(Float.self)
    let seeds = BlockedTests.blocked(seed, images: 1, channels: test.outputs, pixels: test.output.reduce(1, *))
    let prepared = BlockedInputGradient(w.span, for: convolution), count = (test.inputs + 15) / 16 * 16 * test.input.reduce(1, *)
    let single = Self.gradient(seeds, by: prepared, count: count, threads: 1)
    for threads in [2, 3, 7] { #expect(Self.gradient(seeds, by: prepared, count: count, threads: threads) == single) }
  }

  private static func gradient(_ seed: [Float], by prepared: BlockedInputGradient, count: Int, threads: Int) -> [Double] {
    filled(count, Float.self) {
      Kernels.convolutionInputGradient(
        seed: seed.span, blocked: prepared, into: &$0, scratch: Scratch(), team: ThreadTeam(count: threads))
    }
  }

  /// The first blocks of an addend that has more of them.
  @Test func addendsWithMoreChannels() throws {
    let test = Case(batch: 2, 16, 20, input: [3, 5], kernel: [1, 1]), convolution = try #require(test.convolution)
    #expect(BlockedInputGradient.addsFirstBlocks(convolution))
    let seed = coarseNumbers(2 * 20 * 15, seed: 1).cast(Float.self), w = coarseNumbers(20 * 16, seed: 2).cast(Float.self)
    let addend = coarseNumbers(2 * 40 * 15, seed: 3), ones = [Float](repeating: 1, count: 2 * 16 * 15)
    let image = 16 * 15
    var expected = (0..<2 * image).map { place -> Double in
      let (index, rest) = place.quotientAndRemainder(dividingBy: image)
      return addend[index * 40 * 15 + rest]
    }
    ConvolutionTests().forEachProduct(test) { x0, w0, y0 in expected[x0] += Double(seed[y0]) * Double(w[w0]) }
    let seeds = BlockedTests.blocked(seed, images: 2, channels: 20, pixels: 15)
    let sums = BlockedTests.blocked(addend.cast(Float.self), images: 2, channels: 40, pixels: 15)
    for team in teams {
      let prepared = BlockedInputGradient(w.span, for: convolution, instructionSet: team.instructionSet)
      let x = filled(ones.count, Float.self) {
        Kernels.convolutionInputGradient(
          seed: seeds.span, blocked: prepared, slope: .relu, at: ones.span, addend: sums.span, into: &$0, scratch: Scratch(), team: team)
      }
      #expect(BlockedTests.planar(x, images: 2, channels: 16, pixels: 15) == expected)
    }
  }

  @Test(arguments: PoolingTests.cases.filter { $0.input.count == 2 }) func poolingIsThatOfPlanes(_ test: PoolingTests.Case) throws {
    let window = try #require(test.window), inputs = test.input.reduce(1, *), outputs = test.output.reduce(1, *)
    // Few different numbers, so that some are equally large.
    var x = coarseNumbers(38 * inputs, seed: 6, range: 2).cast(Float.self)
    (x[inputs / 2], x[inputs]) = (.nan, .nan)
    let seed = coarseNumbers(38 * outputs, seed: 7).cast(Float.self)
    let blockedX = BlockedTests.blocked(x, images: 2, channels: 19, pixels: inputs)
    let blockedSeed = BlockedTests.blocked(seed, images: 2, channels: 19, pixels: outputs)
    for team in teams {
      let most = filled(x.count, Float.self) {
        Kernels.maxPoolGradient(seed: seed.span, at: x.span, planes: 38, window: window, into: &$0, team: team)
      }
      let y = filled(blockedX.count, Float.self) {
        Kernels.maxPoolGradientBlocked(seed: blockedSeed.span, at: blockedX.span, planes: 4, window: window, into: &$0, team: team)
      }
      #expect(BlockedTests.planar(y, images: 2, channels: 19, pixels: inputs) == most)
      for counting in [false, true] {
        let mean = filled(x.count, Float.self) {
          Kernels.averagePoolGradient(seed: seed.span, planes: 38, window: window, countingPadding: counting, into: &$0, team: team)
        }
        let z = filled(blockedX.count, Float.self) {
          Kernels.averagePoolGradientBlocked(
            seed: blockedSeed.span, planes: 4, window: window, countingPadding: counting, into: &$0, team: team)
        }
        #expect(greatestError(BlockedTests.planar(z, images: 2, channels: 19, pixels: inputs), mean, scale: 1) < 1e-5)
      }
    }
  }

  @Test func slopesAndSums() {
    let images = 2, channels = 35, pixels = 70, count = images * channels * pixels
    let x = numbers(count, seed: 7), other = numbers(count, seed: 8), at = numbers(count, seed: 9), factors = numbers(images * channels, seed: 10)
    func block(_ values: [Double], _ pixels: Int) -> [Float] {
      BlockedTests.blocked(values.cast(Float.self), images: images, channels: channels, pixels: pixels)
    }
    func plain(_ y: [Double], _ pixels: Int = 70) -> [Double] {
      BlockedTests.planar(y, images: images, channels: channels, pixels: pixels)
    }
    let x0 = block(x, pixels), other0 = block(other, pixels), at0 = block(at, pixels), factors0 = block(factors, 1)
    func masked(_ value: (Int) -> Double) -> [Double] { x.indices.map { at[$0] > 0 ? value($0) : 0 } }
    for team in teams {
      let slope = filled(x0.count, Float.self) { Kernels.mapBlocked(x0.span, slope: .relu, at: at0.span, into: &$0, team: team) }
      #expect(greatestError(plain(slope), masked { x[$0] }, scale: 1) < 1e-6)
      let sum = filled(x0.count, Float.self) {
        Kernels.addBlocked(x0.span, other0.span, slope: .relu, at: at0.span, into: &$0, team: team)
      }
      #expect(greatestError(plain(sum), masked { x[$0] + other[$0] }, scale: 1) < 1e-6)
      let scaled = filled(x0.count, Float.self) {
        Kernels.scaleBlocked(
          x0.span, scale: factors0.span, offset: factors0.span, slope: .relu, at: at0.span, planes: images * 3, pixels: pixels, into: &$0,
          team: team)
      }
      #expect(greatestError(plain(scaled), masked { (x[$0] + 1) * factors[$0 / pixels] }, scale: 1) < 1e-6)
      let product = filled(x0.count, Float.self) { Kernels.multiplyBlocked(x0.span, other0.span, into: &$0, team: team) }
      #expect(greatestError(plain(product), zip(x, other).map { $0 * $1 }, scale: 1) < 1e-6)
      let total = filled(images * 3 * 16, Float.self) {
        Kernels.sumOfProductsBlocked(x0.span, other0.span, planes: images * 3, pixels: pixels, into: &$0, team: team)
      }
      let totals = (0..<images * channels).map { plane -> Double in
        (plane * pixels..<(plane + 1) * pixels).reduce(0) { $0 + x[$1] * other[$1] }
      }
      #expect(greatestError(plain(total, 1), totals, scale: 1) < 1e-5)
    }
  }

  /// Ranges that begin and end inside a block, too.
  @Test(arguments: [0..<16, 16..<48, 5..<21, 17..<70, 69..<70]) func channelsAreTaken(_ range: Range<Int>) {
    let total = 70, pixels = 6, x = numbers(2 * total * pixels, seed: 11).cast(Float.self)
    let whole = BlockedTests.blocked(x, images: 2, channels: total, pixels: pixels)
    let expected = (0..<2).flatMap { image -> [Double] in
      let start = image * total
      return x[(start + range.lowerBound) * pixels..<(start + range.upperBound) * pixels].map { Double($0) }
    }
    for team in teams {
      let y = filled(2 * ((range.count + 15) / 16) * 16 * pixels, Float.self) {
        Kernels.takeBlocked(
          whole.span, channels: range.count, at: range.lowerBound, of: total, images: 2, pixels: pixels, into: &$0, team: team)
      }
      #expect(BlockedTests.planar(y, images: 2, channels: range.count, pixels: pixels) == expected)
    }
  }
}
