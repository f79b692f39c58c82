import CarpusTensors

/// An operator with one result that may be its operands, one after the other in memory. A plan then lets the operands be written where
/// the result lies, and the operator has nothing to do.
protocol Joining: Operator {
  /// How many operands, from the first on, the result consists of; `nil` where its elements lie in another order.
  ///
  /// - Parameter operands: of known shapes.
  func joined(_ operands: [OperandInfo]) -> Int?
}
