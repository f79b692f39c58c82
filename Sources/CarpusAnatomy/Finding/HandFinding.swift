public import CarpusImaging

/// Finds the hands of a radiograph without any mask, so that the question whether a network looks at the hand at all can be asked of any.
///
/// It works on the square root of grey (soft tissue is dim), averaged down to 384 pixels:
/// 1. `border`: bands at the edges that end in a straight line: collimation, black frames, padding (`EdgeBands`).
/// 2. The ground is a polynomial of degree 2, fitted to what Otsu's threshold leaves dark, and again to what lies near it.
/// 3. What rises above it by 3.5 standard deviations of the ground, and by 15 % of the height of the bright class, stands out.
/// 4. Of its connected parts those of at least 35 % of the largest are the `hand` (both hands of a radiograph together), with small holes
///    filled; smaller ones that hold bright pixels are `bright`: markers and other objects. What is left is the `background`.
/// 5. A hand has an edge: from outside to inside the value rises on average by three times what neighbours outside differ by.
///
/// Bones must be bright. No randomness: the same radiograph gives the same regions.
public enum HandFinding {
  private static let gridSide = 384

  /// Regions `hand`, `background`, `border` and `bright`, disjoint; those without pixels are left out.
  ///
  /// - Parameter isInverted: bones are dark on a bright ground.
  /// - Throws: `RegionError` where nothing stands out.
  public static func regions(in radiograph: Radiograph, isInverted: Bool = false) throws(RegionError) -> RegionSet {
    let grid = FindingGrid(radiograph, longestSide: gridSide, isInverted: isInverted)
    let border = EdgeBands.border(of: grid)
    let isInside = Morphology.dilated(border, grid.size, times: 2).map { !$0 }
    guard let above = GroundSurface.above(grid, isInside: isInside) else {
      throw .malformed(at: "", "no hand stands out from the ground of the radiograph")
    }
    var hand = [Bool](repeating: false, count: grid.size.count)
    var bright = hand
    let parts = Components.of(Morphology.opened(above, grid.size), grid.size)
    guard let largest = parts.map(\.count).max(), largest * 100 >= grid.size.count else {
      throw .malformed(at: "", "no hand stands out from the ground of the radiograph")
    }
    for part in parts {
      if part.count * 100 >= largest * 35 {
        for cell in part { hand[cell] = true }
      } else if part.count * 5000 >= grid.size.count {
        let values = part.map { grid.values[$0] }.sorted()
        if values[values.count * 9 / 10] > 0.6 { for cell in part { bright[cell] = true } }
      }
    }
    for hole in Components.of(hand.map { !$0 }, grid.size) where hole.count * 1000 < grid.size.count && !grid.touchesEdge(hole) {
      for cell in hole { hand[cell] = true }
    }
    guard hasEdge(hand, grid, isInside) else { throw .malformed(at: "", "no hand stands out from the ground of the radiograph") }
    for cell in hand.indices where hand[cell] { bright[cell] = false }
    let named = [("hand", hand), ("border", zip(border, hand).map { $0 && !$1 }), ("bright", bright)].map { ($0, grid.mask($1)) }
    let rest = Mask(allOf: radiograph.size).subtracting(Mask.union(of: named.map(\.1), size: radiograph.size))
    var regions: [Region] = []
    for (id, mask) in named + [("background", rest)] where !mask.isEmpty {
      let title = HandVocabulary.standard.term(id: id)?.title ?? id
      regions.append(Region(id: id, name: title, laterality: .unspecified, source: .runLength, mask: mask))
    }
    return try RegionSet(size: radiograph.size, regions: regions)
  }

  /// - Parameter isInside: of each cell, whether it is no border.
  private static func hasEdge(_ hand: [Bool], _ grid: FindingGrid, _ isInside: [Bool]) -> Bool {
    var step = 0.0, steps = 0.0, difference = 0.0, differences = 0.0
    for y in 0..<grid.size.height {
      for x in 0..<grid.size.width {
        let here = y * grid.size.width + x
        for other in [x + 1 < grid.size.width ? here + 1 : nil, y + 1 < grid.size.height ? here + grid.size.width : nil].compactMap(\.self) {
          guard isInside[here], isInside[other] else { continue }
          let rise = Double(grid.values[other] - grid.values[here])
          switch (hand[here], hand[other]) {
          case (false, true): (step, steps) = (step + rise, steps + 1)
          case (true, false): (step, steps) = (step - rise, steps + 1)
          case (false, false): (difference, differences) = (difference + abs(rise), differences + 1)
          case (true, true): break
          }
        }
      }
    }
    return steps > 0 && step / steps >= 3 * difference / max(1, differences)
  }
}

/// The square root of a radiograph's grey, from its 1st (0) to its 99th percentile (1), smoothed, on a smaller grid.
struct FindingGrid {
  let size: PixelSize
  let values: [Float]
  private let source: PixelSize

  init(_ radiograph: Radiograph, longestSide: Int, isInverted: Bool) {
    source = radiograph.size
    let scale = min(1, Double(longestSide) / Double(max(source.width, source.height)))
    let size = PixelSize(
      width: max(1, Int((Double(source.width) * scale).rounded())), height: max(1, Int((Double(source.height) * scale).rounded())))
    let field = Field(size: source, values: radiograph.samples.map { Float(isInverted ? radiograph.maximumValue - Int($0) : Int($0)) })
    let grey = (scale < 1 ? field.resampled(to: size, filter: .area) : field).values
    let sorted = grey.sorted()
    let low = sorted[sorted.count / 100]
    let range = max(sorted[sorted.count - 1 - sorted.count / 100] - low, .leastNormalMagnitude)
    let scaled = grey.map { min(max(($0 - low) / range, 0), 1) }
    values = FindingGrid.smoothed(scaled, size).map { $0.squareRoot() }
    self.size = size
  }

  /// Weights 1, 2, 1 along rows and columns; edges are repeated.
  private static func smoothed(_ values: [Float], _ size: PixelSize) -> [Float] {
    var rows = values
    for y in 0..<size.height {
      for x in 0..<size.width {
        let start = y * size.width
        rows[start + x] = (values[start + max(0, x - 1)] + 2 * values[start + x] + values[start + min(size.width - 1, x + 1)]) / 4
      }
    }
    var both = rows
    for y in 0..<size.height {
      let (above, below) = (max(0, y - 1) * size.width, min(size.height - 1, y + 1) * size.width)
      for x in 0..<size.width { both[y * size.width + x] = (rows[above + x] + 2 * rows[y * size.width + x] + rows[below + x]) / 4 }
    }
    return both
  }

  func touchesEdge(_ cells: [Int]) -> Bool {
    cells.contains { $0 < size.width || $0 >= size.count - size.width || $0 % size.width == 0 || $0 % size.width == size.width - 1 }
  }

  /// The radiograph's pixels whose centre lies in one of the cells.
  func mask(_ cells: [Bool]) -> Mask {
    let columns = (0..<source.width).map { min(size.width - 1, (2 * $0 + 1) * size.width / (2 * source.width)) }
    return Mask(size: source, columns: 0..<source.width, rows: 0..<source.height) { x, y in
      cells[min(size.height - 1, (2 * y + 1) * size.height / (2 * source.height)) * size.width + columns[x]]
    }
  }
}
