import CarpusTensors

/// The attributes that pooling and convolution have in common: `kernel_shape`, `strides`, `dilations`, `pads`, `auto_pad`.
struct WindowAttributes: Sendable {
  enum Padding: Hashable, Sendable {
    /// As many positions before each axis, then as many after each axis; none when `nil`.
    case explicit([Int]?)
    /// As many as make the output ⌈input / stride⌉ long, an odd one at the end.
    case sameUpper
    /// The same, an odd one at the beginning.
    case sameLower
  }

  let kernel: [Int]?
  let strides: [Int]?
  let dilations: [Int]?
  let padding: Padding
  /// True when a last window that reaches beyond the padded input counts, provided that it starts inside the input or the
  /// padding before it.
  let roundsUp: Bool

  /// Takes the attributes, except for `ceil_mode`, which only pooling has.
  init(_ node: inout NodeReader, roundsUp: Bool = false) throws(OperatorError) {
    kernel = try node.ints("kernel_shape")
    strides = try node.ints("strides")
    dilations = try node.ints("dilations")
    let pads = try node.ints("pads")
    let mode = try node.string("auto_pad") ?? "NOTSET"
    padding = switch mode {
    case "NOTSET", "": .explicit(pads)
    case "VALID": .explicit(nil)
    case "SAME_UPPER": .sameUpper
    case "SAME_LOWER": .sameLower
    default: throw .attribute("attribute auto_pad must be NOTSET, VALID, SAME_UPPER or SAME_LOWER, not \(mode)")
    }
    self.roundsUp = roundsUp
  }

  /// Takes the attributes, and `ceil_mode`.
  init(pooling node: inout NodeReader) throws(OperatorError) {
    let roundsUp = try node.flag("ceil_mode", default: false)
    self = try WindowAttributes(&node, roundsUp: roundsUp)
  }

  /// Strides and dilations of 1 and no padding where they are `nil`.
  init(kernel: [Int]? = nil, strides: [Int]? = nil, dilations: [Int]? = nil, pads: [Int]? = nil) {
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    padding = .explicit(pads)
    roundsUp = false
  }

  /// The attributes as a file has them; `ceil_mode` only where it is set.
  var written: [String: AttributeValue] {
    var result: [String: AttributeValue] = [:]
    for (name, values) in [("kernel_shape", kernel), ("strides", strides), ("dilations", dilations)] {
      if let values { result[name] = .ints(values) }
    }
    switch padding {
    case .explicit(let pads): if let pads { result["pads"] = .ints(pads) }
    case .sameUpper: result["auto_pad"] = .string("SAME_UPPER")
    case .sameLower: result["auto_pad"] = .string("SAME_LOWER")
    }
    if roundsUp { result["ceil_mode"] = .int(1) }
    return result
  }

  /// Where the windows lie on an input.
  ///
  /// - Parameters:
  ///   - input: the spatial extents, `nil` where one is not known.
  ///   - kernel: the extents of the window where they are known from the weights; they must agree with `kernel_shape`.
  /// - Throws: when an attribute has another length than `input` or a value that is not allowed, or when no window fits into the input.
  func placement(on input: [Int?], kernel weights: [Int?]? = nil) throws(OperatorError) -> WindowPlacement {
    let rank = input.count
    guard (1...3).contains(rank) else { throw .unsupported("windows slide over one, two or three spatial axes here, not \(rank)") }
    let strides = try positive(self.strides ?? [Int](repeating: 1, count: rank), "strides", rank)
    let dilations = try positive(self.dilations ?? [Int](repeating: 1, count: rank), "dilations", rank)
    let kernel = try agreed(weights, rank)
    let pads = try explicitPads(rank)
    let axes = try input.indices.map { axis throws(OperatorError) in
      try place(
        input[axis], kernel[axis], strides[axis], dilations[axis], pads: pads.map { ($0[axis], $0[axis + rank]) })
    }
    return WindowPlacement(
      input: input, output: axes.map(\.output), kernel: kernel, strides: strides, dilations: dilations, padsBegin: axes.map(\.begin),
      padsEnd: axes.map(\.end))
  }

  // MARK: Inside

  /// Numbers below this cannot overflow when two are multiplied and some added.
  private static let limit = 1 << 30

  private func place(
    _ input: Int?, _ kernel: Int?, _ stride: Int, _ dilation: Int, pads: (Int, Int)?
  ) throws(OperatorError) -> (output: Int?, begin: Int?, end: Int?) {
    guard let input, let kernel else { return (nil, pads?.0, pads?.1) }
    guard input < Self.limit else { throw .unsupported("an extent of \(input) is too large for a window to slide over") }
    let reach = (kernel - 1) * dilation + 1
    guard let (begin, end) = pads else {
      let count = (input + stride - 1) / stride
      let total = max((count - 1) * stride + reach - input, 0)
      let half = total / 2
      return padding == .sameUpper ? (count, half, total - half) : (count, total - half, half)
    }
    let span = input + begin + end - reach + (roundsUp ? stride - 1 : 0)
    var count = span < 0 ? 0 : span / stride + 1
    if roundsUp, count > 0, (count - 1) * stride >= input + begin { count -= 1 }
    guard count > 0 else {
      throw .operands("a window that reaches over \(reach) does not fit into \(input) with \(begin) and \(end) of padding")
    }
    return (count, begin, end)
  }

