import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusScoring
import CarpusTensors

/// Everything that is known of a radiograph, in the groups that are asked about: scored places, hands, background, what may mislead.
struct LandmarkRegions {
  private let set: RegionSet
  private let groups: [(group: RegionGroup, title: String, kind: ExplanationReport.Landmarks.Group.Kind)]
  private let isFound: Bool

  private static let hand = "hand", background = "background"

  /// Where the file has no hand, hand, background, border and bright objects are found by software.
  ///
  /// - Returns: `nil` where nothing is known.
  init?(of radiograph: Radiograph, _ file: RegionSet?) {
    let known = file?.regions ?? []
    var found: [Region] = []
    if !known.contains(where: { $0.id == Self.hand }), let regions = try? HandFinding.regions(in: radiograph).regions {
      found = regions.filter { region in !known.contains { $0.id == region.id } }
    }
    guard let set = try? RegionSet(size: radiograph.size, regions: known + found, vocabulary: file?.vocabulary ?? .standard) else { return nil }
    self.init(set, isFound: !found.isEmpty)
  }

  init(_ set: RegionSet, isFound: Bool) {
    self.set = set
    self.isFound = isFound
    func group(_ question: HandGroup, side: Laterality? = nil) -> RegionGroup {
      var question = question
      question.side = side
      return RegionGroup(id: question.description, of: set) { question.contains($0, in: set.vocabulary) }
    }
    func place(_ id: String) -> RegionGroup { RegionGroup(id: id, of: set) { $0.id == id } }
    let confounders = set.regions.compactMap { region in set.vocabulary.term(of: region).flatMap { $0.kind == .confounder ? $0 : nil } }
    var seen: Set<String> = []
    let kinds = confounders.filter { seen.insert($0.id).inserted }
    let asked: [(RegionGroup, String, ExplanationReport.Landmarks.Group.Kind)] = [
      (group(.sites), "All scored places", .sites), (group(.fingerJoints), "Scored joints of the fingers", .sites),
      (group(.wristSites), "Scored places of the wrist", .sites), (group(.sites, side: .left), "Scored places of the left hand", .sites),
      (group(.sites, side: .right), "Scored places of the right hand", .sites),
    ] + kinds.map { term in
      (RegionGroup(id: term.id, of: set) { set.vocabulary.term(of: $0)?.id == term.id }, term.title, .confounder)
    } + [
      (group(.confounders), "Markers, borders and other objects", .confounders), (place(Self.hand), "The hand, or both", .zone),
      (place(Self.background), "Background", .zone),
    ]
    groups = asked.filter { !$0.0.members.isEmpty }.map { (group: $0.0, title: $0.1, kind: $0.2) }
  }

  struct Measured {
    let landmarks: ExplanationReport.Landmarks
    fileprivate let chances: [String: PermutationTest]

    /// For the regions of a set, with Holm's correction for those that could be moved; empty where none was.
    func chance(of regions: RegionSet) -> [ExplanationReport.Chance?] {
      let tests = regions.regions.map { chances[$0.key] }
      guard tests.contains(where: { $0 != nil }) else { return [] }
      let adjusted = HolmCorrection(tests.map { $0?.p }).adjusted
      return zip(tests, adjusted).map { test, adjusted in
        test.map { ExplanationReport.Chance(mean: $0.nullMean, deviation: $0.nullDeviation, p: $0.p, adjustedP: adjusted) }
      }
    }
  }

