/// `Y` is the place of the smallest `X` along an axis: the first of equals, or the last with `select_last_index` 1. NaN is the smallest.
///
/// - Operands: `X`, numbers.
/// - Results: `Y`, int64.
public struct ArgMin: ExtremumPlacing {
  public static let signature = OperatorSignature("ArgMin", operands: 1...1, gradient: .stops)
  static let extremum = ExtremalPlace.Extremum.smallest
  let place: ExtremalPlace
}
