import CarpusTensors

/// What `CumSum` and `CumProd` have in common: along one axis, each result accumulates the elements up to its place.
struct Cumulation: Sendable {
  /// The element at the place itself does not count.
  let isExclusive: Bool
  /// From the last element to the first.
  let isReverse: Bool

  init(isExclusive: Bool, isReverse: Bool) {
    self.isExclusive = isExclusive
    self.isReverse = isReverse
  }

  init(_ node: inout NodeReader) throws(OperatorError) {
    isExclusive = try node.flag("exclusive", default: false)
    isReverse = try node.flag("reverse", default: false)
  }

  /// - Parameter index: of the operand that the axis is.
  func resultTypes(for operands: [OperandInfo], axis index: Int = 1) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(index - 1)
    guard x.elementType != .bool else { throw .operands("truth values are no numbers") }
    if let rank = x.shape.rank { _ = try axis(operands, index, rank: rank) }
    return [.tensor(x)]
  }

  /// `nil` while the axis is not known.
  private func axis(_ operands: [OperandInfo], _ index: Int, rank: Int) throws(OperatorError) -> Int? {
    let type = try operands.tensor(index)
    guard type.elementType.isInteger, type.shape.shape.map({ $0.count == 1 }) ?? true else {
      throw .operands("the axis must be one integer, not \(type)")
    }
    guard let axis = operands.knownIntegers(index)?.first else { return nil }
    return try Axes.resolved(axis, rank: rank)
  }

  /// The lines of a tensor along the axis.
  func lines(_ operands: [OperandInfo], _ x: Shape, axis index: Int = 1) throws(OperatorError) -> Lines {
    guard let axis = try axis(operands, index, rank: x.rank) else { throw .operands("the axis is not an integer") }
    return Lines(
      count: x[axis], inner: x.extents.dropFirst(axis + 1).reduce(1, *), outer: x.extents.prefix(axis).reduce(1, *), isReverse: isReverse)
  }

  struct Lines {
    let count, inner, outer: Int
    let isReverse: Bool

    /// How many lines there are.
    var indices: Range<Int> { 0..<outer * inner }

    /// The places of the elements of one line, in the order in which they are accumulated.
    func places(_ line: Int) -> StrideTo<Int> {
      let first = line / inner * count * inner + line % inner, end = first + count * inner
      return isReverse ? stride(from: end - inner, to: first - inner, by: -inner) : stride(from: first, to: end, by: inner)
    }
  }

  /// Accumulates numbers in double precision, integers in their own.
  func evaluate(
    from start: Int, _ operands: borrowing Operands, into results: inout Results, real: (Double, Double) -> Double,
    integer: any IntegerFunction
  ) throws(OperatorError) {
    let x = operands[0], lines = try lines(operands.infos, x.shape)
    func floating<T: KernelScalar>(_ type: T.Type) {
      let values = x.elements(T.self)
      var y = results.elements(0, as: T.self)
      for line in lines.indices {
        var sum = Double(start)
        for place in lines.places(line) {
          let next = real(sum, Double(values[place]))
          y[place] = T(isExclusive ? sum : next)
          sum = next
        }
      }
    }
    func integral<T: IntegerElement>(_ type: T.Type) throws(OperatorError) {
      let values = x.elements(T.self)
      var y = results.elements(0, as: T.self)
      for line in lines.indices {
        var sum = T(start)
        for place in lines.places(line) {
          let next = try integer.apply(sum, values[place])
          y[place] = isExclusive ? sum : next
          sum = next
        }
      }
    }
    if let type = x.elementType.kernelType { floating(type) }
    if let type = x.elementType.integerType { try integral(type) }
  }
}