  /// - Parameter picture: where the map lies on the radiograph.
  func measured(
    _ map: AttributionMap, _ picture: ExplanationReport.Picture?, _ detail: ExplanationDetail
  ) throws(CarpusError) -> Measured? {
    guard let picture else { return nil }
    let grid = MapGrid(height: map.height, width: map.width, inputSize: picture.inputSize, transform: picture.transform)
    let coverage = FocusCoverage(of: set, groups: groups.map(\.group), on: grid), tensor = Tensor(map.values, shape: [map.height, map.width])
    let focus: Focus, chance: (regions: [PermutationTest?], groups: [PermutationTest?])
    do throws(FocusError) {
      focus = try Focus(of: tensor, in: coverage)
      chance = try self.chance(of: tensor, coverage, detail)
    } catch { throw CarpusError(.software, error.description) }
    let measured = groups.indices.map { index in
      let (group, title, kind) = groups[index]
      return ExplanationReport.Landmarks.Group(
        id: group.id, title: title, kind: kind, mask: Mask.union(of: group.members.map { set.regions[$0].mask }, size: set.size),
        statistics: focus.groups[index],
        chance: chance.groups.indices.contains(index)
          ? chance.groups[index].map { ExplanationReport.Chance(mean: $0.nullMean, deviation: $0.nullDeviation, p: $0.p) } : nil)
    }
    let tests = zip(set.regions, chance.regions).compactMap { region, test in test.map { (region.key, $0) } }
    return Measured(
      landmarks: ExplanationReport.Landmarks(regions: set, groups: measured, parts: parts(map, grid, measured, focus), isFound: isFound),
      chances: Dictionary(tests, uniquingKeysWith: { first, _ in first }))
  }

  /// Places within the same hand, or within the only one that is known.
  private func chance(
    of map: Tensor, _ coverage: FocusCoverage, _ detail: ExplanationDetail
  ) throws(FocusError) -> (regions: [PermutationTest?], groups: [PermutationTest?]) {
    let hands = set.regions.filter { $0.id == Self.hand }
    guard detail.draws > 0, !hands.isEmpty else { return ([], []) }
    let chance = FocusChance(
      of: set, coverage, within: hands.map(\.mask),
      handOfRegion: { index in
        let region = set.regions[index]
        guard let kind = set.vocabulary.term(of: region)?.kind, kind == .site || kind == .joint else { return nil }
        return hands.firstIndex { $0.laterality == region.laterality } ?? (hands.count == 1 ? 0 : nil)
      },
      draws: detail.draws, stream: { RandomStream(seed: detail.seed, index: 0, "chance \(set.regions[$0].key)") })
    let distributions = try chance.distributions(of: map)
    func test(_ distribution: NullDistribution?) -> PermutationTest? {
      distribution.flatMap { try? $0.values(.enrichment) }.flatMap { PermutationTest(observed: $0.observed, draws: $0.draws) }
    }
    return (distributions.regions.map(test), distributions.groups.map(test))
  }

  /// Scored places; what may mislead, beside them; the rest of the hand; the rest of the radiograph; padding.
  private func parts(
    _ map: AttributionMap, _ grid: MapGrid, _ groups: [ExplanationReport.Landmarks.Group], _ focus: Focus
  ) -> [ExplanationReport.Landmarks.Part] {
    var parts: [ExplanationReport.Landmarks.Part] = []
    var covered = Mask(emptyOf: set.size), sum = 0.0
    func add(_ kind: ExplanationReport.Landmarks.Part.Kind, _ mask: Mask) {
      covered = covered.union(mask)
      let points = zip(grid.coverage(of: covered), map.values).reduce(0) { $0 + $1.0 * $1.1 }
      parts.append(ExplanationReport.Landmarks.Part(kind: kind, points: points - sum))
      sum = points
    }
    func mask(_ id: String) -> Mask? { groups.first { $0.id == id }?.mask }
    if let sites = mask(HandGroup.sites.description) { add(.sites, sites) }
    if let confounders = mask(HandGroup.confounders.description) { add(.confounders, confounders) }
    if let hand = mask(Self.hand) { add(.hand, hand) }
    add(.rest, Mask(allOf: set.size))
    if focus.padding.areaShare > 0 { parts.append(ExplanationReport.Landmarks.Part(kind: .padding, points: map.sum - sum)) }
    return parts
  }
}
