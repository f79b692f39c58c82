import CarpusImaging

/// Bands at the four edges of a radiograph that end in a straight line, also a slanting one.
///
/// For every offset (up to a quarter of the picture) and slope (up to 12 %) of a line, grey on its two sides is compared. A line counts where
/// the outer side is brighter (or everywhere darker) by 0.03 on 86 % of its length; a dark band must also be even, which a picture of
/// fingers is not. Of each edge's lines the one with the largest difference is taken.
enum EdgeBands {
  private static let step: Float = 0.03
  private static let share = 0.86

  static func border(of grid: FindingGrid) -> [Bool] {
    let (width, height) = (grid.size.width, grid.size.height)
    var border = [Bool](repeating: false, count: grid.size.count)
    // Each edge as the upper one: how its columns and rows are cells of the grid.
    let edges: [(along: Int, across: Int, cell: (Int, Int) -> Int)] = [
      (width, height, { x, y in y * width + x }), (width, height, { x, y in (height - 1 - y) * width + x }),
      (height, width, { x, y in x * width + y }), (height, width, { x, y in x * width + width - 1 - y }),
    ]
    for edge in edges {
      guard edge.along > 16, edge.across > 16 else { continue }
      let band = BandSearch(along: edge.along, across: edge.across, values: { grid.values[edge.cell($0, $1)] }).best
      for (x, end) in band.enumerated() { for y in 0..<max(0, min(edge.across, end)) { border[edge.cell(x, y)] = true } }
    }
    return border
  }

  private struct BandSearch {
    let along, across: Int
    private let rows: [Float]

    init(along: Int, across: Int, values: (Int, Int) -> Float) {
      self.along = along
      self.across = across
      rows = (0..<across / 4 + along / 8 + 4).flatMap { y in (0..<along).map { x in values(x, min(y, across - 1)) } }
    }

    /// For each column where the band ends; empty where there is none.
    var best: [Int] {
      var best: [Int] = []
      var bestScore: Float = 0
      for rise in stride(from: -along * 12 / 100, through: along * 12 / 100, by: 2) {
        let shift = (0..<along).map { (2 * $0 + 1 - along) * rise / (2 * along) }
        for offset in -abs(rise) / 2..<across / 4 {
          for sign in [Float(1), -1] {
            guard let score = score(offset, shift, sign), score > bestScore else { continue }
            let ends = shift.map { offset + $0 }
            if sign > 0 || isEven(ends) { (best, bestScore) = (ends, score) }
          }
        }
      }
      return best
    }

    private func score(_ offset: Int, _ shift: [Int], _ sign: Float) -> Float? {
      var (count, hits, sum) = (0, 0, Float(0))
      for x in 0..<along {
        let y = offset + shift[x]
        guard y >= 1, y < across - 3 else { continue }
        count += 1
        let outer = (rows[(y - 1) * along + x] + rows[max(0, y - 2) * along + x]) / 2
        let inner = (rows[(y + 1) * along + x] + rows[(y + 2) * along + x]) / 2
        let difference = sign * (outer - inner)
        if difference > EdgeBands.step { hits += 1 }
        sum += min(max(difference, 0), 0.3)
      }
      guard count * 10 > along * 3, Double(hits) > EdgeBands.share * Double(count) else { return nil }
      return Float(hits) / Float(count) * sum / Float(along)
    }

    private func isEven(_ ends: [Int]) -> Bool {
      var (count, sum, squares) = (0, 0.0, 0.0)
      for (x, end) in ends.enumerated() {
        for y in 0..<max(0, min(end - 1, rows.count / along)) {
          let value = Double(rows[y * along + x])
          count += 1
          sum += value
          squares += value * value
        }
      }
      guard count > 0 else { return true }
      let mean = sum / Double(count)
      return squares / Double(count) - mean * mean < 0.05 * 0.05
    }
  }
}
