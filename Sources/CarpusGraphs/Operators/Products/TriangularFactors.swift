/// A square matrix `A` as `P A Q = L U`: its rows and columns permuted so that each pivot is the largest element that is left.
///
/// `L` has ones on its diagonal and zeros above it, `U` zeros below its diagonal. Source: Golub and Van Loan, *Matrix Computations*,
/// section 3.4 (complete pivoting).
struct TriangularFactors {
  private let size: Int
  /// `U` on and above the diagonal, `L` below it, row by row.
  private let elements: [Double]
  /// Row `i` of `P A` is row `rows[i]` of `A`; column `i` of `A Q` is column `columns[i]` of `A`.
  private let rows, columns: [Int]
  /// det P · det Q
  private let sign: Double

  /// - Parameter matrix: row by row.
  init(of matrix: [Double], size: Int) {
    var elements = matrix, rows = Array(0..<size), columns = Array(0..<size), sign = 1.0
    for step in 0..<size {
      var pivot = (row: step, column: step), largest = 0.0
      for row in step..<size {
        for column in step..<size where abs(elements[row * size + column]) > largest {
          (pivot, largest) = ((row, column), abs(elements[row * size + column]))
        }
      }
      if pivot.row != step {
        for column in 0..<size { elements.swapAt(step * size + column, pivot.row * size + column) }
        rows.swapAt(step, pivot.row)
        sign = -sign
      }
      if pivot.column != step {
        for row in 0..<size { elements.swapAt(row * size + step, row * size + pivot.column) }
        columns.swapAt(step, pivot.column)
        sign = -sign
      }
      let divisor = elements[step * size + step]
      guard divisor != 0 else { continue }
      for row in step + 1..<max(size, step + 1) {
        let factor = elements[row * size + step] / divisor
        elements[row * size + step] = factor
        for column in step + 1..<size { elements[row * size + column] -= factor * elements[step * size + column] }
      }
    }
    self.size = size
    self.elements = elements
    self.rows = rows
    self.columns = columns
    self.sign = sign
  }

  /// `det A`; 1 for a matrix without elements.
  var determinant: Double { pivots.reduce(sign, *) }

  private var pivots: [Double] { (0..<size).map { elements[$0 * size + $0] } }

  /// The derivatives of `det A` in the elements of `A`, row by row: the transpose of the adjugate, also where `A` has no inverse.
  ///
  /// `adj A = det P det Q · Q adj(U) L⁻¹ P`. With `U = [V w; 0 d]`, `adj U = det V · [d V⁻¹, -V⁻¹ w; 0, 1]`, in which nothing is divided
  /// by the last pivot `d`. If the pivot before it is 0 too, all cofactors are.
  var cofactors: [Double] {
    guard size > 0 else { return [] }
    let last = size - 1, minor = pivots.dropLast().reduce(sign, *)
    guard pivots.dropLast().allSatisfy({ $0 != 0 }) else { return [Double](repeating: 0, count: size * size) }
    var result = [Double](repeating: 0, count: size * size)
    for number in 0..<size {
      // One column of L⁻¹, then of adj(U) L⁻¹.
      var column = [Double](repeating: 0, count: size)
      column[number] = 1
      for row in number + 1..<max(size, number + 1) {
        column[row] = -(number..<row).reduce(0) { $0 + elements[row * size + $1] * column[$1] }
      }
      let end = column[last]
      for row in stride(from: last - 1, through: 0, by: -1) {
        let known = (row + 1..<last).reduce(elements[row * size + last] * end) { $0 + elements[row * size + $1] * column[$1] }
        column[row] = (elements[last * size + last] * column[row] - known) / elements[row * size + row]
      }
      // (Q M P)[columns[i], rows[j]] = M[i, j], and the adjugate is transposed.
      for row in 0..<size { result[rows[number] * size + columns[row]] = minor * column[row] }
    }
    return result
  }
}
