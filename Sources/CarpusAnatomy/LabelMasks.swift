public import CarpusImaging

extension Mask {
  /// The pixels of each of the values of a label map, in the order of `values`.
  ///
  /// - Parameters:
  ///   - labels: one number for each pixel, row by row.
  ///   - size: the grid of the label map.
  ///   - values: the numbers to look for; none twice.
  /// - Precondition: `labels` has `size.count` elements.
  public static func masks(ofLabels labels: [UInt16], size: PixelSize, values: [UInt16]) -> [Mask] {
    precondition(labels.count == size.count, "\(labels.count) labels for a grid of \(size)")
    var builders = values.map { _ in MaskBuilder(size: size) }
    var places = [Int](repeating: -1, count: Int(UInt16.max) + 1)
    for (index, value) in values.enumerated() { places[Int(value)] = index }
    for row in 0..<size.height {
      let origin = row * size.width
      var start = 0
      while start < size.width {
        let value = labels[origin + start]
        var end = start + 1
        while end < size.width, labels[origin + end] == value { end += 1 }
        let place = places[Int(value)]
        if place >= 0 { builders[place].append(row: row, columns: start..<end) }
        start = end
      }
    }
    return builders.map(\.mask)
  }
}
