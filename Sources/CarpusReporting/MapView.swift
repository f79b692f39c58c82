import CarpusExplanation
import CarpusImaging

/// A map for the eye, on a grid that covers the radiograph.
enum MapView {
  /// Bilinear between the centres of the cells, constant beyond the outer ones; what lies on padding is cut off, and what the network did not
  /// see is 0.
  ///
  /// - Parameter size: the pixels of the view, spread evenly over the radiograph.
  static func values(of map: AttributionMap, in picture: ExplanationReport.Picture, size: PixelSize) -> [Double] {
    let (radiograph, input, transform) = (picture.radiograph.size, picture.inputSize, picture.transform)
    let columns = taps(
      size.width, radiograph: radiograph.width, scale: transform.scaleX, offset: transform.offsetX, input: input.width, cells: map.width)
    let rows = taps(
      size.height, radiograph: radiograph.height, scale: transform.scaleY, offset: transform.offsetY, input: input.height,
      cells: map.height)
    var values: [Double] = []
    values.reserveCapacity(size.count)
    for row in rows {
      // First between two rows of cells, then between the columns of that one row.
      let line = (0..<map.width).map { mix(map[row.low, $0], map[row.high, $0], row.fraction) }
      for column in columns { values.append(row.isSeen && column.isSeen ? mix(line[column.low], line[column.high], column.fraction) : 0) }
    }
    return values
  }

  private typealias Tap = (low: Int, high: Int, fraction: Double, isSeen: Bool)

  /// The cells on both sides of each pixel's centre.
  private static func taps(_ count: Int, radiograph: Int, scale: Double, offset: Double, input: Int, cells: Int) -> [Tap] {
    (0..<count).map { index in
      let x = (Double(index) + 0.5) * Double(radiograph) / Double(count)
      let position = (x * scale + offset) * Double(cells) / Double(input) - 0.5
      let inside = min(max(position, 0), Double(cells - 1))
      let low = Int(inside)
      return (low, min(low + 1, cells - 1), inside - Double(low), (-0.5...Double(cells) - 0.5).contains(position))
    }
  }

  private static func mix(_ a: Double, _ b: Double, _ fraction: Double) -> Double { fraction == 0 ? a : a + fraction * (b - a) }
}
