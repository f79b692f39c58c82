/// The extents of a tensor, outermost first; elements lie in row-major order. A scalar has no extents.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let extents: [Int]
  /// Number of elements: the product of the extents.
  public let count: Int

  /// - Precondition: no extent is negative and the product fits in an `Int`. Use `init(checking:)` for numbers
  ///   that come from a file.
  public init(_ extents: [Int]) {
    guard let shape = Shape(checking: extents) else { preconditionFailure("not a shape: \(extents)") }
    self = shape
  }

  /// `nil` when an extent is negative or the product of the non-zero extents exceeds 2^48 elements.
  public init?(checking extents: [Int]) {
    var bound = 1
    var isEmpty = false
    for extent in extents {
      guard extent >= 0 else { return nil }
      if extent == 0 { isEmpty = true; continue }
      let (product, overflow) = bound.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= 1 << 48 else { return nil }
      bound = product
    }
    self.extents = extents
    count = isEmpty ? 0 : bound
  }

  public init(arrayLiteral extents: Int...) { self.init(extents) }

  public var rank: Int { extents.count }

  public subscript(axis: Int) -> Int { extents[axis] }

  /// Elements between neighbours along each axis.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * extents[axis + 1] }
    return strides
  }

  /// `1×3×224×224`; a scalar is `scalar`.
  public var description: String {
    extents.isEmpty ? "scalar" : extents.map(String.init).joined(separator: "×")
  }
}
