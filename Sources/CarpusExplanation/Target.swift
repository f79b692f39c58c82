public import CarpusTensors

/// The number that is explained: an element of an output. In a batch, the same element for every image.
public struct Target: Hashable, Sendable {
  /// Name of the output.
  public let output: String
  /// Place along the output's last axis.
  public let index: Int

  public init(output: String, index: Int = 0) {
    self.output = output
    self.index = index
  }

  /// The target's value for each image of a batch, from the output's value `[N×…×K]`.
  ///
  /// - Throws: `ExplanationError.target` when an image does not have exactly one such element.
  public func values(in output: Tensor, images: Int) throws(ExplanationError) -> [Double] {
    let last = output.shape.extents.last ?? 1
    guard index >= 0, index < last else {
      throw .target("output '\(self.output)' has \(last) elements along its last axis; \(index) is not one of 0…\(last - 1)")
    }
    guard output.shape.count == images * last else {
      throw .target("output '\(self.output)' of shape \(output.shape) does not have one row of scores for each of \(images) images")
    }
    let elements = output.doubles
    return (0..<images).map { elements[$0 * last + index] }
  }
}
