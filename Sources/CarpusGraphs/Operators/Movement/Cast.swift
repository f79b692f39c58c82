public import CarpusTensors

/// The elements of `X` as another type. Real numbers are cut off towards 0 to become integers, and the nearest integer
/// stands for those beyond them; integers lose their upper bits; everything but 0 is true. Real numbers become the nearest float8 or
/// float4; those beyond the largest become it or, with `saturate` 0, infinity or NaN. `round_mode` says how they become a power of two.
///
/// A text is read as a decimal number, "INF", "-INF" or "NaN". Numbers become the shortest text that means the same, without an exponent;
/// truth values "0" and "1".
///
/// - Operands: `X`, any type but complex, any shape.
/// - Throws: when a text is no number.
public struct Cast: Forwarding, Pointwise, Writable {
  public static let signature = OperatorSignature("Cast", operands: 1...1, numerics: .exact, gradient: .defined)
  private let target: ElementType
  private let rounding: CastRounding

  public init(_ node: inout NodeReader) throws(OperatorError) {
    target = try Self.target(&node)
    rounding = try CastRounding(&node)
  }

  public init(to type: ElementType) {
    target = type
    rounding = CastRounding()
  }

  /// Before version 6 the type is a name of `TensorProto.DataType`, later its number.
  private static func target(_ node: inout NodeReader) throws(OperatorError) -> ElementType {
    if node.opset < 6 {
      guard let name = try node.string("to") else { throw .attribute("attribute to is missing: the type to cast to") }
      guard let type = ElementType(dataTypeName: name) else { throw .unsupported("there is no cast to \(name) here") }
      return type
    }
    guard let number = try node.int("to") else { throw .attribute("attribute to is missing: the type to cast to") }
    guard let type = ElementType(dataType: number) else {
      throw .unsupported("there is no cast to \(ElementType.name(ofDataType: number)) here")
    }
    return type
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Self.check(operands.tensor(0).elementType, target)
    return [ValueType(target, try operands.tensor(0).shape)]
  }

  static func check(_ source: ElementType, _ target: ElementType) throws(OperatorError) {
    for type in [source, target] where type == .complex64 || type == .complex128 {
      throw .unsupported("there is no cast from \(source) to \(target) here")
    }
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands[0].type == results[0] ? [0] : nil }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try rounding.cast(operands[0], into: &results)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("Cast", ["to": .int(target.dataType)], since: 9) }

  // MARK: Gradient

  /// ∂X is ∂Y in the type of X; none flows through integers.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil] }
    return [try graph.add(Cast(to: step.elementType(0)), seed)]
  }
}

/// The attributes that concern the floating-point types of 8 bits alone: `saturate` and `round_mode`.
struct CastRounding: Sendable {
  private let overflow: CompactFloat.Overflow
  private let scaleRounding: CompactFloat.ScaleRounding

  init() {
    overflow = .saturates
    scaleRounding = .up
  }

  init(_ node: inout NodeReader) throws(OperatorError) {
    overflow = try node.flag("saturate", default: true) ? .saturates : .escapes
    let mode = try node.string("round_mode") ?? "up"
    guard let rounding = CompactFloat.ScaleRounding(rawValue: mode) else {
      throw .attribute("attribute round_mode must be up, down or nearest, not \(mode)")
    }
    scaleRounding = rounding
  }

  /// Result 0 gets the elements of `x` in its own type.
  func cast(_ x: Tensor, into results: inout Results) throws(OperatorError) {
    let target = results.elementType(0), team = results.team
    if let texts = x.texts {
      guard target != .string else { return try results.setTexts(0, texts) }
      results.set(0, .tensor(converted(try NumberText.numbers(texts, as: target, shape: x.shape), to: target, team)))
    } else if target == .string {
      try results.setTexts(0, NumberText.texts(x))
    } else if x.elementType.swiftType != nil, target.swiftType != nil {
      var y = results.bytes(0)
      Kernels.convert(x.bytes, of: x.elementType, into: &y, as: target, team: team)
    } else {
      results.set(0, .tensor(converted(x, to: target, team)))
    }
  }

  private func converted(_ x: Tensor, to target: ElementType, _ team: ThreadTeam) -> Tensor {
    x.converted(to: target, overflow: overflow, scaleRounding: scaleRounding, team: team)
  }
}

extension ElementType {
  /// The type with a name of `TensorProto.DataType`, such as `FLOAT` or `INT64`.
  fileprivate init?(dataTypeName: String) {
    switch dataTypeName.uppercased() {
    case "FLOAT": self = .float32
    case "DOUBLE": self = .float64
    case let name:
      guard let type = ElementType(rawValue: name.lowercased()), type != .float32, type != .float64 else { return nil }
      self = type
    }
  }
}
