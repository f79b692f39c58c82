public import CarpusTensors

/// What is known of a shape before a run: each extent, the rank alone, or nothing.
public struct PartialShape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// An extent that is not known is `nil`; `nil` as a whole when not even the rank is known.
  public let extents: [Int?]?

  public init(_ extents: [Int?]?) { self.extents = extents }
  public init(_ shape: Shape) { extents = shape.extents }
  public init(arrayLiteral extents: Int?...) { self.extents = extents }

  /// Not even the rank is known.
  public static let unknown = PartialShape(nil)

  public static func unknown(rank: Int) -> PartialShape { PartialShape([Int?](repeating: nil, count: rank)) }

  public var rank: Int? { extents?.count }

  /// The shape, if every extent is known and their product can be counted.
  public var shape: Shape? {
    guard let extents else { return nil }
    let known = extents.compactMap { $0 }
    return known.count == extents.count ? Shape(checking: known) : nil
  }

  /// Extent of an axis; `nil` when it is not known or there is no such axis.
  public subscript(axis: Int) -> Int? {
    guard let extents, extents.indices.contains(axis) else { return nil }
    return extents[axis]
  }

  /// True when a tensor of `shape` may stand here.
  public func admits(_ shape: Shape) -> Bool {
    guard let extents else { return true }
    return extents.count == shape.rank && zip(extents, shape.extents).allSatisfy { $0 == nil || $0 == $1 }
  }

  /// `?×3×224×224`, `scalar`, or `any shape`.
  public var description: String {
    guard let extents else { return "any shape" }
    return extents.isEmpty ? "scalar" : extents.map { $0.map(String.init) ?? "?" }.joined(separator: "×")
  }
}

extension PartialShape {
  /// True when both may be the same shape.
  public func agrees(with other: PartialShape) -> Bool {
    guard let extents, let others = other.extents else { return true }
    return extents.count == others.count && zip(extents, others).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }
}
