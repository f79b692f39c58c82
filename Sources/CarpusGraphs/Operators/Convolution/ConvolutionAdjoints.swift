import CarpusTensors

/// `∂W[o,c,k] = Σ_{n,p} ∂Y[n,o,p] · X[n, g(o)·C/G + c, p·stride − pad + k·dilation]` of a convolution.
///
/// - Operands: `seed` `[N×M×…]`, `X` `[N×C×…]`.
struct ConvWeightAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("ConvWeight", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let convolution: Convolution

  init(_ convolution: Convolution) { self.convolution = convolution }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let extents = [convolution.outputChannels, convolution.inputChannels / convolution.groups] + convolution.window.kernel
    return [ValueType(try operands.floatingTensor(0).elementType, Shape(extents))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.elementType(0) == .float64
      ? evaluate(Double.self, operands[0], operands[1], into: &results) : evaluate(Float.self, operands[0], operands[1], into: &results)
  }

  /// Products of patches of X with the seed, some positions at a time.
  private func evaluate<T: KernelScalar>(_ type: T.Type, _ seed: Tensor, _ x: Tensor, into results: inout Results) {
    let team = results.team, scratch = results.scratch, groups = convolution.groups
    let patches = Patches(convolution), length = patches.length, outputs = convolution.outputChannels / groups
    let positions = patches.positions, width = max(1, min(positions, 1 << 22 / max(length, 1)))
    let values = x.elements(T.self), seeds = seed.elements(T.self)
    var y = results.elements(0, as: T.self)
    for group in 0..<groups {
      // [length × outputs]: the transpose of what is wanted.
      let sums = Tensor(shape: Shape([length, outputs])) { (sums: inout MutableSpan<T>) in
        for image in 0..<convolution.batch {
          for first in stride(from: 0, to: positions, by: width) {
            let range = first..<min(positions, first + width)
            let columns = patches.columns(values, image: image, group: group, range)
            let part = Tensor(shape: Shape([outputs, range.count])) { (part: inout MutableSpan<T>) in
              for output in 0..<outputs {
                let row = (image * convolution.outputChannels + group * outputs + output) * positions
                for place in 0..<range.count { part[output * range.count + place] = seeds[row + range.lowerBound + place] }
              }
            }
            Kernels.multiply(
              columns.elements(T.self), part.elements(T.self), into: &sums, m: length, n: outputs, k: range.count, transposeB: true,
              beta: 1, scratch: scratch, team: team)
          }
        }
      }
      let transposed = sums.elements(T.self)
      for output in 0..<outputs {
        let row = (group * outputs + output) * length
        for place in 0..<length { y[row + place] = transposed[place * outputs + output] }
      }
    }
  }
}

extension ConvWeightAdjoint {
  /// A convolution whose items are the channels of `X`, whose channels are the items and whose weights are the seed: strides and dilations
  /// change places.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let window = convolution.window, batch = convolution.batch, groups = convolution.groups, rank = window.input.count
    let perGroup = convolution.inputChannels / groups
    // Taps behind the last of the kernel are seen too where windows leave a rest of the input out.
    let seen = window.input.indices.map { axis in
      (window.input[axis] + window.padsBegin[axis] + window.padsEnd[axis] - (window.output[axis] - 1) * window.strides[axis] - 1)
        / window.dilations[axis] + 1
    }
    guard zip(seen, window.kernel).allSatisfy({ $0 >= $1 }), batch > 0,
      let swapped = SlidingWindow(
        input: window.input, output: seen, kernel: window.output, strides: window.dilations, dilations: window.strides,
        padsBegin: window.padsBegin, padsEnd: window.padsEnd),
      let product = Convolution(
        batch: perGroup, groups: groups, inputChannels: groups * batch, outputChannels: convolution.outputChannels, window: swapped)
    else { throw .unsupported("the gradient of these weights cannot be written as a convolution") }
    let spatial = Array(2..<2 + rank)
    let apart = try graph.reshaped(operands.present(1), to: Shape([batch, groups, perGroup] + window.input))
    let images = try graph.reshaped(
      graph.add(Transpose([2, 1, 0] + spatial.map { $0 + 1 }), apart), to: Shape([perGroup, groups * batch] + window.input))
    let weights = try graph.add(Transpose([1, 0] + spatial), operands.present(0))
    var sums = try graph.add(ConvAdjoint(product), images, weights)
    for axis in 0..<rank where seen[axis] > window.kernel[axis] { sums = try graph.add(Slice(0..<window.kernel[axis], axis: axis + 2), sums) }
    return [try graph.add(Transpose([1, 0] + spatial), sums)]
  }
}

