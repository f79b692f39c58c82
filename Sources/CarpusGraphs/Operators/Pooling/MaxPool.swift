import CarpusTensors

/// `Y` is the largest element in each window; padding is never the largest.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point, int8 or uint8.
/// - Results: `Y`; optionally `Indices`, int64: where each was found, counted over all of `X` (with `storage_order` 1 within each
///   plane column by column), the first of equals.
public struct MaxPool: WindowPooling, Writable {
  public static let signature = OperatorSignature("MaxPool", operands: 1...1, results: 1...2, gradient: .defined)
  let attributes: WindowAttributes
  private let isColumnMajor: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    attributes = try WindowAttributes(pooling: &node)
    isColumnMajor = try node.flag("storage_order", default: false)
  }

  init(_ attributes: WindowAttributes) {
    self.attributes = attributes
    isColumnMajor = false
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType.isFloatingPoint || x.elementType == .int8 || x.elementType == .uint8 else {
      throw .operands("operand 0 must have floating-point, int8 or uint8 elements, not \(x.elementType)")
    }
    let shape = try attributes.pooledShape(x.shape)
    return [ValueType(x.elementType, shape), ValueType(.int64, shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let window = try attributes.placement(on: Array(x.shape.extents.dropFirst(2))).window()
    switch x.elementType {
    case .float64: evaluate(Double.self, x, window, into: &results)
    case .float32: evaluate(Float.self, x, window, into: &results)
    default: evaluateBytes(x, window, into: &results)
    }
  }

  private func evaluate<T: KernelScalar>(_ type: T.Type, _ x: Tensor, _ window: SlidingWindow, into results: inout Results) {
    let planes = x.shape[0] * x.shape[1], team = results.team
    guard results.count > 1, results.isWanted(1) else {
      var y = results.elements(0, as: T.self)
      Kernels.maxPool(x.elements(T.self), planes: planes, window: window, into: &y, team: team)
      return
    }
    let indices = Tensor(shape: results.shape(1)) { (indices: inout MutableSpan<Int64>) in
      var y = results.elements(0, as: T.self)
      Kernels.maxPool(x.elements(T.self), planes: planes, window: window, into: &y, indices: &indices, team: team)
    }
    write(indices, window, into: &results)
  }

  /// 8-bit integers are exact in float32, and -∞ becomes the smallest of them.
  private func evaluateBytes(_ x: Tensor, _ window: SlidingWindow, into results: inout Results) {
    let planes = x.shape[0] * x.shape[1], team = results.team, wide = x.converted(to: .float32, team: team)
    var indices = [Int64](repeating: -1, count: results.shape(0).count)
    let y = Tensor(shape: results.shape(0)) { (y: inout MutableSpan<Float>) in
      var places = indices.mutableSpan
      Kernels.maxPool(wide.elements(Float.self), planes: planes, window: window, into: &y, indices: &places, team: team)
    }
    results.copyElements(of: y.converted(to: x.elementType, team: team))
    if results.count > 1, results.isWanted(1) { write(Tensor(indices, shape: y.shape), window, into: &results) }
  }

  private func write(_ indices: Tensor, _ window: SlidingWindow, into results: inout Results) {
    let extents = window.input, area = extents.reduce(1, *)
    let source = indices.elements(Int64.self)
    var target = results.elements(1, as: Int64.self)
    for place in target.indices {
      let index = Int(source[place])
      guard isColumnMajor, index >= 0 else {
        target[place] = source[place]
        continue
      }
      var rest = index % area, step = area, transposed = 0
      for extent in extents.reversed() {
        step /= extent
        transposed += rest % extent * step
        rest /= extent
      }
      target[place] = Int64(index - index % area + transposed)
    }
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode {
    var attributes = attributes.written
    if isColumnMajor { attributes["storage_order"] = .int(1) }
    return WrittenNode("MaxPool", attributes, since: 11)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes to the first largest element of its window in row-major order.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(MaxPoolAdjoint(attributes), seed, try step.operand(0))]
  }
}

/// `∂X` of `MaxPool`.
///
/// - Operands: `seed` and `X`.
struct MaxPoolAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("MaxPool", domain: "adjoint", operands: 2...2, gradient: .undefined)
  let attributes: WindowAttributes

  init(_ attributes: WindowAttributes) { self.attributes = attributes }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[1], seed = operands[0], team = results.team
    let window = try attributes.placement(on: Array(x.shape.extents.dropFirst(2))).window()
    func apply<T: KernelScalar>(_ type: T.Type) {
      var target = results.elements(0, as: T.self)
      Kernels.maxPoolGradient(
        seed: seed.elements(T.self), at: x.elements(T.self), planes: x.shape[0] * x.shape[1], window: window, into: &target, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// The seeds are added to zeros at the places where the maxima were found.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let seed = try operands.present(0), shape = try infos.writtenShape(1), count = try infos.writtenShape(0).count
    let window = try attributes.placement(on: Array(shape.extents.dropFirst(2))).window()
    guard window.alwaysSeesInput else { throw .unsupported("the gradient of a MaxPool whose windows see padding alone cannot be written") }
    let places = try graph.add(MaxPool(attributes), [operands.present(1)], results: 2)[1]
    let zeros = graph.constant(Tensor(zeros: try infos.tensor(1).elementType, shape: [shape.count]))
    let sums = try graph.add(
      ScatterND.adding, zeros, graph.reshaped(places, to: [count, 1]), graph.reshaped(seed, to: [count]))
    return [try graph.reshaped(sums, to: shape)]
  }
}

extension WindowAttributes {
  /// The shape of a pooled `[N, C, spatial extents…]`.
  func pooledShape(_ x: PartialShape) throws(OperatorError) -> PartialShape {
    guard let kernel else { throw .attribute("attribute kernel_shape is missing") }
    let extents = x.extents ?? [Int?](repeating: nil, count: kernel.count + 2)
    guard extents.count == kernel.count + 2 else {
      throw .operands("operand 0 must have a batch axis, a channel axis and \(kernel.count) spatial axes, not \(x)")
    }
    return PartialShape(extents.prefix(2) + (try placement(on: Array(extents.dropFirst(2))).output))
  }
}