  /// `nil` for padding that depends on the input.
  private func explicitPads(_ rank: Int) throws(OperatorError) -> [Int]? {
    guard case .explicit(let given) = padding else { return nil }
    let pads = given ?? [Int](repeating: 0, count: 2 * rank)
    guard pads.count == 2 * rank else {
      throw .attribute("attribute pads must have \(2 * rank) numbers for \(rank) spatial axes, not \(pads.count)")
    }
    guard pads.allSatisfy({ (0..<Self.limit).contains($0) }) else {
      throw .attribute("attribute pads must not have negative or huge numbers: \(pads)")
    }
    return pads
  }

  private func positive(_ values: [Int], _ name: String, _ rank: Int) throws(OperatorError) -> [Int] {
    guard values.count == rank else {
      throw .attribute("attribute \(name) must have \(rank) numbers for \(rank) spatial axes, not \(values.count)")
    }
    guard values.allSatisfy({ (1..<Self.limit).contains($0) }) else {
      throw .attribute("attribute \(name) must have positive numbers below \(Self.limit): \(values)")
    }
    return values
  }

  private func agreed(_ weights: [Int?]?, _ rank: Int) throws(OperatorError) -> [Int?] {
    guard let kernel else {
      guard let weights else { throw .attribute("attribute kernel_shape is missing") }
      let known = weights.compactMap(\.self)
      guard weights.count == rank, known.allSatisfy({ (1..<Self.limit).contains($0) }) else {
        throw .operands("weights of \(PartialShape(weights)) do not fit \(rank) spatial axes")
      }
      return weights
    }
    let given = try positive(kernel, "kernel_shape", rank)
    guard weights.map({ $0.count == rank && zip($0, given).allSatisfy { $0 == nil || $0 == $1 } }) ?? true else {
      throw .operands("attribute kernel_shape is \(given), the weights have \(PartialShape(weights))")
    }
    return given
  }
}

extension SlidingWindow {
  /// How many taps of a window see the input, or with `padding` the input and its padding, along an axis.
  func taps(_ axis: Int, at output: Int, padding: Bool) -> Int {
    let first = output * strides[axis] - padsBegin[axis]
    let range = padding ? -padsBegin[axis]..<input[axis] + padsEnd[axis] : 0..<input[axis]
    return (0..<kernel[axis]).count { range.contains(first + $0 * dilations[axis]) }
  }

  /// True when there is no window that sees padding alone.
  var alwaysSeesInput: Bool {
    input.indices.allSatisfy { axis in (0..<output[axis]).allSatisfy { taps(axis, at: $0, padding: false) > 0 } }
  }
}

/// Where the windows lie on an input: one entry per spatial axis, `nil` where it is not known yet.
///
/// Tap k of window o sees position o · stride − padBegin + k · dilation.
struct WindowPlacement: Sendable {
  let input: [Int?]
  let output: [Int?]
  let kernel: [Int?]
  let strides: [Int]
  let dilations: [Int]
  let padsBegin: [Int?]
  let padsEnd: [Int?]

  /// What windows see of `[N, C, spatial extents…]`: of the channels everything, or one by one, as `C` is no position.
  var views: [AxisView]? {
    var views: [AxisView] = [.same(0), .regrouped(axes: [1])]
    for axis in input.indices {
      guard let kernel = kernel[axis], let before = padsBegin[axis] else { return nil }
      let first = -Double(before)
      views.append(
        .window(axis: axis + 2, stride: Double(strides[axis]), first: first, last: first + Double((kernel - 1) * dilations[axis])))
    }
    return views
  }

  /// The same for the kernels.
  ///
  /// - Throws: when an extent is not known or too large.
  func window() throws(OperatorError) -> SlidingWindow {
    guard
      let window = SlidingWindow(
        input: input.compactMap(\.self), output: output.compactMap(\.self), kernel: kernel.compactMap(\.self), strides: strides,
        dilations: dilations, padsBegin: padsBegin.compactMap(\.self), padsEnd: padsEnd.compactMap(\.self))
    else {
      throw .unsupported(
        "a window of \(PartialShape(kernel)) on \(PartialShape(input)) cannot be laid out: an extent is unknown or too large")
    }
    return window
  }
}

/// An operator that makes one element of each window.
protocol WindowPooling: Viewing {
  var attributes: WindowAttributes { get }
}

extension WindowPooling {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    return [ValueType(x.elementType, try attributes.pooledShape(x.shape))]
  }

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    operands.shape(0).flatMap { try? attributes.placement(on: Array($0.extents.dropFirst(2))) }?.views
  }
}
