import CarpusTensors

/// What operators that only move elements have in common.
enum Movement {
  /// The type of a result whose extents come from numbers in a file.
  ///
  /// - Throws: `OperatorError.tooLarge` when all extents are known and there is no memory for so many elements.
  static func resultType(_ elementType: ElementType, _ extents: [Int?]) throws(OperatorError) -> ValueType {
    let known = extents.compactMap { $0 }
    guard known.count == extents.count else { return ValueType(elementType, PartialShape(extents)) }
    guard let shape = Shape(checking: known) else {
      throw .tooLarge("a result of shape \(PartialShape(extents)) has more elements than can be counted")
    }
    try MemoryLimit.check(shape, elementType)
    return ValueType(elementType, shape)
  }
}

/// A list of integers that is an attribute in old versions of an operator and an operand in new ones.
enum IntegerList {
  case absent
  case known([Int])
  /// The numbers come with the run; how many there are may be known.
  case later(count: Int?)
}

extension Array where Element == OperandInfo {
  func integerList(_ index: Int, or attribute: [Int]?) throws(OperatorError) -> IntegerList {
    if let attribute { return .known(attribute) }
    guard isPresent(index) else { return .absent }
    let type = try tensor(index)
    guard type.elementType.isInteger else { throw .operands("operand \(index) must hold integers, not \(type.elementType)") }
    if let count = self[index].value?.shape.count, count > 1 << 20 {
      throw .operands("operand \(index) holds \(count) integers, more than a list of numbers here may have, \(1 << 20)")
    }
    if let values = knownIntegers(index) { return .known(values) }
    let count = type.shape.rank == 0 ? 1 : type.shape.rank == 1 ? type.shape[0] : nil
    // A list as long as this is no list of axes; nothing is made of its length.
    return .later(count: count.flatMap { (0...64).contains($0) ? $0 : nil })
  }
}

extension Tensor {
  /// Integers as they are, real numbers cut off towards 0, and those that are too large for an `Int` at its ends; `nil` for others.
  var wholeNumbers: [Int]? { elementType.isFloatingPoint ? converted(to: .int64).integers : integers }
}

extension Results {
  /// Every element of a result becomes the only element of `value`.
  mutating func fill(_ index: Int = 0, with value: Tensor) {
    let count = shape(index).count, team = team
    var y = bytes(index)
    Kernels.copyStrided(
      value.bytes, sourceStrides: [0], into: &y, targetStrides: [1], extents: [count], elementSize: value.elementType.byteCount, team: team)
  }
}

extension GraphBuilder {
  /// The gradients of a node whose first operand has the elements of the result in another shape: the seed in that shape.
  mutating func reshapedBack(_ step: Step, _ seeds: [Value?]) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    return [try reshaped(seed, to: try step.shape(0))] + step.operands.dropFirst().map { _ in nil }
  }
}
