import CarpusTensors

/// `Y[indices[i]] = X[i]`, zeros elsewhere: each maximum is put back where it was found. Where an index occurs twice, the last
/// counts.
///
/// The indices count all elements of a tensor with `(X − 1) · strides + kernel_shape − pads` elements along each spatial axis.
/// That is `Y`, or, if its shape is given, what lies at the beginning of all its axes, as the standard's case has it. (ONNX
/// Runtime and PyTorch count the elements of `Y` then.)
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point; `indices`, int64, of the same shape; the shape of `Y`, int64,
///   nowhere smaller.
/// - Throws: when an index lies outside, or the shapes do not fit together.
public struct MaxUnpool: Operator {
  public static let signature = OperatorSignature("MaxUnpool", since: 9, operands: 2...3, gradient: .defined)
  private let kernel: [Int]
  private let strides, pads: [Int]

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let kernel = try node.ints(required: "kernel_shape")
    self.kernel = kernel
    strides = try node.ints("strides") ?? kernel.map { _ in 1 }
    pads = try node.ints("pads") ?? (kernel + kernel).map { _ in 0 }
    guard strides.count == kernel.count, pads.count == 2 * kernel.count else {
      throw .attribute("\(kernel.count) extents of a window take as many strides and twice as many pads")
    }
    let limit = 1 << 30
    guard (kernel + strides).allSatisfy({ (1..<limit).contains($0) }), pads.allSatisfy({ (0..<limit).contains($0) }) else {
      throw .attribute("attributes kernel_shape, strides or pads have numbers that are negative, 0 or too large")
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), indices = try operands.tensor(1)
    guard indices.elementType == .int64 else { throw .operands("indices must be int64, not \(indices.elementType)") }
    guard indices.shape.agrees(with: x.shape) else {
      throw .operands("indices of shape \(indices.shape) must have the shape of operand 0, \(x.shape)")
    }
    let extents = x.shape.extents ?? .init(repeating: nil, count: kernel.count + 2)
    guard extents.count == kernel.count + 2 else {
      throw .operands("operand 0 must have a batch axis, a channel axis and \(kernel.count) spatial axes, not \(x.shape)")
    }
    let counted = try counted(extents)
    switch try operands.integerList(2, or: nil) {
    case .known(let shape):
      let fits = shape.count == extents.count && zip(shape, counted).allSatisfy { $0 >= $1 ?? 0 }
      guard fits else { throw .operands("\(shape.prefix(8)) is smaller than the unpooled \(PartialShape(counted)), or has other axes") }
      return [try Movement.resultType(x.elementType, shape)]
    case .later: return [ValueType(x.elementType, .unknown(rank: extents.count))]
    case .absent: return [try Movement.resultType(x.elementType, counted)]
    }
  }

  /// The extents of what the indices count.
  private func counted(_ extents: [Int?]) throws(OperatorError) -> [Int?] {
    extents.prefix(2) + (try kernel.indices.map { axis throws(OperatorError) in
      try extents[axis + 2].map { extent throws(OperatorError) in
        guard extent < 1 << 30 else { throw .tooLarge("an extent of \(extent) to be unpooled") }
        let result = (extent - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + kernel.count]
        guard result >= 0 else { throw .operands("the pads \(pads) take away more than there is along axis \(axis + 2)") }
        return result
      }
    })
  }

  private func counted(_ x: Shape) throws(OperatorError) -> Shape {
    guard let shape = Shape(checking: try counted(x.extents).compactMap { $0 }) else {
      throw .tooLarge("so many elements to be unpooled")
    }
    return shape
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try put(Double.self, operands, into: &results) : try put(Float.self, operands, into: &results)
  }

  private func put<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0].array(of: T.self), places = operands[1].array(of: Int64.self), team = results.team
    let counted = try counted(operands[0].shape), axes = Array(zip(counted.extents, zip(counted.strides, results.shape(0).strides)))
    var y = results.elements(0, as: T.self)
    Kernels.fill(&y, with: 0, team: team)
    for (place, value) in zip(places, x) {
      guard place >= 0, place < Int64(counted.count) else {
        throw .operands("index \(place) lies outside the \(counted.count) unpooled elements")
      }
      y[axes.reduce(0) { $0 + Int(place) / $1.1.0 % $1.0 * $1.1.1 }] = value
    }
  }

  // MARK: Gradient

  /// ∂X is ∂Y at the indices; also where another element took the place, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    guard let shape = graph.type(of: seed).staticShape else { throw .notDifferentiable("the shape of the result depends on data") }
    let counted = try counted(try step.shape(0))
    let rest = zip(counted.extents, shape.extents).map { $0 - $1 }
    let cropped = try graph.add(Pad(zeros: rest.map { _ in 0 } + rest), seed)
    let gradient = try graph.add(Gather(axis: 0), graph.reshaped(cropped, to: [counted.count]), step.operand(1))
    return [gradient] + step.operands.dropFirst().map { _ in nil }
  }
}
