import CarpusTensors

/// The smallest of the operands, broadcast; NaN where one of them is NaN.
///
/// - Operands: one or more of one numeric type; of one shape before version 8.
public struct Min: ExtremalSelecting {
  public static let signature = OperatorSignature("Min", operands: 1...OperatorSignature.any, gradient: .defined)
  static let function = BinaryFunction.minimum
  let broadcasts: Bool

  func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { min(a, b) }
}
