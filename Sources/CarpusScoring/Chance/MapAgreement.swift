/// A map as numbers: h×w cells, row by row, over the whole of a network's input.
public struct MapCells: Hashable, Sendable {
  public let values: [Double]
  public let height, width: Int

  /// - Precondition: `height·width` finite values, at least one.
  public init(_ values: [Double], height: Int, width: Int) {
    precondition(height > 0 && width > 0 && values.count == height * width && values.allSatisfy(\.isFinite))
    self.values = values
    self.height = height
    self.width = width
  }

  /// The same evidence on another grid over the same input: a cell's points are spread evenly over its area, so that their sum stays.
  func regridded(height newHeight: Int, width newWidth: Int) -> MapCells {
    guard (newHeight, newWidth) != (height, width) else { return self }
    func overlaps(_ old: Int, _ new: Int) -> [[(index: Int, share: Double)]] {
      // Borders at i/old and j/new, in units of 1/(old·new).
      (0..<new).map { target in
        let low = target * old, high = low + old
        return (low / new...(high - 1) / new).map { ($0, Double(min(high, ($0 + 1) * new) - max(low, $0 * new)) / Double(new)) }
      }
    }
    let columns = overlaps(width, newWidth)
    let values = overlaps(height, newHeight).flatMap { rows in
      columns.map { columns in
        rows.reduce(0.0) { sum, row in columns.reduce(sum) { $0 + row.share * $1.share * self.values[row.index * width + $1.index] } }
      }
    }
    return MapCells(values, height: newHeight, width: newWidth)
  }
}

/// How far two maps of the same image agree: members of an ensemble, methods, or a map before and after a network's weights were shuffled.
///
/// Raw, signed values are compared, cell by cell, on the coarser of both grids along each axis. Neighbouring cells resemble each other, so a p-value from the
/// number of cells would be wrong; compare with the agreement of maps of unrelated images.
public struct MapAgreement: Hashable, Sendable {
  public let pearson, spearman: Result<Double, Undefined>
  /// Cells that were compared.
  public let cellCount: Int

  /// - Parameter radiograph: the share of each cell of the common grid that lies on the radiograph; cells with less than half are left out. `nil` for all
  ///   cells.
  public init(_ first: MapCells, _ second: MapCells, radiograph: MapCells? = nil) {
    let (height, width) = (min(first.height, second.height), min(first.width, second.width))
    let (a, b) = (first.regridded(height: height, width: width), second.regridded(height: height, width: width))
    precondition(radiograph.map { $0.height == height && $0.width == width } ?? true)
    let cells = a.values.indices.filter { radiograph.map(\.values)?[$0] ?? 1 >= 0.5 }
    cellCount = cells.count
    let sample = PointSample(reference: cells.map { a.values[$0] }, predicted: cells.map { b.values[$0] })
    let correlations = sample.correlations([Int](repeating: 1, count: cells.count))
    (pearson, spearman) = (correlations[0], correlations[1])
  }
}
