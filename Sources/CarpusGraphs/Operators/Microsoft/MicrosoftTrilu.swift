extension Microsoft {
  /// The upper (or, with `upper` 0, lower) triangle of each matrix of a stack: the standard's `Trilu`.
  ///
  /// - Operands: `X` `[…, m, n]`; optionally the number of the diagonal that bounds it.
  struct Trilu: Renamed {
    static let signature = Microsoft.signature("Trilu", operands: 1...2)
    let standard: any Operator

    init(_ node: inout NodeReader) throws(OperatorError) { standard = try CarpusGraphs.Trilu(&node) }
  }
}
