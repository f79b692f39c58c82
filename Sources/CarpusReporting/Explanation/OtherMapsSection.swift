import CarpusAnatomy
import CarpusExplanation
import CarpusImaging

/// Maps of the same score side by side: other methods, other layers, the members of an ensemble.
enum OtherMapsSection {
  static func context(_ report: ExplanationReport) throws(PNGError) -> [String: Any]? {
    guard let (picture, own) = report.pictured, !report.otherMaps.isEmpty || !report.members.isEmpty else { return nil }
    let points = report.pointsText
    func numbers(_ map: AttributionMap, _ landmarks: ExplanationReport.Landmarks?) -> [String: Any] {
      [
        "layer": map.layer, "grid": "\(map.height)×\(map.width)", "sum": readable(points(map.sum)), "sumExact": map.sum.description,
        "maximum": readable(NumberText.significant(map.maximum, digits: 3)), "minimum": readable(NumberText.significant(map.minimum, digits: 3)),
        "sites": landmarks?["sites"].flatMap { NumberText.share($0.statistics.mass) } ?? "–",
        "sitesEnrichment": landmarks?["sites"].flatMap { NumberText.ratio($0.statistics.enrichment) } ?? "–",
        "confounders": landmarks?["confounders"].flatMap { NumberText.share($0.statistics.mass) } ?? "–",
      ]
    }
    var figures: [[String: Any]] = []
    func add(_ title: String, _ map: AttributionMap, _ landmarks: ExplanationReport.Landmarks?, _ picture: ExplanationReport.Picture, _ agreement: Double?, note: String) throws(PNGError) {
      var context = numbers(map, landmarks).merging(try PictureSection.small(map, picture)) { $1 }
      context["title"] = title
      context["note"] = note.isEmpty ? [] : [note]
      context["agreement"] = agreement.map { readable(NumberText.fixed($0, places: 2)) } ?? "–"
      figures.append(context)
    }
    try add(report.methodTitle, own, report.landmarks, picture, nil, note: report.members.isEmpty ? "the map of this page" : "the ensemble, the map of this page")
    for other in report.otherMaps { try add(other.methodTitle, other.map, other.landmarks, picture, other.agreement, note: "") }
    for member in report.members {
      guard let picture = member.picture else { continue }
      try add(member.name, member.map, member.landmarks, picture, member.agreement, note: "weight \(readable(NumberText.significant(member.weight, digits: 3)))")
    }
    return ["figures": figures, "hasMembers": !report.members.isEmpty]
  }
}
