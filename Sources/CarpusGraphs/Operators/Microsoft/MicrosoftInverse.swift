import CarpusTensors

extension Microsoft {
  /// `Y = X⁻¹` for each matrix of a stack, by elimination with pivots of largest magnitude in float64.
  ///
  /// - Operands: `X` `[…, n, n]`, floating-point.
  /// - Throws: when a matrix has no inverse.
  struct Inverse: Attributeless {
    static let signature = OperatorSignature("Inverse", domain: "com.microsoft", operands: 1...1, gradient: .defined)

    // MARK: Shape

    func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
      let x = try operands.floatingTensor(0)
      guard let extents = x.shape.extents else { return [.tensor(x)] }
      guard extents.count >= 2, let rows = extents.dropLast().last, let columns = extents.last,
        rows == nil || columns == nil || rows == columns
      else { throw .operands("X must be a stack of square matrices, not \(x.shape)") }
      return [.tensor(x)]
    }

    // MARK: Kernel

    func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
      let x = operands[0], n = x.shape.extents[x.shape.rank - 1]
      var numbers = x.doubles
      for matrix in 0..<x.shape.count / (n * n) {
        let range = matrix * n * n..<(matrix + 1) * n * n
        guard let inverse = Self.inverse(Array(numbers[range]), n) else { throw .operands("matrix \(matrix) has no inverse") }
        numbers.replaceSubrange(range, with: inverse)
      }
      results.set(0, .tensor(Tensor(numbers, shape: x.shape).converted(to: results.elementType(0))))
    }

    /// Gauss-Jordan elimination; `nil` where no pivot is left.
    private static func inverse(_ matrix: [Double], _ n: Int) -> [Double]? {
      var a = matrix, b = [Double](repeating: 0, count: n * n)
      for index in 0..<n { b[index * n + index] = 1 }
      for column in 0..<n {
        guard let pivot = (column..<n).max(by: { abs(a[$0 * n + column]) < abs(a[$1 * n + column]) }), a[pivot * n + column] != 0 else { return nil }
        if pivot != column {
          for index in 0..<n {
            a.swapAt(pivot * n + index, column * n + index)
            b.swapAt(pivot * n + index, column * n + index)
          }
        }
        let divisor = a[column * n + column]
        for index in 0..<n {
          a[column * n + index] /= divisor
          b[column * n + index] /= divisor
        }
        for row in 0..<n where row != column {
          let factor = a[row * n + column]
          guard factor != 0 else { continue }
          for index in 0..<n {
            a[row * n + index] -= factor * a[column * n + index]
            b[row * n + index] -= factor * b[column * n + index]
          }
        }
      }
      return b
    }

    // MARK: Gradient

    /// ∂X = −Yᵀ · ∂Y · Yᵀ.
    func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
      guard let seed = seeds[0] else { return [nil] }
      let y = step.results[0]
      let right = try graph.add(TransposedMatMul(transposesA: false, transposesB: true), seed, y)
      return [try graph.negated(graph.add(TransposedMatMul(transposesA: true, transposesB: false), y, right))]
    }
  }
}
