package import CarpusAnatomy
import Foundation

/// The hand that `HandDiagram` draws, as a grid onto which the maps of all radiographs are warped.
///
/// A thin-plate spline goes through the diagram's places and leads from the diagram to the radiograph; between them it bends as little as it can. It is smoothed a
/// little, because the diagram draws the wrist wider than it is. Source: Bookstein, IEEE PAMI 11:567, 1989.
package struct CanonicalHand {
  /// Side of a cell, in units of the diagram.
  static let step = 5.0
  package static let columns = Int(HandDiagram.width / step), rows = Int(HandDiagram.height / step)
  private static let smoothing = 0.02
  /// Fewer places do not say how a hand lies.
  static let fewestPlaces = 6

  package let sites: [SvdHSite]
  /// For each cell the weights of the places.
  private let weights: [[Double]]

  /// - Parameter sites: the places that are known; at least `fewestPlaces`, else there is no warp.
  package init?(_ sites: [SvdHSite]) {
    let known = sites.compactMap { site in HandDiagram.places[site].map { (site: site, x: $0.x / HandDiagram.width, y: $0.y / HandDiagram.width) } }
    guard known.count >= Self.fewestPlaces else { return nil }
    self.sites = known.map(\.site)
    let count = known.count, size = count + 3
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for (i, a) in known.enumerated() {
      for (j, b) in known.enumerated() { matrix[i][j] = Self.kernel(a.x - b.x, a.y - b.y) + (i == j ? Self.smoothing : 0) }
      for (k, value) in [1, a.x, a.y].enumerated() { (matrix[i][count + k], matrix[count + k][i]) = (value, value) }
    }
    guard let inverse = Self.inverse(matrix) else { return nil }
    weights = (0..<Self.rows * Self.columns).map { cell in
      let x = (Double(cell % Self.columns) + 0.5) * Self.step / HandDiagram.width, y = (Double(cell / Self.columns) + 0.5) * Self.step / HandDiagram.width
      let basis = known.map { Self.kernel(x - $0.x, y - $0.y) } + [1, x, y]
      return (0..<count).map { column in basis.indices.reduce(0) { $0 + basis[$1] * inverse[$1][column] } }
    }
  }

  /// Where the middle of each cell lies on a radiograph.
  ///
  /// - Parameter points: of `sites`, in their order.
  package func places(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    weights.map { weights in
      var x = 0.0, y = 0.0
      for (weight, point) in zip(weights, points) {
        x += weight * point.x
        y += weight * point.y
      }
      return (x, y)
    }
  }

  /// r² ln r² of the spline.
  private static func kernel(_ x: Double, _ y: Double) -> Double {
    let square = x * x + y * y
    return square > 0 ? square * log(square) : 0
  }

  /// By Gauss and Jordan with the largest pivot; `nil` where there is none.
  private static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
    let size = matrix.count
    var rows = matrix.enumerated().map { index, row in row + (0..<size).map { $0 == index ? 1.0 : 0 } }
    for column in 0..<size {
      guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }), abs(rows[pivot][column]) > 1e-12 else { return nil }
      rows.swapAt(column, pivot)
      let scale = rows[column][column]
      rows[column] = rows[column].map { $0 / scale }
      let own = rows[column]
      for row in 0..<size where row != column && rows[row][column] != 0 {
        let factor = rows[row][column]
        rows[row] = zip(rows[row], own).map { $0 - factor * $1 }
      }
    }
    return rows.map { Array($0[size...]) }
  }
}
