extension Microsoft {
  /// `Y = X Φ(X)` with the normal distribution function Φ.
  ///
  /// - Operands: `X`, floating-point.
  struct Gelu: Renamed, Attributeless {
    static let signature = Microsoft.signature("Gelu", operands: 1...1)
    let standard: any Operator = CarpusGraphs.Gelu()
  }
}
