import CarpusTensors

extension GraphBuilder {
  /// `X / √(mean X² + epsilon) · scale` over the axes from `axis` on, and the factor `1 / √(mean X² + epsilon)`, computed in float32 or float64.
  mutating func rootMeanSquareNormalized(
    _ x: Value, scale: Value, axis: Int, epsilon: Double
  ) throws(OperatorError) -> (y: Value, factor: Value)? {
    guard case .tensor(let type) = type(of: x), type.elementType.isFloatingPoint else { throw .operands("X must be a floating-point tensor") }
    guard case .tensor(let scaleType) = self.type(of: scale) else { throw .operands("the scale must be a tensor") }
    // Axes that are counted from the end need no rank.
    guard let first = try type.shape.rank.map({ rank throws(OperatorError) in try Axes.resolved(axis, rank: rank) - rank }) ?? (axis < 0 ? axis : nil)
    else { return nil }
    let wide = type.elementType == .float64 ? ElementType.float64 : .float32
    let numbers = try add(Cast(to: wide), x)
    let mean = try add(ReduceMean.self, ["axes": .ints(Array(first..<0))], product(numbers, numbers))
    let factor = try add(Reciprocal(), add(Sqrt(), shifted(mean, by: epsilon)))
    let normalized = try product(product(numbers, factor), add(Cast(to: wide), scale))
    return (try add(Cast(to: scaleType.elementType), normalized), factor)
  }
}
