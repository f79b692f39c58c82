import CarpusTensors

/// The extents that `Resize` and `Upsample` give to the axes of a tensor.
struct AxisSizing: Sendable {
  private enum Policy: String, CaseIterable { case stretch, notLarger = "not_larger", notSmaller = "not_smaller" }

  private let axes: [Int]?
  private let policy: Policy
  /// Scales that are an attribute.
  private let scales: [Float]?
  /// Where the other numbers are among the operands.
  private let scalesIndex: Int
  private let sizesIndex: Int?

  /// The attributes of `Resize`.
  init(_ node: inout NodeReader) throws(OperatorError) {
    axes = try node.ints("axes")
    policy = try node.choice("keep_aspect_ratio_policy", default: .stretch)
    scales = nil
    scalesIndex = node.opset < 11 ? 1 : 2
    sizesIndex = node.opset < 11 ? nil : 3
  }

  /// Scales for all axes, given or as operand 1.
  init(scales: [Float]?) {
    axes = nil
    policy = .stretch
    self.scales = scales
    scalesIndex = 1
    sizesIndex = nil
  }

  /// What becomes of one axis, as far as it is known.
  private struct Outcome {
    var length: Int?
    var scale: Double?
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    return [try Movement.resultType(x.elementType, try outcomes(extents, operands).map(\.length))]
  }

  /// The maps for a known shape.
  ///
  /// - Throws: also when the scales or sizes are not known yet.
  func map(
    _ x: Shape, _ operands: [OperandInfo], _ interpolation: Interpolation, regions: [(start: Double, end: Double)]?, empty: Double
  ) throws(OperatorError) -> SeparableMap {
    var maps: [AxisWeights?] = []
    for (axis, outcome) in try outcomes(x.extents, operands).enumerated() {
      guard let length = outcome.length, let scale = outcome.scale else { throw .operands("the extents are not known") }
      guard length == 0 || x[axis] > 0 else { throw .operands("axis \(axis) has no elements from which \(length) could be made") }
      let weights = interpolation.weights(input: x[axis], output: length, scale: scale, region: regions?[axis] ?? (0, 1))
      maps.append(weights.isIdentity ? nil : weights)
    }
    return SeparableMap(axes: maps, empty: empty)
  }

  /// The parts of the axes that the operand `roi` names.
  func regions(_ operands: [OperandInfo], rank: Int) throws(OperatorError) -> [(start: Double, end: Double)] {
    guard operands.isPresent(1), let numbers = operands[1].value?.doubles else { throw .operands("the region of interest is not known") }
    let axes = try resolvedAxes(rank)
    guard numbers.count == 2 * axes.count else {
      throw .operands("a region on \(axes.count) axes takes \(2 * axes.count) numbers, not \(numbers.count)")
    }
    var regions = [(start: Double, end: Double)](repeating: (0, 1), count: rank)
    for (index, axis) in axes.enumerated() { regions[axis] = (numbers[index], numbers[axes.count + index]) }
    return regions
  }

  // MARK: Inside

  private func resolvedAxes(_ rank: Int) throws(OperatorError) -> [Int] {
    try axes.map { axes throws(OperatorError) in try Axes.resolved(axes, rank: rank) } ?? Array(0..<rank)
  }

  private func outcomes(_ extents: [Int?], _ operands: [OperandInfo]) throws(OperatorError) -> [Outcome] {
    let axes = try resolvedAxes(extents.count)
    var outcomes = extents.map { Outcome(length: $0, scale: 1) }
    let hasSizes = sizesIndex.map { operands.isGiven($0) } ?? false, hasScales = scales != nil || operands.isGiven(scalesIndex)
    guard hasSizes != hasScales else { throw .operands("either scales or sizes must be given, not \(hasSizes ? "both" : "neither")") }
    if hasSizes, let index = sizesIndex {
      let type = try operands.tensor(index)
      guard type.elementType.isInteger else { throw .operands("sizes must be integers, not \(type.elementType)") }
      try set(&outcomes, axes, sizes: operands.knownIntegers(index), extents)
    } else {
      try set(&outcomes, axes, scales: scales?.map(Double.init) ?? operands[scalesIndex].value?.doubles, extents)
    }
    return outcomes
  }

  private func set(_ outcomes: inout [Outcome], _ axes: [Int], scales: [Double]?, _ extents: [Int?]) throws(OperatorError) {
    try check(scales?.count, axes, "scales")
    for (index, axis) in axes.enumerated() {
      outcomes[axis] = Outcome(length: nil, scale: scales?[index])
      guard let scale = scales?[index] else { continue }
      guard scale > 0, scale.isFinite else { throw .operands("a scale must be positive, not \(scale)") }
      guard let extent = extents[axis] else { continue }
      let length = (Float(extent) * Float(scale)).rounded(.down)
      guard length < 0x1p48 else { throw .tooLarge("an extent of \(extent), scaled by \(scale), cannot be counted") }
      outcomes[axis].length = Int(length)
    }
  }

  private func set(_ outcomes: inout [Outcome], _ axes: [Int], sizes: [Int]?, _ extents: [Int?]) throws(OperatorError) {
    try check(sizes?.count, axes, "sizes")
    var scales: [Double?] = []
    for (index, axis) in axes.enumerated() {
      if let size = sizes?[index], !(0..<1 << 48).contains(size) { throw .operands("\(size) is no size of an axis") }
      let scale = sizes.flatMap { sizes in extents[axis].map { Double(sizes[index]) / Double(max($0, 1)) } }
      outcomes[axis] = Outcome(length: sizes?[index], scale: scale)
      scales.append(scale)
    }
    guard policy != .stretch else { return }
    let known = scales.compactMap(\.self)
    let common = known.count < axes.count ? nil : policy == .notLarger ? known.min() : known.max()
    for axis in axes {
      let length = common.flatMap { common in extents[axis].map { (common * Double($0) + 0.5).rounded(.down) } }
      if let length, length >= 0x1p48 { throw .tooLarge("an extent of \(length) cannot be counted") }
      outcomes[axis] = Outcome(length: length.map { Int($0) }, scale: common)
    }
  }

  private func check(_ count: Int?, _ axes: [Int], _ what: String) throws(OperatorError) {
    guard count == nil || count == axes.count else { throw .operands("\(axes.count) axes take as many \(what), not \(count ?? 0)") }
  }
}

extension Array where Element == OperandInfo {
  /// An operand that is present and not an empty list, which stands for an absent one in some files.
  fileprivate func isGiven(_ index: Int) -> Bool {
    guard isPresent(index), case .tensor(let type)? = self[index].type else { return false }
    return type.shape.shape?.count != 0
  }
}
