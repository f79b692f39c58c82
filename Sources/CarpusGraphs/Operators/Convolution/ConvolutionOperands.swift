import CarpusTensors

extension Array where Element == OperandInfo {
  /// X and W of a convolution, of one element type with all other operands, and their rank, if it is known.
  ///
  /// - Parameter layout: the axes of W, for a sentence.
  func convolved(weights layout: String) throws(OperatorError) -> (x: TensorType, w: TensorType, rank: Int?) {
    let x = try floatingTensor(0), w = try floatingTensor(1)
    for index in indices.dropFirst() {
      guard let other = try optionalTensor(index), other.elementType != x.elementType else { continue }
      throw .operands("operand \(index) has elements of type \(other.elementType), X of \(x.elementType)")
    }
    guard let rank = x.shape.rank ?? w.shape.rank else { return (x, w, nil) }
    guard rank >= 3, w.shape.rank ?? rank == rank, x.shape.rank ?? rank == rank else {
      throw .operands("X must be [N×C×…] and W [\(layout)] of the same rank, not \(x.shape) and \(w.shape)")
    }
    return (x, w, rank)
  }
}
