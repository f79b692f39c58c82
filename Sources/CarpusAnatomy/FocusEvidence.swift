import Foundation

/// A map with the coverage of the radiograph and the order of its cells: what all statistics of a map have in common.
struct FocusEvidence {
  let values: [Double]
  let radiograph: [Double]
  let seen: Double
  /// Sums over the radiograph.
  let positive, negative: Double
  /// The place of each cell in the order from the highest; equal cells have the same.
  private let rank: [Int]
  private let ranks: [Rank]
  /// The cell of the maximum, where it is positive and unique.
  private let peak: Int?
  /// The last rank above Otsu's threshold.
  private let otsu: Int?
  private let top: Cut?

  private struct Rank {
    let value: Double
    /// The radiograph's area in cells of this rank, and in higher ones.
    var area = 0.0, above = 0.0
    var count = 0
  }

  /// The highest cells of a given area: all ranks before `rank`, and `part` of each cell of it.
  private struct Cut {
    let rank: Int
    let part: Double
    let area: Double
  }

  init(values: [Double], radiograph: [Double], seen: Double, topArea: Double) {
    self.values = values
    self.radiograph = radiograph
    self.seen = seen
    var rank = [Int](repeating: 0, count: values.count)
    var ranks: [Rank] = []
    var above = 0.0
    for cell in values.indices.sorted(by: { values[$0] > values[$1] }) {
      if ranks.last?.value != values[cell] {
        above += ranks.last?.area ?? 0
        ranks.append(Rank(value: values[cell], above: above))
      }
      rank[cell] = ranks.count - 1
      ranks[ranks.count - 1].area += radiograph[cell]
      ranks[ranks.count - 1].count += 1
    }
    self.rank = rank
    self.ranks = ranks
    positive = ranks.reduce(0) { $0 + max($1.value, 0) * $1.area }
    negative = ranks.reduce(0) { $0 + min($1.value, 0) * $1.area }
    peak = ranks.first.flatMap { $0.count == 1 && $0.value > 0 ? rank.firstIndex(of: 0) : nil }
    otsu = Self.otsu(ranks, seen: seen, positive: positive)
    top = Self.cut(ranks, area: topArea * seen)
  }

  func statistics(of coverage: CellCoverage) -> FocusStatistics {
    let (up, down) = points(coverage)
    let area = coverage.area
    let seesRegion = area > 0, seesRest = seen - area > 1e-12 * seen
    let mass = positive > 0 ? up / positive : nil
    let areaShare = seen > 0 ? area / seen : 0
    let ceiling = seen > 0 ? zip(coverage.cells, coverage.shares).reduce(0) { max($0, min(1, $1.1 / radiograph[$1.0])) } : nil
    return FocusStatistics(
      points: up + down, pointsPositive: up, pointsNegative: down, mass: mass, areaShare: areaShare,
      enrichment: areaShare > 0 ? mass.map { $0 / areaShare } : nil,
      rankAccuracy: seesRegion ? Self.cut(ranks, area: area).map { covered(coverage, by: $0) / area } : nil,
      topShare: seesRegion ? top.map { covered(coverage, by: $0) / $0.area } : nil,
      peakInside: peak.map { coverage.cells.contains($0) },
      reach: seen > 0 ? coverage.cells.reduce(0) { $0 + radiograph[$1] } / seen : 0,
      auc: seesRegion && seesRest ? auc(coverage) : nil, auprc: seesRegion ? auprc(coverage) : nil,
      iou: seesRegion ? otsu.map { iou(coverage, upTo: $0) } : nil, ceiling: ceiling, pixels: coverage.pixels,
      seesRest: seesRest)
  }

  var padding: PaddingStatistics {
    let coverage = radiograph.map { 1 - $0 }
    let (up, down) = points(CellCoverage(coverage, pixels: 0))
    let total = values.reduce(0) { $0 + max($1, 0) }
    return PaddingStatistics(
      points: up + down, pointsPositive: up, pointsNegative: down, mass: total > 0 ? up / total : nil,
      areaShare: coverage.reduce(0, +) / Double(coverage.count))
  }

