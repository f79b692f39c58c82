import CarpusTensors

/// `Y` is `X` without `border` rows and columns: left, top, right, bottom; or, with `scale`, as many rows and columns as that says from the
/// left and top border on. One of ONNX's experimental operators, removed in version 1.5 of the standard.
///
/// - Operands: `X`, any type, `[N, C, H, W]`.
/// - Throws: when that is more than there is.
public struct Crop: StandIn {
  public static let signature = OperatorSignature("Crop", operands: 1...1, numerics: .moves, gradient: .defined)
  private let border: [Int]
  private let size: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    border = try node.ints("border") ?? []
    size = try node.ints("scale").flatMap { $0.isEmpty ? nil : $0 }
    guard border.count == 4, (border + (size ?? [])).allSatisfy({ (0...1 << 40).contains($0) }), size?.count ?? 2 == 2 else {
      throw .attribute("border must be four numbers and scale two, none negative")
    }
  }

  /// What is taken along the axes of rows and columns; `nil` while they are not known.
  private func ranges(_ shape: PartialShape) throws(OperatorError) -> [Range<Int>]? {
    guard let rank = shape.rank else { return nil }
    guard rank == 4 else { throw .operands("an image has the shape [N, C, H, W], not \(shape)") }
    guard let height = shape[2], let width = shape[3] else { return nil }
    let ends = size.map { [border[1] + $0[0], border[0] + $0[1]] } ?? [height - border[3], width - border[2]]
    guard ends[0] >= border[1], ends[1] >= border[0], ends[0] <= height, ends[1] <= width else {
      throw .operands("an image of \(height) × \(width) cannot be cropped by \(border)" + (size.map { " to \($0)" } ?? ""))
    }
    return [border[1]..<ends[0], border[0]..<ends[1]]
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    let ranges = try ranges(x.shape)
    return [ValueType(x.elementType, [x.shape[0], x.shape[1], ranges?[0].count, ranges?[1].count])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = operands[0], let ranges = try ranges(infos.tensor(0).shape) else { return nil }
    return [try graph.add(Slice(ranges[1], axis: 3), graph.add(Slice(ranges[0], axis: 2), x))]
  }
}
