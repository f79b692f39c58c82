import CarpusImaging

/// Where the numbers of regions stand: beside the region, inside the picture, not on each other where that is possible.
enum LabelPlacement {
  struct Box: Hashable {
    var x, y, width, height: Int

    func overlaps(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
    }

    func moved(into size: PixelSize) -> Box {
      Box(x: max(0, min(x, size.width - width)), y: max(0, min(y, size.height - height)), width: width, height: height)
    }
  }

  /// One box for each region, in their order.
  ///
  /// - Parameters:
  ///   - regions: each with the size of its label.
  ///   - gap: between region and label.
  static func boxes(for regions: [(outline: RegionOutline, width: Int, height: Int)], gap: Int, in size: PixelSize) -> [Box] {
    var placed: [Box] = []
    for (outline, width, height) in regions {
      let (left, top) = (outline.left - gap, outline.top - gap)
      let (right, bottom) = (outline.left + outline.width + gap, outline.top + outline.height + gap)
      let (middleX, middleY) = ((left + right - width) / 2, (top + bottom - height) / 2)
      let corners = [
        (left - width / 2, top - height / 2), (right - width / 2, top - height / 2), (left - width / 2, bottom - height / 2),
        (right - width / 2, bottom - height / 2), (right, middleY), (left - width, middleY), (middleX, top - height), (middleX, bottom),
      ].map { Box(x: $0, y: $1, width: width, height: height).moved(into: size) }
      placed.append(corners.first { corner in !placed.contains { $0.overlaps(corner) } } ?? corners[0])
    }
    return placed
  }
}