  var concentration: MapConcentration {
    guard positive > 0 else { return MapConcentration(pointsPositive: 0, pointsNegative: negative, entropy: nil, spread: nil, gini: nil) }
    // All cells of a rank have the same density, so a rank counts as one piece of its area.
    var entropy = 0.0, lorenz = 0.0
    for rank in ranks where rank.value > 0 && rank.area > 0 {
      let share = rank.value * rank.area / positive
      entropy -= share * log2(rank.value / positive)
    }
    var below = 0.0
    for rank in ranks.reversed() {
      let sum = below + max(rank.value, 0) * rank.area
      lorenz += rank.area * (below + sum)
      below = sum
    }
    return MapConcentration(
      pointsPositive: positive, pointsNegative: negative, entropy: entropy, spread: exp2(entropy) / seen,
      gini: max(0, 1 - lorenz / (seen * positive)))
  }

  private func points(_ coverage: CellCoverage) -> (positive: Double, negative: Double) {
    var sums = (positive: 0.0, negative: 0.0)
    for (cell, share) in zip(coverage.cells, coverage.shares) {
      let value = values[cell]
      if value > 0 { sums.positive += share * value } else { sums.negative += share * value }
    }
    return sums
  }

  /// `nil` when the radiograph has less than that area in view, or `area` is 0.
  private static func cut(_ ranks: [Rank], area: Double) -> Cut? {
    guard area > 0, let last = ranks.last else { return nil }
    var low = 0, high = ranks.count - 1
    while low < high {
      let middle = (low + high) / 2
      if ranks[middle].above + ranks[middle].area < area { low = middle + 1 } else { high = middle }
    }
    let rank = ranks[low]
    guard rank.area > 0 else { return Cut(rank: ranks.count - 1, part: 1, area: last.above + last.area) }
    return Cut(rank: low, part: min(1, (area - rank.above) / rank.area), area: area)
  }

  private func covered(_ coverage: CellCoverage, by cut: Cut) -> Double {
    var covered = 0.0
    for (cell, share) in zip(coverage.cells, coverage.shares) where rank[cell] <= cut.rank {
      covered += rank[cell] < cut.rank ? share : cut.part * share
    }
    return covered
  }

  /// Pairs of a piece of the region and a piece of the radiograph, less those within the region, of which half are won.
  private func auc(_ coverage: CellCoverage) -> Double {
    var won = 0.0
    for (cell, share) in zip(coverage.cells, coverage.shares) {
      let rank = ranks[rank[cell]]
      won += share * (seen - rank.above - rank.area / 2)
    }
    let area = coverage.area
    return min(1, max(0, (won - area * area / 2) / (area * (seen - area))))
  }

  private func auprc(_ coverage: CellCoverage) -> Double {
    var sum = 0.0, found = 0.0, place = 0
    let order = coverage.cells.indices.sorted { rank[coverage.cells[$0]] < rank[coverage.cells[$1]] }
    while place < order.count {
      let here = rank[coverage.cells[order[place]]]
      var gain = 0.0
      while place < order.count, rank[coverage.cells[order[place]]] == here {
        gain += coverage.shares[order[place]]
        place += 1
      }
      found += gain
      sum += gain * min(1, found / (ranks[here].above + ranks[here].area))
    }
    return sum / coverage.area
  }

  private func iou(_ coverage: CellCoverage, upTo last: Int) -> Double {
    let chosen = ranks[last].above + ranks[last].area
    let common = covered(coverage, by: Cut(rank: last, part: 1, area: chosen))
    return common / (chosen + coverage.area - common)
  }

  /// The split of the positive evidence that has the greatest variance between its two classes, of several the smallest set.
  private static func otsu(_ ranks: [Rank], seen: Double, positive: Double) -> Int? {
    var best: (rank: Int, variance: Double)?
    var sum = 0.0
    for (index, rank) in ranks.enumerated() where rank.value > 0 {
      sum += rank.value * rank.area
      let area = rank.above + rank.area, rest = seen - area
      guard area > 0, rest > 1e-12 * seen else { continue }
      let difference = sum / area - max(0, positive - sum) / rest
      let variance = area * rest * difference * difference
      if variance > (best?.variance ?? 0) { best = (index, variance) }
    }
    return best?.rank
  }
}
