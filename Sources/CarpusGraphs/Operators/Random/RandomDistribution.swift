import CarpusTensors

/// An operator that fills a tensor with random numbers.
protocol RandomFilling: Operator {
  var distribution: RandomDistribution { get }
}

extension RandomFilling {
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { distribution.fill(&results) }

  /// Nothing that is calculated with goes into random numbers.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}

/// One whose result has the shape of an attribute.
protocol RandomOfShape: RandomFilling {
  var shape: [Int] { get }
}

extension RandomOfShape {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [try distribution.resultType(shape: shape)] }
}

/// One whose result has the shape of an operand.
protocol RandomLike: RandomFilling {}

extension RandomLike {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [try distribution.resultType(like: try operands.tensor(0))]
  }
}

/// What the operators that fill a tensor with random numbers have in common.
struct RandomDistribution: Sendable {
  enum Kind: Sendable {
    case uniform(low: Double, high: Double)
    case normal(mean: Double, deviation: Double)
  }

  private let kind: Kind
  private let numbers: RandomNumbers
  /// `nil` where the file names none.
  let elementType: ElementType?

  /// Evenly in `low ..< high`.
  static func uniform(_ node: inout NodeReader) throws(OperatorError) -> RandomDistribution {
    let low = try node.float("low") ?? 0, high = try node.float("high") ?? 1
    guard low.isFinite, high.isFinite, low <= high else {
      throw .attribute("attributes low and high must be in order and finite, not \(low) and \(high)")
    }
    return try RandomDistribution(.uniform(low: Double(low), high: Double(high)), &node)
  }

  static func normal(_ node: inout NodeReader) throws(OperatorError) -> RandomDistribution {
    let mean = try node.float("mean") ?? 0, scale = try node.float("scale") ?? 1
    return try RandomDistribution(.normal(mean: Double(mean), deviation: Double(scale)), &node)
  }

  private init(_ kind: Kind, _ node: inout NodeReader) throws(OperatorError) {
    self.kind = kind
    numbers = try RandomNumbers(&node)
    elementType = try node.elementType("dtype")
    guard elementType?.isFloatingPoint ?? true else { throw .attribute("attribute dtype must be a floating-point type") }
  }

  /// Takes the attribute `shape`.
  func resultType(shape: [Int]) throws(OperatorError) -> ValueType {
    guard shape.allSatisfy({ $0 >= 0 }) else { throw .attribute("\(shape) is no shape: an extent is negative") }
    return try Movement.resultType(elementType ?? .float32, shape)
  }

  /// The type of a result with the shape of an operand, and its type if the file names none.
  func resultType(like operand: TensorType) throws(OperatorError) -> ValueType {
    let type = elementType ?? operand.elementType
    guard type.isFloatingPoint else { throw .operands("random numbers must be floating-point, not \(type)") }
    return ValueType(type, operand.shape)
  }

  /// Writes float32 and float64 below the end of an even distribution; half-precision numbers are rounded to nearest.
  func fill(_ results: inout Results) {
    func write<T: TensorElement>(_ rounded: (Double) -> T) {
      var y = results.elements(0, as: T.self)
      for places in RandomNumbers.parts(of: y.count) {
        switch kind {
        case .uniform(let low, let high):
          for (place, number) in zip(places, numbers.uniform(places)) { y[place] = rounded(low + number * (high - low)) }
        case .normal(let mean, let deviation):
          for (place, number) in zip(places, numbers.normal(places)) { y[place] = rounded(mean + deviation * number) }
        }
      }
    }
    // What is rounded up to the end is taken back by one unit in the last place.
    var end = Double.nan
    if case .uniform(let low, let high) = kind, low < high { end = high }
    switch results.elementType(0) {
    case .float64: write { $0 >= end ? end.nextDown : $0 }
    case .float16: write { Float16($0) }
    case .bfloat16: write { BFloat16(Float($0)) }
    default: write { Double(Float($0)) >= end ? Float(end).nextDown : Float($0) }
    }
  }
}
