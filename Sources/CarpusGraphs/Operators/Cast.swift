public import CarpusTensors

/// The elements of `X` as another type. Real numbers are cut off towards 0 to become integers, and the nearest integer
/// stands for those beyond them; integers lose their upper bits; everything but 0 is true.
///
/// - Operands: `X`, any type and shape.
/// - Throws: `OperatorError.unsupported` for text, complex numbers and types of 8 bits or less that are not integers.
public struct Cast: Forwarding {
  public static let signature = OperatorSignature("Cast", since: 6, operands: 1...1, numerics: .moves, gradient: .defined)
  private let target: ElementType

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let number = try node.int("to") else { throw .attribute("attribute to is missing: the type to cast to") }
    guard let type = ElementType(dataType: number) else {
      throw .unsupported("there is no cast to \(ElementType.name(ofDataType: number)) here")
    }
    target = type
    try Self.readRounding(&node)
  }

  public init(to type: ElementType) { target = type }

  /// The attributes that concern the types of 8 bits alone.
  static func readRounding(_ node: inout NodeReader) throws(OperatorError) {
    _ = try node.flag("saturate", default: true)
    node.ignore("round_mode")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(target, try operands.tensor(0).shape)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands[0].type == results[0] ? [0] : nil }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.convertElements(of: operands[0]) }

  // MARK: Gradient

  /// ∂X is ∂Y in the type of X; none flows through integers.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil] }
    return [try graph.add(Cast(to: step.elementType(0)), seed)]
  }
}

extension Results {
  /// Result 0 gets the elements of `x` in its own type.
  mutating func convertElements(of x: Tensor) {
    let type = elementType(0), team = team
    var y = bytes(0)
    Kernels.convert(x.bytes, of: x.elementType, into: &y, as: type, team: team)
  }
}