/// The elements that the windows of a convolution see.
private struct Patches {
  private let convolution: Convolution
  private let extents: (input: [Int], output: [Int], kernel: [Int])

  init(_ convolution: Convolution) {
    self.convolution = convolution
    extents = (convolution.window.input, convolution.window.output, convolution.window.kernel)
  }

  /// Taps of all channels of a group.
  var length: Int { convolution.inputChannels / convolution.groups * extents.kernel.reduce(1, *) }
  var positions: Int { extents.output.reduce(1, *) }

  /// `[length × positions]`: in each row what one tap sees, 0 outside the input.
  func columns<T: KernelScalar>(_ x: Span<T>, image: Int, group: Int, _ range: Range<Int>) -> Tensor {
    let channels = convolution.inputChannels / convolution.groups, area = extents.input.reduce(1, *)
    let taps = extents.kernel.reduce(1, *)
    return Tensor(shape: Shape([length, range.count])) { (columns: inout MutableSpan<T>) in
      for row in 0..<length {
        let plane = (image * convolution.inputChannels + group * channels + row / taps) * area
        let shift = places(row % taps, in: extents.kernel)
        var position = places(range.lowerBound, in: extents.output)
        for place in 0..<range.count {
          if let offset = offset(position, shift) { columns[row * range.count + place] = x[plane + offset] }
          advance(&position)
        }
      }
    }
  }

  /// Where a tap lies within a plane of the input; `nil` outside.
  private func offset(_ position: [Int], _ tap: [Int]) -> Int? {
    let window = convolution.window
    var offset = 0
    for axis in position.indices {
      let place = position[axis] * window.strides[axis] - window.padsBegin[axis] + tap[axis] * window.dilations[axis]
      guard place >= 0, place < extents.input[axis] else { return nil }
      offset = offset * extents.input[axis] + place
    }
    return offset
  }

  private func advance(_ position: inout [Int]) {
    for axis in position.indices.reversed() {
      position[axis] += 1
      if position[axis] < extents.output[axis] { return }
      position[axis] = 0
    }
  }

  private func places(_ index: Int, in extents: [Int]) -> [Int] {
    var rest = index, places = extents
    for axis in extents.indices.reversed() {
      places[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    return places
  }
}

/// A convolution of known extents without bias: the adjoint of `ConvTranspose` with respect to its input.
///
/// - Operands: `seed` `[N×C×…]`, `W` `[M×C/G×…]`.
struct ConvAdjoint: InternalOperator, Writable {
  static let signature = OperatorSignature("Conv", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let convolution: Convolution

  init(_ convolution: Convolution) { self.convolution = convolution }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let shape = PartialShape([convolution.batch, convolution.outputChannels] + convolution.window.output)
    return [ValueType(try operands.floatingTensor(0).elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.convolution(
        operands[0].elements(T.self), weights: operands[1].elements(T.self), convolution, into: &y, scratch: scratch, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  func written(opset: Int) -> WrittenNode {
    let window = convolution.window
    return WrittenNode(
      "Conv",
      [
        "kernel_shape": .ints(window.kernel), "strides": .ints(window.strides), "dilations": .ints(window.dilations),
        "pads": .ints(window.padsBegin + window.padsEnd), "group": .int(convolution.groups),
      ], since: 11)
  }
}

extension GraphBuilder {
  /// Sums the gradient of `[N×C×…]` to that of one number per channel.
  mutating func summedToChannels(_ gradient: Value) throws(OperatorError) -> Value {
    guard case .tensor(let tensor) = type(of: gradient), let rank = tensor.shape.rank else {
      throw .notDifferentiable("the shape of a gradient depends on data")
    }
    return try add(ReduceSum(axes: (0..<rank).filter { $0 != 1 }, keepsAxes: false), gradient)
  }
}
