import CarpusTensors
import Foundation
import Testing

@Suite struct BlockedTests {
  typealias Case = ConvolutionTests.Case

  /// At the edges of blocks, tiles and patches, and in their middle.
  static let convolutions: [Case] = [
    Case(3, 4, input: [5, 6], kernel: [1, 1]),
    Case(batch: 2, 17, 33, input: [7, 7], kernel: [1, 1]),
    Case(48, 64, input: [1, 1], kernel: [1, 1]),
    Case(16, 70, input: [5, 29], kernel: [1, 1]),
    Case(batch: 2, 20, 40, input: [9, 8], kernel: [1, 1], strides: [2, 2]),
    Case(700, 17, input: [23, 30], kernel: [1, 1], strides: [2, 3]),
    Case(4, 16, input: [5, 5], kernel: [1, 1], strides: [2, 2], padsEnd: [2, 0]),
    Case(3, 40, input: [23, 61], kernel: [7, 7], strides: [2, 2], pads: [3, 3]),
    Case(3, 20, input: [16, 32], kernel: [4, 4], strides: [4, 4]),
    Case(batch: 2, 5, 7, input: [9, 11], kernel: [3, 3], pads: [1, 1]),
    Case(16, 16, input: [8, 8], kernel: [3, 3], pads: [1, 1]),
    Case(33, 35, input: [7, 7], kernel: [3, 3], pads: [1, 1]),
    Case(batch: 2, 4, 4, input: [30, 31], kernel: [3, 3], padsEnd: [1, 2]),
    Case(5, 7, input: [9, 11], kernel: [3, 3], strides: [2, 2], pads: [0, 0], padsEnd: [1, 1]),
    Case(70, 20, input: [9, 40], kernel: [1, 7], pads: [0, 3]),
    Case(batch: 2, 17, 40, input: [11, 8], kernel: [7, 1], pads: [3, 0]),
    Case(20, 33, input: [10, 9], kernel: [5, 5], pads: [2, 2]),
    Case(batch: 2, 9, 18, input: [8, 13], kernel: [1, 3], pads: [0, 1]),
    Case(33, 16, input: [9, 7], kernel: [3, 1], pads: [1, 0]),
    Case(18, 6, input: [12, 10], kernel: [3, 3], dilations: [2, 3], pads: [2, 3]),
    Case(1, 1, input: [2, 2], kernel: [5, 5], pads: [4, 4]),
    Case(130, 9, input: [5, 5], kernel: [3, 3], strides: [2, 1], pads: [1, 1]),
    Case(groups: 6, 6, 6, input: [15, 16], kernel: [3, 3], pads: [1, 1]),
    Case(batch: 2, groups: 20, 20, 20, input: [15, 37], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case(groups: 17, 17, 17, input: [14, 19], kernel: [5, 5], strides: [2, 2], pads: [2, 2]),
    Case(batch: 2, groups: 12, 48, 48, input: [9, 11], kernel: [3, 3], pads: [1, 1]),
    Case(groups: 2, 16, 16, input: [12, 7], kernel: [3, 3], strides: [2, 2], pads: [1, 1]),
    Case(groups: 2, 96, 96, input: [6, 9], kernel: [3, 3], pads: [1, 1]),
    Case(groups: 32, 32, 32, input: [8, 9], kernel: [1, 3], strides: [1, 2], pads: [0, 1]),
    Case(groups: 2, 2, 2, input: [20, 33], kernel: [3, 3], strides: [3, 3], dilations: [2, 1], pads: [1, 1]),
  ]

  /// Planes in the blocked layout, as its definition says; NaN behind the last channel, where nobody may look.
  static func blocked(_ x: [Float], images: Int, channels: Int, pixels: Int) -> [Float] {
    let blocks = (channels + 15) / 16
    return (0..<images * blocks * pixels * 16).map { index -> Float in
      let lane = index % 16, pixel = index / 16 % pixels, block = index / 16 / pixels % blocks, image = index / 16 / pixels / blocks
      let channel = block * 16 + lane
      return channel < channels ? x[(image * channels + channel) * pixels + pixel] : .nan
    }
  }

  /// The way back.
  static func planar(_ y: [Double], images: Int, channels: Int, pixels: Int) -> [Double] {
    let blocks = (channels + 15) / 16
    return (0..<images * channels * pixels).map { index -> Double in
      let pixel = index % pixels, channel = index / pixels % channels, image = index / pixels / channels
      return y[((image * blocks + channel / 16) * pixels + pixel) * 16 + channel % 16]
    }
  }

  @Test(arguments: convolutions) func convolutionIsTheDefinition(_ test: Case) throws {
    let convolution = try #require(test.convolution), inputs = test.input.reduce(1, *), outputs = test.output.reduce(1, *)
    let x = coarseNumbers(convolution.inputCount, seed: 1), w = coarseNumbers(convolution.weightCount, seed: 2, range: 2)
    let bias = coarseNumbers(test.outputs, seed: 3), residual = coarseNumbers(convolution.outputCount, seed: 4)
    var plain = [Double](repeating: 0, count: convolution.outputCount)
    ConvolutionTests().forEachProduct(test) { x0, w0, y0 in plain[y0] += x[x0] * w[w0] }
    let full = plain.indices.map { min(max(plain[$0] + bias[$0 / outputs % test.outputs] + residual[$0], -3), 4) }
    let smooth = plain.indices.map { index -> Double in
      let sum = plain[index] + bias[index / outputs % test.outputs] + residual[index]
      return sum * min(max(sum / 6 + 0.5, 0), 1)
    }
    let planarX = x.cast(Float.self), w32 = w.cast(Float.self), bias32 = bias.cast(Float.self)
    let blockedX = Self.blocked(planarX, images: test.batch, channels: test.inputs, pixels: inputs)
    let other = Self.blocked(residual.cast(Float.self), images: test.batch, channels: test.outputs, pixels: outputs)
    let methods = [false, true].flatMap { BlockedMethod.methods(for: convolution, planar: $0) }
    #expect(!methods.isEmpty)
    let scale = max(1, plain.map { abs($0) }.max() ?? 1)
    for team in teams {
      for method in methods {
        let prepared = BlockedConvolution(
          w32.span, bias: bias32.span, for: convolution, method: method, instructionSet: team.instructionSet)
        let scratch = Scratch(), source = method == .planarRows ? planarX : blockedX
        let isRounded = method == .winograd(2) || method == .winograd(4)
        for (activation, expected) in [(UnaryFunction.clip(low: -3, high: 4), full), (.hardSwish, smooth)] {
          let y = filled(other.count, Float.self) {
            Kernels.convolution(
              source.span, blocked: prepared, residual: other.span, activation: activation, into: &$0, scratch: scratch, team: team)
          }
          let result = Self.planar(y, images: test.batch, channels: test.outputs, pixels: outputs)
          #expect(greatestError(result, expected, scale: scale) < (isRounded || activation == .hardSwish ? 4e-6 : 1e-12), "\(method) \(team)")
        }
        let bare = BlockedConvolution(w32.span, bias: nil, for: convolution, method: method, instructionSet: team.instructionSet)
        let y = filled(other.count, Float.self) {
          Kernels.convolution(source.span, blocked: bare, into: &$0, scratch: scratch, team: team)
        }
        let result = Self.planar(y, images: test.batch, channels: test.outputs, pixels: outputs)
        #expect(greatestError(result, plain, scale: scale) < (isRounded ? 4e-6 : 1e-12), "\(method) \(team)")
      }
    }
  }

  /// Real numbers, large enough to be cut into tasks: the same bits for any number of threads.
  @Test(arguments: [
    Case(64, 96, input: [29, 30], kernel: [1, 1]), Case(40, 64, input: [30, 29], kernel: [3, 3], pads: [1, 1]),
    Case(3, 64, input: [40, 41], kernel: [7, 7], strides: [2, 2], pads: [3, 3]),
    Case(groups: 48, 48, 48, input: [30, 30], kernel: [3, 3], pads: [1, 1]),
  ]) func threadsChangeNothing(_ test: Case) throws {
    let convolution = try #require(test.convolution)
    let w = numbers(convolution.weightCount, seed: 2).cast(Float.self), x = numbers(convolution.inputCount, seed: 1).cast(Float.self)
    let blocked = Self.blocked(x, images: 1, channels: test.inputs, pixels: test.input.reduce(1, *))
    for planar in [false, true] {
      for method in BlockedMethod.methods(for: convolution, planar: planar) {
        let prepared = Self.prepared(w, for: convolution, method)
        let count = (test.outputs + 15) / 16 * 16 * test.output.reduce(1, *)
        let input = planar ? x : blocked, single = Self.convolved(input, by: prepared, count: count, threads: 1)
        for threads in [2, 3, 7] {
          #expect(Self.convolved(input, by: prepared, count: count, threads: threads) == single, "\(method)")
        }
      }
    }
  }

  private static func prepared(_ weights: [Float], for convolution: Convolution, _ method: BlockedMethod) -> BlockedConvolution {
    BlockedConvolution(weights.span, bias: nil, for: convolution, method: method)
  }

  private static func convolved(_ input: [Float], by prepared: BlockedConvolution, count: Int, threads: Int) -> [Double] {
    filled(count, Float.self) {
      Kernels.convolution(input.span, blocked: prepared, into: &$0, scratch: Scratch(), team: ThreadTeam(count: threads))
    }
  }

  /// Scaling on the way gives the bits of scaling before.
  @Test(arguments: [
    Case(batch: 2, 17, 33, input: [7, 7], kernel: [1, 1]), Case(64, 96, input: [29, 30], kernel: [1, 1]),
    Case(48, 64, input: [1, 1], kernel: [1, 1]), Case(700, 20, input: [13, 17], kernel: [1, 1]),
  ]) func scalingOfTheInput(_ test: Case) throws {
    let convolution = try #require(test.convolution), pixels = test.input.reduce(1, *), blocks = (test.inputs + 15) / 16
    let x = numbers(convolution.inputCount, seed: 1).cast(Float.self), w = numbers(convolution.weightCount, seed: 2).cast(Float.self)
    let blocked = Self.blocked(x, images: test.batch, channels: test.inputs, pixels: pixels).map { $0.isNaN ? 0 : $0 }
    let scale = numbers(16 * blocks, seed: 3).cast(Float.self), offset = numbers(16 * blocks, seed: 4).cast(Float.self)
    let count = test.batch * ((test.outputs + 15) / 16) * 16 * pixels
    for team in teams {
      let prepared = BlockedConvolution(w.span, bias: nil, for: convolution, method: .pixels, instructionSet: team.instructionSet)
      let scaled = filled(blocked.count, Float.self) {
        Kernels.scaleBlocked(
          blocked.span, scale: scale.span, offset: offset.span, activation: .relu, planes: test.batch * blocks, pixels: pixels, into: &$0,
          team: team)
      }
      let expected = filled(count, Float.self) {
        Kernels.convolution(scaled.cast(Float.self).span, blocked: prepared, activation: .silu, into: &$0, scratch: Scratch(), team: team)
      }
      let y = filled(count, Float.self) {
        Kernels.convolution(
          scaled: blocked.span, scale: scale.span, offset: offset.span, before: .relu, blocked: prepared, activation: .silu, into: &$0,
          scratch: Scratch(), team: team)
      }
      let isEqual = y == expected
      #expect(isEqual)
    }
  }

  /// Long sums against float64.
  @Test(arguments: [
    ([3, 3], [(BlockedMethod.rows, 2e-6), (.winograd(2), 2e-6), (.winograd(4), 6e-6)]), ([5, 5], [(.rows, 2e-6), (.winograd(2), 6e-6)]),
    ([1, 7], [(.rows, 2e-6), (.winograd(2), 6e-6)]), ([7, 1], [(.winograd(2), 6e-6)]), ([1, 3], [(.winograd(2), 2e-6), (.winograd(4), 6e-6)]),
  ]) func winogradRoundsLittle(_ kernel: [Int], _ limits: [(method: BlockedMethod, limit: Double)]) throws {
    let test = Case(256, 16, input: [8, 8], kernel: kernel, pads: kernel.map { $0 / 2 }), convolution = try #require(test.convolution)
    let x = numbers(convolution.inputCount, seed: 1).cast(Float.self), w = numbers(convolution.weightCount, seed: 2).cast(Float.self)
    var plain = [Double](repeating: 0, count: convolution.outputCount)
    ConvolutionTests().forEachProduct(test) { x0, w0, y0 in plain[y0] += Double(x[x0]) * Double(w[w0]) }
    let rms = (plain.reduce(0) { $0 + $1 * $1 } / Double(plain.count)).squareRoot()
    let blocked = Self.blocked(x, images: 1, channels: 256, pixels: 64)
    for (method, limit) in limits {
      let prepared = BlockedConvolution(w.span, bias: nil, for: convolution, method: method)
      let y = filled(16 * 64, Float.self) {
        Kernels.convolution(blocked.span, blocked: prepared, into: &$0, scratch: Scratch(), team: .single)
      }
      let errors = zip(Self.planar(y, images: 1, channels: 16, pixels: 64), plain).map { abs($0 - $1) / rms }
      #expect(errors.max() ?? 1 < limit, "\(method)")
    }
  }

  @Test(arguments: [1, 15, 16, 17, 40], [1, 7, 16, 35]) func conversionsAreTheDefinition(_ channels: Int, _ pixels: Int) {
    let x = numbers(2 * channels * pixels, seed: 5).cast(Float.self)
    let expected = Self.blocked(x, images: 2, channels: channels, pixels: pixels)
    for team in teams {
      let y = filled(expected.count, Float.self) {
        Kernels.toBlocked(x.span, images: 2, channels: channels, pixels: pixels, into: &$0, team: team)
      }
      #expect(zip(y, expected).allSatisfy { $1.isNaN || Float($0) == $1 })
      let back = filled(x.count, Float.self) {
        Kernels.fromBlocked(expected.span, images: 2, channels: channels, pixels: pixels, into: &$0, team: team)
      }
      #expect(back == x.map(Double.init))
    }
  }

  @Test(arguments: PoolingTests.cases.filter { $0.input.count == 2 }) func poolingIsThatOfPlanes(_ test: PoolingTests.Case) throws {
    let window = try #require(test.window), inputs = test.input.reduce(1, *), outputs = test.output.reduce(1, *)
    var x = numbers(2 * 19 * inputs, seed: 6).cast(Float.self)
    x[inputs / 2] = .nan
    let blocked = Self.blocked(x, images: 2, channels: 19, pixels: inputs)
    for team in teams {
      let most = filled(38 * outputs, Float.self) { Kernels.maxPool(x.span, planes: 38, window: window, into: &$0, team: team) }
      let y = filled(4 * 16 * outputs, Float.self) { Kernels.maxPoolBlocked(blocked.span, planes: 4, window: window, into: &$0, team: team) }
      #expect(greatestError(Self.planar(y, images: 2, channels: 19, pixels: outputs), most, scale: 1) == 0)
      for counting in [false, true] {
        let mean = filled(38 * outputs, Float.self) {
          Kernels.averagePool(x.span, planes: 38, window: window, countingPadding: counting, into: &$0, team: team)
        }
        let z = filled(4 * 16 * outputs, Float.self) {
          Kernels.averagePoolBlocked(blocked.span, planes: 4, window: window, countingPadding: counting, into: &$0, team: team)
        }
        #expect(greatestError(Self.planar(z, images: 2, channels: 19, pixels: outputs), mean, scale: 1) < 1e-6)
      }
    }
  }

  @Test func channelsByThemselves() {
    let images = 2, channels = 35, pixels = 70, count = images * channels * pixels
    let x = numbers(count, seed: 7), other = numbers(count, seed: 8), scale = numbers(images * channels, seed: 9)
    let offset = numbers(images * channels, seed: 10)
    func block(_ values: [Double], _ pixels: Int) -> [Float] {
      Self.blocked(values.cast(Float.self), images: images, channels: channels, pixels: pixels)
    }
    func plain(_ y: [Double], _ pixels: Int) -> [Double] { Self.planar(y, images: images, channels: channels, pixels: pixels) }
    let x0 = block(x, pixels), other0 = block(other, pixels), scale0 = block(scale, 1), offset0 = block(offset, 1)
    for team in teams {
      let scaled = filled(x0.count, Float.self) {
        Kernels.scaleBlocked(
          x0.span, scale: scale0.span, offset: offset0.span, activation: .relu, planes: images * 3, pixels: pixels, into: &$0, team: team)
      }
      let expected = x.indices.map { index -> Double in max(0, x[index] * scale[index / pixels] + offset[index / pixels]) }
      #expect(greatestError(plain(scaled, pixels), expected, scale: 1) < 1e-6)
      let sum = filled(x0.count, Float.self) { Kernels.addBlocked(x0.span, other0.span, activation: .silu, into: &$0, team: team) }
      let silu = zip(x, other).map { a, b -> Double in (a + b) / (1 + exp(-(a + b))) }
      #expect(greatestError(plain(sum, pixels), silu, scale: 1) < 1e-6)
      let mean = filled(images * 3 * 16, Float.self) {
        Kernels.globalMeanBlocked(x0.span, planes: images * 3, pixels: pixels, into: &$0, team: team)
      }
      let means = (0..<images * channels).map { plane -> Double in
        let own = x[plane * pixels..<(plane + 1) * pixels]
        return own.reduce(0, +) / Double(pixels)
      }
      #expect(greatestError(plain(mean, 1), means, scale: 1) < 1e-6)
    }
  }

  /// Parts whose channels begin inside a block, too.
  @Test func concatenation() {
    let parts = [16, 5, 32, 20], total = parts.reduce(0, +), pixels = 6
    let whole = numbers(2 * total * pixels, seed: 11)
    for team in teams {
      let y = filled(2 * ((total + 15) / 16) * 16 * pixels, Float.self) { y in
        var first = 0
        for channels in parts {
          let begin = first * pixels, count = channels * pixels, second = begin + total * pixels
          let part: [Double] = Array(whole[begin..<begin + count]) + Array(whole[second..<second + count])
          let x = Self.blocked(part.cast(Float.self), images: 2, channels: channels, pixels: pixels)
          Kernels.placeBlocked(x.span, channels: channels, at: first, of: total, images: 2, pixels: pixels, into: &y, team: team)
          first += channels
        }
      }
      #expect(Self.planar(y, images: 2, channels: total, pixels: pixels) == whole.cast(Float.self).map(Double.init))
    }
  }

  @Test(arguments: [(1, 16), (5, 48), (31, 80), (200, 96), (787, 48), (1552, 16)], [false, true]) func productsAreTheDefinition(
    _ extents: (Int, Int), _ isTransposed: Bool
  ) {
    let (inputs, outputs) = extents
    for rows in [1, 13, 29, 70] {
      let x = coarseNumbers(rows * inputs, seed: 1), w = coarseNumbers(inputs * outputs, seed: 2, range: 2)
      let bias = coarseNumbers(outputs, seed: 3), residual = coarseNumbers(rows * outputs, seed: 4)
      let expected = (0..<rows * outputs).map { place -> Double in
        let (r, o) = place.quotientAndRemainder(dividingBy: outputs)
        let sum = (0..<inputs).reduce(0.0) { $0 + x[r * inputs + $1] * w[isTransposed ? o * inputs + $1 : $1 * outputs + o] }
        return max(0, sum + bias[o] + residual[place])
      }
      let x0 = x.cast(Float.self), w0 = w.cast(Float.self), bias0 = bias.cast(Float.self), residual0 = residual.cast(Float.self)
      for team in teams {
        let matrix = PackedMatrix(
          w0.span, inputs: inputs, outputs: outputs, isTransposed: isTransposed, bias: bias0.span, instructionSet: team.instructionSet)
        let y = filled(rows * outputs, Float.self) {
          Kernels.multiply(
            x0.span, by: matrix, rows: rows, residual: residual0.span, activation: .relu, into: &$0, scratch: Scratch(), team: team)
        }
        #expect(y == expected, "\(team)")
      }
    }
  }
}
