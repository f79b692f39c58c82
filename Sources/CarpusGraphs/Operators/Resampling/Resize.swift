import CarpusTensors

/// `Y` is `X` with other extents; its elements are interpolated between those of X, along one axis after the other.
///
/// - Operands: `X`, any type; `roi` `[2k]`, all starts, then all ends, for `tf_crop_and_resize` (from version 11); `scales` `[k]`
/// or
///   `sizes` `[k]`, one of them. k axes are resized: those of the attribute `axes`, by default all.
/// - Result: an extent is ⌊extent · scale⌋, rounded to float32 before it is cut off, as the exporters do. Integers are rounded to
/// the
///   nearest, halves to the even one. Before version 11 positions are `asymmetric`.
/// - Throws: when the numbers do not fit the axes, a scale is not positive, or an axis without elements is to get some.
public struct Resize: Resampling {
  public static let signature = OperatorSignature("Resize", since: 10, operands: 1...4, numerics: .moves, gradient: .defined)
  private let sizing: AxisSizing
  let interpolation: Interpolation
  private let extrapolation: Float

  public init(_ node: inout NodeReader) throws(OperatorError) {
    sizing = try AxisSizing(&node)
    interpolation = try Interpolation(&node)
    extrapolation = try node.float("extrapolation_value") ?? 0
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try interpolation.check(try operands.tensor(0).elementType)
    return try sizing.resultTypes(for: operands)
  }

  func map(_ x: Shape, _ operands: [OperandInfo]) throws(OperatorError) -> SeparableMap {
    let regions = interpolation.coordinates == .tfCropAndResize ? try sizing.regions(operands, rank: x.rank) : nil
    return try sizing.map(x, operands, interpolation, regions: regions, empty: Double(extrapolation))
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes back to the elements it was made from, with the same weights. The extents and the region must be constant.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try step.refuse(1, "the region of interest")
    try step.refuse(2, "the scales")
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    let shape = try step.shape(0), map: SeparableMap
    do {
      map = try self.map(shape, step.operandInfos)
    } catch { throw .notDifferentiable("the extents or the region depend on data: \(error)") }
    return [try graph.add(SeparableAdjoint(of: map, shape: shape), seed)] + step.operands.dropFirst().map { _ in nil }
  }
}

extension Interpolation {
  /// The attributes of `Resize`.
  fileprivate init(_ node: inout NodeReader) throws(OperatorError) {
    let isOld = node.opset < 11
    let name = try node.string("coordinate_transformation_mode") ?? (isOld ? "asymmetric" : "half_pixel")
    guard let coordinates = Coordinates(rawValue: name) else {
      throw .attribute("attribute coordinate_transformation_mode must be one that Resize defines, not '\(name)'")
    }
    let rule = try node.string("nearest_mode") ?? "round_prefer_floor"
    guard let rounding = Rounding(rawValue: rule), rounding != .byScale else {
      throw .attribute("attribute nearest_mode must be round_prefer_floor, round_prefer_ceil, floor or ceil, not '\(rule)'")
    }
    let a = Double(try node.float("cubic_coeff_a") ?? -0.75)
    let mode = try node.string("mode") ?? "nearest"
    switch mode {
    case "nearest": kernel = .nearest(isOld ? .byScale : rounding)
    case "linear": kernel = .linear
    case "cubic" where !isOld: kernel = .cubic(a)
    default: throw .attribute("attribute mode must be nearest, linear or cubic, not '\(mode)'")
    }
    self.coordinates = coordinates
    antialiases = try node.flag("antialias", default: false)
    excludesOutside = try node.flag("exclude_outside", default: false)
    if case .nearest = kernel, antialiases { throw .attribute("attribute antialias is for the modes linear and cubic") }
  }
}

extension Interpolation {
  /// - Throws: for texts and complex numbers, which can be chosen but not calculated with.
  func check(_ type: ElementType) throws(OperatorError) {
    guard type.swiftType == nil else { return }
    guard case .nearest = kernel, coordinates != .tfCropAndResize else { throw .unsupported("\(type) cannot be interpolated, only chosen") }
  }
}

extension SeparableMap {
  /// Interpolates tensors of every type that `interpolation` allows.
  func resize(_ x: Tensor, _ interpolation: Interpolation, into results: inout Results) {
    let team = results.team, type = x.elementType, shape = results.shape(0)
    if case .nearest = interpolation.kernel { return results.copyElements(of: chosen(from: x, shape)) }
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      self.apply(to: x, into: &y)
    }
    if let type = type.kernelType { return apply(type) }
    let wide = x.converted(to: type.isHalf ? .float32 : .float64, team: team)
    let y = type.isHalf
      ? Tensor(shape: shape) { (y: inout MutableSpan<Float>) in self.apply(to: wide, into: &y) }
      : Tensor(shape: shape) { (y: inout MutableSpan<Double>) in
        self.apply(to: wide, into: &y)
        Kernels.apply(.round, inPlace: &y, team: team)
      }
    results.copyElements(of: y.converted(to: type, team: team))
  }

  /// The bytes of the result where every row has one entry of weight 1 or none.
  private func chosen(from x: Tensor, _ shape: Shape) -> Tensor {
    let type = x.elementType
    let value = type.swiftType == nil ? Tensor(zeros: type, shape: []) : Tensor(scalar: empty).converted(to: type)
    func gather<T: TensorElement>(_ word: T.Type, axes: [AxisWeights?], parts: [Int] = []) -> Tensor {
      let source = Tensor(elementType: T.elementType, shape: Shape(x.shape.extents + parts), bytes: x.bytes)
      let target = Shape(shape.extents + parts)
      let filler = Tensor(elementType: T.elementType, shape: Shape(parts), bytes: value.bytes).array(of: T.self)[0]
      return Tensor(shape: target) { (y: inout MutableSpan<T>) in
        SeparableMap(axes: axes, empty: 0).gather(from: source.elements(T.self), source.shape, empty: filler, into: &y, target)
      }
    }
    switch type.byteCount {
    case 1: return gather(UInt8.self, axes: axes)
    case 2: return gather(UInt16.self, axes: axes)
    case 4: return gather(UInt32.self, axes: axes)
    case 8: return gather(UInt64.self, axes: axes)
    default: return gather(UInt64.self, axes: axes + [nil], parts: [type.byteCount / 8])
    }
  }
}
