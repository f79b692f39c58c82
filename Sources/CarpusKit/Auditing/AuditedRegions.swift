import CarpusAnatomy
import CarpusImaging
import CarpusScoring
import CarpusStore
import CarpusTensors

/// The regions of a radiograph with the groups that an audit asks about.
struct AuditedRegions {
  private let set: RegionSet
  private let groups: [RegionGroup]
  private let hands: [Region]
  private let image: Int
  private let seed: UInt64
  private let draws: Int

  /// Of both hands together.
  static let hands = "hands"
  /// Groups whose draws are kept, so that the cohort can be tested.
  private static let tested: Set<String> = [HandGroup.sites.name, HandGroup.fingerJoints.name, HandGroup.wristSites.name]

  init(_ set: RegionSet, image: Int, seed: UInt64, draws: Int) {
    self.set = set
    self.image = image
    self.seed = seed
    self.draws = draws
    hands = set.regions.filter { $0.id == Self.hand }
    var questions: [HandGroup] = [.sites, .fingerJoints, .wristSites]
    for side in [Laterality.left, .right] {
      var group = HandGroup.sites
      group.side = side
      questions.append(group)
    }
    questions.append(.confounders)
    let asked = questions.map { group in RegionGroup(id: group.description, of: set) { group.contains($0, in: set.vocabulary) } }
    groups = (asked + [RegionGroup(id: Self.hands, of: set) { $0.id == Self.hand }]).filter { !$0.members.isEmpty }
  }

  private static let hand = "hand"

  /// The middle of each scored place.
  var landmarks: [StoredImage.Landmark] {
    self.set.regions.compactMap { region in
      guard set.vocabulary.term(of: region)?.kind == .site, let bounds = region.mask.bounds else { return nil }
      return StoredImage.Landmark(key: region.key, x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2)
    }
  }

  /// The regions on the grid of a map.
  func on(_ grid: MapGrid) throws(FocusError) -> OnGrid {
    let coverage = FocusCoverage(of: set, groups: groups, on: grid)
    let chance = FocusChance(
      of: set, coverage, within: hands.map(\.mask),
      handOfRegion: { index in
        let region = set.regions[index]
        guard set.vocabulary.term(of: region)?.kind == .site else { return nil }
        return hands.firstIndex { $0.laterality == region.laterality }
      },
      draws: draws, stream: { RandomStream(seed: seed, index: image, "chance \(set.regions[$0].key)") })
    return OnGrid(coverage: coverage, centreEnrichment: try centreEnrichment(on: coverage), chance: chance, set: set, groups: groups)
  }

  private func centreEnrichment(on coverage: FocusCoverage) throws(FocusError) -> Double? {
    guard let sites = groups.firstIndex(where: { $0.id == HandGroup.sites.name }) else { return nil }
    let frames = hands.compactMap(\.mask.bounds)
    let maps = (frames.isEmpty ? [PixelRectangle(set.size)] : frames).map { coverage.grid.centreWeighted(on: $0).doubles }
    let sum = maps.dropFirst().reduce(maps[0]) { zip($0, $1).map { $0 + $1 } }
    return try Focus(of: Tensor(sum, shape: [coverage.grid.height, coverage.grid.width]), in: coverage).groups[sites].enrichment
  }

  struct OnGrid {
    let coverage: FocusCoverage
    /// Enrichment of the scored places in a map that knows only where the middle of each hand is, or of the radiograph where no hand is known.
    let centreEnrichment: Double?
    fileprivate let chance: FocusChance
    fileprivate let set: RegionSet
    fileprivate let groups: [RegionGroup]

    /// Groups first, then regions.
    func rows(_ focus: Focus, _ map: Tensor) throws(FocusError) -> [StoredRegion] {
      let distributions = try chance.distributions(of: map)
      var rows: [StoredRegion] = []
      for (index, group) in groups.enumerated() {
        rows.append(
          row(group.id, "group", focus.groups[index], distributions.groups[index], keepsDraws: AuditedRegions.tested.contains(group.id)))
      }
      let names = Set(groups.map(\.id))
      for (index, region) in set.regions.enumerated() {
        let key = region.key
        guard !names.contains(key) else { continue }
        let kind = set.vocabulary.term(of: region)?.kind.rawValue ?? "region"
        rows.append(row(key, kind, focus.regions[index], distributions.regions[index], keepsDraws: false))
      }
      return rows
    }

    private func row(
      _ key: String, _ kind: String, _ focus: FocusStatistics, _ distribution: NullDistribution?, keepsDraws: Bool
    ) -> StoredRegion {
      let values = distribution.flatMap { try? $0.values(.enrichment) }
      let test = values.flatMap { PermutationTest(observed: $0.observed, draws: $0.draws) }
      return StoredRegion(
        key: key, kind: kind, pixels: focus.pixels, points: focus.points, pointsPositive: focus.pointsPositive,
        pointsNegative: focus.pointsNegative, mass: focus.mass, areaShare: focus.areaShare, enrichment: test?.observed ?? focus.enrichment,
        rankAccuracy: focus.rankAccuracy, topShare: focus.topShare, auc: focus.auc, auprc: focus.auprc, iou: focus.iou, ceiling: focus.ceiling,
        reach: focus.reach, peakInside: focus.peakInside, chance: test?.nullMean, chanceDeviation: test?.nullDeviation, p: test?.p,
        draws: keepsDraws ? values?.draws : nil)
    }
  }

  /// The radiograph with a part of it covered.
  struct Covered {
    let key: String
    let pixels: Int
    let radiograph: Radiograph
  }

  /// The radiograph with parts covered, one after the other, as `CoveredPart` says: with `.covering` each kind of thing that may mislead, and the background; with
  /// `.siteCovering` each scored place that both hands show.
  func coverings(of radiograph: Radiograph, asked: Set<StudyCheck>) -> [Covered] {
    var parts: [(key: String, part: CoveredPart)] = []
    let sites = set.sites
    if asked.contains(.covering) {
      let hands = Mask.union(of: (hands + sites).map(\.mask), size: set.size)
      parts += misleading.map { key, mask in
        (key, key == AuditEvidence.background ? .background(mask, hands: hands) : .misleading(mask, hands: hands))
      }
    }
    if asked.contains(.siteCovering) {
      parts += sites.compactMap { site in CoveredPart.place(site, among: sites).map { (site.key, $0) } }
    }
    return parts.filter { !$0.part.mask.isEmpty }.map { key, part in
      Covered(key: key, pixels: part.mask.count, radiograph: part.covered(radiograph))
    }
  }

  /// Markers, borders and the like, and the background: those of a kind as one.
  private var misleading: [(key: String, mask: Mask)] {
    var kinds: [(key: String, members: [Mask])] = []
    for region in set.regions {
      guard let term = set.vocabulary.term(of: region), term.kind == .confounder || term.zone == .background else { continue }
      if let place = kinds.firstIndex(where: { $0.key == term.id }) { kinds[place].members.append(region.mask) } else { kinds.append((term.id, [region.mask])) }
    }
    return kinds.map { ($0.key, Mask.union(of: $0.members, size: set.size)) }
  }
}
