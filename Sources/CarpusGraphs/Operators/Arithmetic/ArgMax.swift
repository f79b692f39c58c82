/// `Y` is the place of the largest `X` along an axis: the first of equals, or the last with `select_last_index` 1. NaN is the largest.
///
/// - Operands: `X`, numbers.
/// - Results: `Y`, int64.
public struct ArgMax: ExtremumPlacing {
  public static let signature = OperatorSignature("ArgMax", operands: 1...1, gradient: .stops)
  static let extremum = ExtremalPlace.Extremum.largest
  let place: ExtremalPlace
}
