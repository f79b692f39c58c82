import CarpusTensors

/// `Z` is each text of `X` followed by that of `Y`, broadcast.
///
/// - Operands: `X`, `Y`, text.
public struct StringConcat: Attributeless {
  public static let signature = OperatorSignature("StringConcat", since: 20, operands: 2...2, numerics: .exact, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: [.string]), y = try operands.tensor(1, of: [.string])
    guard let extents = try Broadcasting.shape(x.shape, y.shape).extents else { return [ValueType(.string, .unknown)] }
    return [try Movement.resultType(.string, extents)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0].texts ?? [], y = operands[1].texts ?? [], count = results.shape(0).count
    let sizes = (x.map(\.utf8.count), y.map(\.utf8.count))
    var places = try BroadcastPlaces(operands[0].shape, operands[1].shape), bytes = 0
    for _ in 0..<count {
      bytes += sizes.0[places.first] + sizes.1[places.second]
      places.advance()
    }
    try MemoryLimit.check([bytes], .uint8)
    places = try BroadcastPlaces(operands[0].shape, operands[1].shape)
    var texts: [String] = []
    texts.reserveCapacity(count)
    for _ in 0..<count {
      texts.append(x[places.first] + y[places.second])
      places.advance()
    }
    try results.setTexts(0, texts)
  }

  // MARK: Gradient

  /// Text has no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
