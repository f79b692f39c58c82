import CarpusTensors

/// `Y[i] = start + i · delta` for all i ≥ 0 before `limit` is reached: `max(⌈(limit - start) / delta⌉, 0)` elements. (`RangeOf`:
/// the name `Range` is the standard library's.) Half-precision numbers are calculated in float32, or in float64 if `stash_type`
/// says so, and rounded once.
///
/// - Operands: `start`, `limit`, `delta`, each one number of one numeric type.
/// - Throws: when `delta` is 0, or a number is not finite.
public struct RangeOf: Operator {
  public static let signature = OperatorSignature("Range", since: 11, operands: 3...3, numerics: .moves, gradient: .stops)
  /// What half-precision numbers are calculated in.
  private let wide: ElementType

  public init(_ node: inout NodeReader) throws(OperatorError) {
    switch node.opset >= 27 ? try node.int("stash_type") ?? 1 : 1 {
    case 1: wide = .float32
    case 11: wide = .float64
    case let number: throw .attribute("attribute stash_type must be float32 or float64, not \(ElementType.name(ofDataType: number))")
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let type = try operands.tensor(0).elementType
    guard type.isFloatingPoint || type.isInteger else { throw .operands("\(type) elements are no numbers to count with") }
    for index in operands.indices {
      let operand = try operands.tensor(index)
      guard operand.elementType == type else {
        throw .operands("all operands must have one element type, not \(type) and \(operand.elementType)")
      }
      guard operand.shape.shape.map({ $0.count == 1 }) ?? true else {
        throw .operands("operand \(index) must be one number, not \(operand.shape)")
      }
    }
    let known = operands.compactMap(\.value)
    guard known.count == operands.count else { return [ValueType(type, .unknown(rank: 1))] }
    guard let shape = Shape(checking: [try Self.count(known)]) else { throw .tooLarge("a range of so many elements") }
    return [ValueType(type, shape)]
  }

  private static func count(_ operands: [Tensor]) throws(OperatorError) -> Int {
    let integers = operands.compactMap { $0.integers?.first }
    return integers.count == 3 ? try count(integers[0], integers[1], integers[2]) : try count(operands.compactMap(\.doubles.first))
  }

  private static func count(_ start: Int, _ limit: Int, _ delta: Int) throws(OperatorError) -> Int {
    guard delta != 0 else { throw .operands("a range with steps of 0 does not end") }
    let (distance, isTooLong) = limit.subtractingReportingOverflow(start)
    guard !isTooLong else { throw .tooLarge("a range from \(start) to \(limit) in steps of \(delta)") }
    guard distance != 0, (distance > 0) == (delta > 0) else { return 0 }
    return Int(clamping: (distance.magnitude - 1) / delta.magnitude + 1)
  }

  private static func count(_ numbers: [Double]) throws(OperatorError) -> Int {
    guard numbers.count == 3, numbers.allSatisfy(\.isFinite) else { throw .operands("a range needs finite numbers") }
    guard numbers[2] != 0 else { throw .operands("a range with steps of 0 does not end") }
    let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
    guard let count = Int(exactly: max(count, 0)) else {
      throw .tooLarge("a range from \(numbers[0]) to \(numbers[1]) in steps of \(numbers[2])")
    }
    return count
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    func floating<T: KernelScalar>(_ type: T.Type) {
      func number(_ index: Int) -> T { operands[index].converted(to: T.elementType).elements(T.self)[0] }
      let start = number(0), delta = number(2)
      let numbers = Tensor(shape: results.shape(0)) { (y: inout MutableSpan<T>) in
        for index in y.indices { y[index] = start + T(index) * delta }
      }
      results.copyElements(of: numbers.converted(to: results.elementType(0), team: results.team))
    }
    func integral<T: IntegerElement>(_ type: T.Type) {
      let start = operands[0].elements(T.self)[0], delta = operands[2].elements(T.self)[0]
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = start &+ T(truncatingIfNeeded: index) &* delta }
    }
    let type = results.elementType(0)
    if let type = (type.isHalf ? wide : type).kernelType { floating(type) }
    if let type = type.integerType { integral(type) }
  }

  // MARK: Gradient

  /// The elements are counted, not calculated with.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil, nil] }
}
