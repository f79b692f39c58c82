/// How much of the target's value each cell of a layer accounts for: raw, signed, in the units of the target, on
/// the layer's own grid. Nothing is rectified, scaled or interpolated.
public struct AttributionMap: Hashable, Sendable {
  /// Name of the method, e.g. `hirescam`.
  public let method: String
  /// Name of the layer.
  public let layer: String
  public let height: Int
  public let width: Int
  /// Row by row, `height × width` values.
  public let values: [Double]

  /// - Precondition: as many values as cells.
  public init(method: String, layer: String, height: Int, width: Int, values: [Double]) {
    precondition(values.count == height * width)
    self.method = method
    self.layer = layer
    self.height = height
    self.width = width
    self.values = values
  }

  public subscript(row: Int, column: Int) -> Double { values[row * width + column] }

  public var minimum: Double { values.min() ?? 0 }
  public var maximum: Double { values.max() ?? 0 }
  public var sum: Double { values.reduce(0, +) }
  public var sumPositive: Double { values.reduce(0) { $0 + max($1, 0) } }
  public var sumNegative: Double { values.reduce(0) { $0 + min($1, 0) } }
}
