import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusScoring
import CarpusTensors

/// Whether a map stays the same where the hand lies a little elsewhere or the exposure is a little different: what the radiographs of one hand on one day differ in.
///
/// Source: Arun et al., Assessing the trustworthiness of saliency maps for localizing abnormalities in medical imaging, Radiology: AI 3:e200267, 2021, who ask for
/// repeatability and reproducibility.
struct Repeatability: Sendable {
  enum Change: Sendable, Hashable {
    /// By whole pixels of the radiograph, to the right and downwards.
    case shift(columns: Int, rows: Int)
    /// Every grey times a factor.
    case exposure(Double)
  }

  struct Outcome: Sendable, Hashable {
    let change: Change
    /// Of each region the points before and after; without regions, of each cell that both maps have and that lies at least half on the radiograph.
    let before, after: [Double]
    /// Of the target, as the network gives it.
    let difference: Double

    /// Pearson's correlation of before and after; 0 where one of them has no differences.
    var agreement: Double { RankAgreement.pearson(before, after).value ?? 0 }
  }

  let outcomes: [Outcome]
  /// Its value is the lowest agreement.
  let check: ExplanationReport.Check

  /// Shifts by about two pixels of the network's input in each direction, and exposures of 95 % and 105 %.
  static func changes(for input: ModelInput) -> [Change] {
    func pixels(_ scale: Double) -> Int { Int(min(max((2 / scale).rounded(), 1), 4096)) }
    let (columns, rows) = (pixels(input.transform.scaleX), pixels(input.transform.scaleY))
    return [
      .shift(columns: columns, rows: 0), .shift(columns: -columns, rows: 0), .shift(columns: 0, rows: rows), .shift(columns: 0, rows: -rows), .exposure(0.95),
      .exposure(1.05),
    ]
  }

  /// - Parameters:
  ///   - explainer: for one image at a time.
  ///   - regions: on the radiograph's grid; they move with it. Of fewer than three the maps are compared cell by cell.
  ///   - changes: `nil` for `changes(for:)`.
  /// - Throws: `CarpusError`.
  init(
    of explainer: Explainer, _ method: any AttributionMethod.Type, radiograph: Radiograph, name: String, preprocessing: Preprocessing, regions: [Mask] = [],
    changes: [Change]? = nil, threads: Int = 1
  ) throws(CarpusError) {
    let workspace = explainer.workspace(threads: threads)
    func explained(_ radiograph: Radiograph) throws(CarpusError) -> (input: ModelInput, map: AttributionMap, target: Double) {
      let input = try preprocessing.prepared(radiograph, name: name)
      do {
        let evidence = try explainer.evidence(for: input.tensor, in: workspace)
        let map = try explainer.maps(method, from: evidence)[0]
        return (input, map.scaled(by: 1, isMirrored: input.isMirrored), evidence.targets[0])
      } catch { throw CarpusError(error).about(name) }
    }
    let (input, map, target) = try explained(radiograph)
    let asks = regions.count >= 3
    let before = asks ? Self.points(map, regions, input.transform, preprocessing) : []
    let coverage = MapGrid(height: map.height, width: map.width, inputSize: preprocessing.size, transform: input.transform).coverage(ofRadiograph: radiograph.size)
    outcomes = try (changes ?? Self.changes(for: input)).map { change throws(CarpusError) in
      let changed: Radiograph, columns: Int, rows: Int
      switch change {
      case .exposure(let factor): (changed, columns, rows) = (radiograph.brightened(by: factor), 0, 0)
      case .shift(let x, let y): (changed, columns, rows) = (radiograph.shifted(columns: x, rows: y), x, y)
      }
      let other = try explained(changed)
      guard !asks else {
        // The masks stay, and the map moves back under them.
        var transform = other.input.transform
        transform.offsetX += Double(columns) * transform.scaleX
        transform.offsetY += Double(rows) * transform.scaleY
        return Outcome(
          change: change, before: before, after: Self.points(other.map, regions, transform, preprocessing), difference: other.target - target)
      }
      let pairs = Self.pairs(
        map, other.map, coverage, columns: Double(columns) * input.transform.scaleX * Double(map.width) / Double(preprocessing.size.width),
        rows: Double(rows) * input.transform.scaleY * Double(map.height) / Double(preprocessing.size.height))
      return Outcome(change: change, before: pairs.map(\.0), after: pairs.map(\.1), difference: other.target - target)
    }
    check = Self.check(outcomes.map(\.agreement).min() ?? 1, ofRegions: asks)
  }

  /// The verdict on the lowest agreement.
  static func check(_ value: Double, ofRegions: Bool) -> ExplanationReport.Check {
    let limit = VerdictRule.repeatability.limit, what = ofRegions ? "The points of the regions" : "The cells of the map"
    return ExplanationReport.Check(
      name: "repeatability", value: value, limit: limit, passed: value >= limit,
      sentence: value >= limit
        ? "\(what) stay much the same when the hand is moved a little or the exposure is a little different."
        : "\(what) change when the hand is moved a little or the exposure is a little different: a single map is not to be relied on for where exactly the points lie.")
  }

  private static func points(_ map: AttributionMap, _ regions: [Mask], _ transform: PixelTransform, _ preprocessing: Preprocessing) -> [Double] {
    let grid = MapGrid(height: map.height, width: map.width, inputSize: preprocessing.size, transform: transform)
    return regions.map { mask in
      let coverage = CellCoverage(of: mask, on: grid)
      return zip(coverage.cells, coverage.shares).reduce(0) { $0 + map.values[$1.0] * $1.1 }
    }
  }

  /// The values of cells of one map and of the place in the other that they have moved to, by parts of a cell: there the neighbouring cells' shares by area.
  private static func pairs(
    _ map: AttributionMap, _ moved: AttributionMap, _ coverage: [Double], columns: Double, rows: Double
  ) -> [(Double, Double)] {
    /// For each cell along an axis the first one that it now covers a part of, and how much of it lies in the next.
    func places(_ count: Int, _ shift: Double) -> [(first: Int, share: Double)?] {
      (0..<count).map { cell in
        let start = Double(cell) + shift, first = start.rounded(.down), share = start - first
        guard first >= 0, first + (share > 0 ? 1 : 0) < Double(count) else { return nil }
        return (Int(first), share)
      }
    }
    let across = places(map.width, columns), down = places(map.height, rows)
    var pairs: [(Double, Double)] = []
    for row in 0..<map.height {
      for column in 0..<map.width where coverage[row * map.width + column] >= 0.5 {
        guard let x = across[column], let y = down[row] else { continue }
        func along(_ line: Int) -> Double {
          x.share == 0 ? moved[line, x.first] : (1 - x.share) * moved[line, x.first] + x.share * moved[line, x.first + 1]
        }
        let there = y.share == 0 ? along(y.first) : (1 - y.share) * along(y.first) + y.share * along(y.first + 1)
        pairs.append((map[row, column], there))
      }
    }
    return pairs
  }
}
