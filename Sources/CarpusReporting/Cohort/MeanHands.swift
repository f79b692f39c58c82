package import CarpusAnatomy

/// The mean of a cohort's maps on a pair of drawn hands, all together and by the readers' totals. Takes images one after the other; its size does not grow.
///
/// A map's values are points per cell, and cells differ from network to network; here they are points on 1 % of the radiograph's area:
/// `value · (area of the radiograph / area of the cell) / 100`.
package struct MeanHands: Sendable {
  /// A map as it lies on its radiograph.
  package struct Source {
    package var cells: [Float]
    package var height, width: Int
    /// In pixels of the radiograph.
    package var x, y, frameWidth, frameHeight: Double
    package var radiographWidth, radiographHeight: Int

    package init(
      cells: [Float], height: Int, width: Int, x: Double, y: Double, frameWidth: Double, frameHeight: Double, radiographWidth: Int, radiographHeight: Int
    ) {
      (self.cells, self.height, self.width) = (cells, height, width)
      (self.x, self.y, self.frameWidth, self.frameHeight) = (x, y, frameWidth, frameHeight)
      (self.radiographWidth, self.radiographHeight) = (radiographWidth, radiographHeight)
    }
  }

  /// Where a scored place lies.
  package struct Landmark: Hashable, Sendable {
    package var side: Laterality
    package var site: SvdHSite
    /// In pixels of the radiograph.
    package var x, y: Double

    package init(side: Laterality, site: SvdHSite, x: Double, y: Double) {
      (self.side, self.site, self.x, self.y) = (side, site, x, y)
    }
  }

  /// The groups of prior damage of a published cohort (Rheumatology 2015, doi 10.1093/rheumatology/kev341, figure 3): no scale is generally accepted.
  package enum Band: String, Sendable, CaseIterable {
    case all, low = "at most 18 points", middle = "more than 18, at most 53 points", high = "more than 53 points"

    static func of(_ total: Double) -> Band { total <= 18 ? .low : total <= 53 ? .middle : .high }
  }

  /// The mean map of one hand; a right one is mirrored, so that its thumb lies where the left one has it.
  package struct Hand: Sendable {
    package private(set) var images = 0
    private var sums = [Double](repeating: 0, count: CanonicalHand.columns * CanonicalHand.rows)
    private var counts = [Int](repeating: 0, count: CanonicalHand.columns * CanonicalHand.rows)

    mutating func add(_ values: [Double?]) {
      images += 1
      for (index, value) in values.enumerated() {
        guard let value else { continue }
        sums[index] += value
        counts[index] += 1
      }
    }

    /// Absent where fewer than half of the radiographs reach.
    package var means: [Double?] { zip(sums, counts).map { $1 > 0 && 2 * $1 >= images ? $0 / Double($1) : nil } }
  }

  private var hands: [Band: [Laterality: Hand]] = [:]

  package init() {}

  package func hand(_ side: Laterality, _ band: Band = .all) -> Hand? { hands[band]?[side] }

  /// Warps, each made once.
  package final class Warps {
    private var known: [[SvdHSite]: CanonicalHand?] = [:]
    package init() {}

    func warp(_ sites: [SvdHSite]) -> CanonicalHand? {
      if let known = known[sites] { return known }
      let made = CanonicalHand(sites)
      known[sites] = made
      return made
    }
  }

  /// - Parameters:
  ///   - total: of the readers, in points.
  package mutating func add(_ source: Source, _ landmarks: [Landmark], total: Double?, _ warps: Warps) {
    for side in [Laterality.left, .right] {
      var own: [SvdHSite: (x: Double, y: Double)] = [:]
      for landmark in landmarks where landmark.side == side && own[landmark.site] == nil { own[landmark.site] = (landmark.x, landmark.y) }
      guard let warp = warps.warp(SvdHSite.allCases.filter { own[$0] != nil }) else { continue }
      let values = warp.places(warp.sites.compactMap { own[$0] }).map { source.density(x: $0.x, y: $0.y) }
      for band in [Band.all] + (total.map { [Band.of($0)] } ?? []) { hands[band, default: [:]][side, default: Hand()].add(values) }
    }
  }
}

extension MeanHands.Source {
  /// Points on 1 % of the radiograph's area around a point, between the middles of four cells; absent beside the radiograph and beside the map.
  package func density(x px: Double, y py: Double) -> Double? {
    guard frameWidth > 0, frameHeight > 0, px.isFinite, py.isFinite, px >= 0, py >= 0, px < Double(radiographWidth), py < Double(radiographHeight) else { return nil }
    let column = (px - x) / frameWidth * Double(width) - 0.5, row = (py - y) / frameHeight * Double(height) - 0.5
    guard column >= -0.5, row >= -0.5, column <= Double(width) - 0.5, row <= Double(height) - 0.5 else { return nil }
    func cell(_ row: Int, _ column: Int) -> Double { Double(cells[min(max(row, 0), height - 1) * width + min(max(column, 0), width - 1)]) }
    let left = column.rounded(.down), top = row.rounded(.down), (u, v) = (column - left, row - top)
    let (i, j) = (Int(top), Int(left))
    let value = (1 - v) * ((1 - u) * cell(i, j) + u * cell(i, j + 1)) + v * ((1 - u) * cell(i + 1, j) + u * cell(i + 1, j + 1))
    return value * Double(height * width) / (frameWidth * frameHeight) * Double(radiographWidth) * Double(radiographHeight) / 100
  }
}
