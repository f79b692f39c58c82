import CarpusTensors

/// What operators on two broadcast operands of one numeric type have in common.
enum Arithmetic {
  /// The common type of all operands.
  ///
  /// - Parameter broadcasts: false where all operands must have one shape.
  static func resultTypes(for operands: [OperandInfo], broadcasts: Bool = true) throws(OperatorError) -> [ValueType] {
    let first = try operands.tensor(0)
    guard first.elementType != .bool else { throw .operands("truth values are no numbers") }
    var shape = first.shape
    for index in operands.indices.dropFirst() {
      let other = try operands.tensor(index)
      guard other.elementType == first.elementType else {
        throw .operands("all operands must have one element type, not \(first.elementType) and \(other.elementType)")
      }
      guard broadcasts || shape.agrees(with: other.shape) else {
        throw .operands("the operands must have one shape here, not \(shape) and \(other.shape)")
      }
      shape = try Broadcasting.shape(shape, other.shape)
    }
    return [ValueType(first.elementType, shape)]
  }

  /// `Y = f(A, B)`, by a kernel for floating-point numbers and by `integer` for integers.
  static func evaluate(
    _ function: BinaryFunction, integer: any IntegerFunction, _ a: Tensor, _ b: Tensor, into results: inout Results
  ) throws(OperatorError) {
    if results.elementType(0).isFloatingPoint {
      try floating(function, a, b, into: &results)
    } else {
      try integral(integer, a, b, into: &results)
    }
  }

  /// `Y = f(… f(f(A, B), C) …)` for any number of operands.
  static func accumulate(
    _ operands: borrowing Operands, into results: inout Results,
    _ function: (_ a: Tensor, _ b: Tensor, _ results: inout Results) throws(OperatorError) -> Void
  ) throws(OperatorError) {
    var first = operands[0]
    guard operands.count > 1 else { return results.copyElements(of: first) }
    for index in 1..<operands.count - 1 {
      let second = operands[index], shape = try Broadcast(of: first.shape, second.shape).result
      try MemoryLimit.check(shape, first.elementType)
      let target = Tensor(zeros: first.elementType, shape: shape)
      var part = Results([.tensor(target)], wanted: [true], team: results.team, scratch: Scratch())
      try function(first, second, &part)
      first = target
    }
    try function(first, operands[operands.count - 1], &results)
  }

  static func floating(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor, into results: inout Results) throws(OperatorError) {
    let broadcast = try Broadcast(of: a.shape, b.shape), team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.apply(function, a.elements(T.self), b.elements(T.self), broadcast, into: &y, team: team)
    }
    guard let type = results.elementType(0).kernelType else { throw .operands("no arithmetic on \(results.elementType(0))") }
    apply(type)
  }

  static func integral(_ function: any IntegerFunction, _ a: Tensor, _ b: Tensor, into results: inout Results) throws(OperatorError) {
    func apply<T: IntegerElement>(_ type: T.Type) throws(OperatorError) {
      let x = a.elements(T.self), z = b.elements(T.self)
      var places = try BroadcastPlaces(a.shape, b.shape)
      var y = results.elements(0, as: T.self)
      for index in y.indices {
        y[index] = try function.apply(x[places.first], z[places.second])
        places.advance()
      }
    }
    guard let type = results.elementType(0).integerType else { throw .operands("no arithmetic on \(results.elementType(0))") }
    try apply(type)
  }
}

/// What a binary operator does to integers of any width.
protocol IntegerFunction: Sendable {
  func apply<T: FixedWidthInteger>(_ a: T, _ b: T) throws(OperatorError) -> T
}

/// An operator on two broadcast numbers.
protocol ArithmeticFunction: Pointwise, PlainlyWritable, IntegerFunction, Attributeless {
  static var function: BinaryFunction { get }
}

extension ArithmeticFunction {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Arithmetic.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Arithmetic.evaluate(Self.function, integer: self, operands[0], operands[1], into: &results)
  }
}

/// Walks through two broadcast operands in the order of the result's elements.
struct BroadcastPlaces {
  private let extents: [Int]
  private let strides: ([Int], [Int])
  private var position: [Int]
  private(set) var first = 0
  private(set) var second = 0

  /// - Throws: when the shapes do not broadcast; those of a run may not have been known beforehand.
  init(_ a: Shape, _ b: Shape) throws(OperatorError) {
    let result = try Broadcast(of: a, b).result
    extents = result.extents
    strides = (Broadcasting.strides(of: a, in: result), Broadcasting.strides(of: b, in: result))
    position = [Int](repeating: 0, count: extents.count)
  }

  mutating func advance() {
    for axis in extents.indices.reversed() {
      position[axis] += 1
      first += strides.0[axis]
      second += strides.1[axis]
      if position[axis] < extents[axis] { return }
      first -= strides.0[axis] * extents[axis]
      second -= strides.1[axis] * extents[axis]
      position[axis] = 0
    }
  }
}

extension Broadcast {
  init(of a: Shape, _ b: Shape) throws(OperatorError) {
    _ = try Broadcasting.shape(PartialShape(a), PartialShape(b))
    guard let broadcast = Broadcast(a, b) else { throw .unsupported("shapes \(a) and \(b) broadcast over too many axes or elements") }
    self = broadcast
  }
}
