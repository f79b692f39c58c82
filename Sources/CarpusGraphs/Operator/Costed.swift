import CarpusTensors

/// An operator whose work is sums of products.
protocol Costed: Operator {
  /// How many products are added up for these results. Element-wise work is not counted, nor what a loop or a branch does.
  ///
  /// - Returns: `nil` where an extent is not known, or the number is too large to be counted.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int?
}

/// The product of extents.
///
/// - Returns: `nil` where one is not known or the product is too large.
func product(_ extents: some Sequence<Int?>) -> Int? {
  var result = 1
  for extent in extents {
    guard let extent else { return nil }
    let (product, overflow) = result.multipliedReportingOverflow(by: extent)
    guard !overflow else { return nil }
    result = product
  }
  return result
}

extension Array where Element == OperandInfo {
  /// The shape of an operand, where it is a tensor and known.
  func shape(_ index: Int) -> Shape? { isPresent(index) ? self[index].type?.staticShape : nil }
}
