import CarpusTensors

/// The bits of the elements of `X` taken as another type of as many bits. As truth values, all bits but those of 0 are true.
///
/// - Operands: `X`, any type but text, any shape.
/// - Throws: when the types have different numbers of bits.
public struct BitCast: Forwarding {
  public static let signature = OperatorSignature("BitCast", since: 26, operands: 1...1, numerics: .exact, gradient: .stops)
  private let target: ElementType

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let type = try node.elementType("to") else { throw .attribute("attribute to is missing: the type to take the bits as") }
    target = type
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let bits = x.elementType.bitCount, bits == target.bitCount else {
      throw .operands("the bits of \(x.elementType) cannot be taken as \(target): there are not as many")
    }
    return [ValueType(target, x.shape)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands[0].type == results[0] ? [0] : nil }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.set(0, .tensor(operands[0].reinterpreted(as: target)))
  }

  // MARK: Gradient

  /// Bits do not change continuously.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
