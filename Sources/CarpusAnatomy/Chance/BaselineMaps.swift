public import CarpusImaging
public import CarpusTensors
import Foundation

/// The mean of a region's coverage over patients, on one grid: the map of somebody who knows where the region usually lies and sees nothing
/// of the radiograph. Measured like any map, it says what position alone achieves. Source: Arun et al. 2021, average mask.
public struct AverageMask: Sendable {
  private var sum: [Double]
  public private(set) var count = 0
  private let height, width: Int

  /// For maps of h×w cells.
  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0)
    (self.height, self.width) = (height, width)
    sum = [Double](repeating: 0, count: height * width)
  }

  /// - Precondition: the coverage is of a grid of this size.
  public mutating func add(_ coverage: CellCoverage) {
    for (cell, share) in zip(coverage.cells, coverage.shares) { sum[cell] += share }
    count += 1
  }

  /// `[h×w]`, in 0…1; `nil` before the first coverage.
  public var map: Tensor? { count > 0 ? Tensor(sum.map { $0 / Double(count) }, shape: [height, width]) : nil }
}

extension MapGrid {
  /// A map that knows nothing but where the middle is: `exp(−½((x − x₀)² / σ_x² + (y − y₀)² / σ_y²))` at the cells' centres, with the
  /// middle of the rectangle and a quarter of its sides as σ. `[h×w]`
  ///
  /// - Parameter rectangle: of the hand, or of the radiograph; not empty.
  public func centreWeighted(on rectangle: PixelRectangle) -> Tensor {
    precondition(rectangle.area > 0)
    func weights(_ edges: [Double], _ low: Double, _ high: Double) -> [Double] {
      (0..<edges.count - 1).map { index in
        let distance = ((edges[index] + edges[index + 1]) / 2 - (low + high) / 2) / ((high - low) / 4)
        return exp(-distance * distance / 2)
      }
    }
    let columns = weights(columnEdges, rectangle.minX, rectangle.maxX)
    let values = weights(rowEdges, rectangle.minY, rectangle.maxY).flatMap { row in columns.map { row * $0 } }
    return Tensor(values, shape: [height, width])
  }
}
