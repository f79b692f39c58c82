import CarpusAnatomy
import CarpusImaging
import CarpusReporting
import CarpusScoring

extension Explainable {
  /// Covers each scored place that both hands show, and each confounder, in its turn.
  func covering(_ report: ExplanationReport, _ picture: ExplanationReport.Picture, threads: Int) throws(CarpusError) -> ExplanationReport.Covering? {
    let radiograph = picture.radiograph, parts = Self.parts(of: report, size: radiograph.size)
    guard !parts.isEmpty else { return nil }
    let scores = try scores(ofCopies: parts.count + 1, name: report.image, threads: threads) { copy in
      copy > 0 ? parts[copy - 1].part.covered(radiograph) : radiograph
    }
    let items = zip(parts, scores.dropFirst()).map { entry, score in
      ExplanationReport.Covering.Item(
        id: entry.id, title: entry.title, laterality: entry.laterality, kind: entry.kind, pixels: entry.part.mask.count, difference: scores[0] - score,
        points: entry.points)
    }
    // A place was covered by that of the other hand: the map says what the two differ by.
    let sites = items.filter { $0.kind == .site }
    let pairs = sites.compactMap { item in
      sites.first { $0.id == item.id && $0.laterality != item.laterality }.map { ((item.points ?? 0) - ($0.points ?? 0), item.difference) }
    }
    return ExplanationReport.Covering(
      score: scores[0],
      rule: "Each scored place is covered by the same place of the other hand, mirrored, so that a change is what the two differ by; places that only one hand shows are not covered, for a joint that is smoothed away looks destroyed. Of markers and other objects that part is covered that lies beside the hands, by what surrounds it.",
      items: items, agreement: pairs.count < 5 ? nil : RankAgreement.spearman(pairs.map(\.0), pairs.map(\.1)).value)
  }

  private static func parts(of report: ExplanationReport, size: PixelSize) -> [NamedPart] {
    var parts: [NamedPart] = []
    let groups = report.landmarks?.groups ?? []
    let hands = Mask.union(of: groups.filter { $0.kind != .confounder && $0.id != "background" }.map(\.mask), size: size)
    if let measurement = report.measurement {
      let sites = measurement.regions.sites
      for (region, statistics) in zip(measurement.regions.regions, measurement.focus.regions) where sites.contains(region) {
        guard let part = CoveredPart.place(region, among: sites) else { continue }
        parts.append(NamedPart(
          id: region.id, title: region.name, laterality: region.laterality, kind: .site, part: part, points: statistics.points))
      }
    }
    for group in groups where group.kind == .confounder {
      let part = CoveredPart.misleading(group.mask, hands: hands)
      guard !part.mask.isEmpty else { continue }
      parts.append(NamedPart(
        id: group.id, title: group.title, laterality: .unspecified, kind: .confounder, part: part, points: group.statistics.points))
    }
    return parts
  }
}

/// A part of the radiograph that is to be covered.
private struct NamedPart: Sendable {
  let id, title: String
  let laterality: Laterality
  let kind: ExplanationReport.Covering.Kind
  let part: CoveredPart
  let points: Double?
}
