import CarpusAnatomy
import CarpusImaging

/// What is in a file of regions, as text.
public enum RegionListing {
  /// Radiographs with the number of their regions, where there are several; of one its regions, then what was not understood.
  ///
  /// - Throws: `CarpusError`.
  public static func lines(of job: RegionJob) throws(CarpusError) -> (lines: [String], warnings: [String]) {
    let head = job.source + (job.format.map { ": \($0.title)" } ?? "")
    guard job.count == 1 else {
      var rows = [["radiograph", "pixels", "regions", "sites", "not understood"]], warnings: [String] = []
      for index in 0..<job.count {
        let item = try job.item(index)
        let set = item?.set
        rows.append([
          job.title(of: index), set.map { "\($0.size)" } ?? "", "\(set?.regions.count ?? 0)", set.map { "\(sites(of: $0).count)" } ?? "0",
          set.map { "\(strangers(in: $0).count)" } ?? "0",
        ])
        warnings += set?.warnings.map { "\(job.title(of: index)): \($0)" } ?? []
      }
      return ([head + ", \(job.count) radiographs", ""] + AlignedTable.lines(rows), warnings)
    }
    guard let item = try job.item(0) else { throw CarpusError(.noRegions, file: job.source) }
    return (
      ["\(head), \(RegionName.cleaned(item.imageName)) (\(item.set.size) pixels)", ""] + table(item.set) + [""] + summary(item.set),
      item.set.warnings.map(\.description)
    )
  }

  private static func table(_ set: RegionSet) -> [String] {
    let rows = set.regions.map { region in
      let term = set.vocabulary.term(of: region)
      let place = term.flatMap { term in term.site.map { ([$0.rawValue] + term.damages.map(\.rawValue)).joined(separator: " ") } }
      return [
        region.id, region.laterality.rawValue, region.name, term?.kind.rawValue ?? "?", place ?? "", term?.groups.joined(separator: ", ") ?? "",
        String(region.mask.count), drawn(region.source),
      ]
    }
    return AlignedTable.lines([["id", "side", "name", "kind", "counts for", "groups", "pixels", "drawn as"]] + rows)
  }

  private static func drawn(_ source: Region.Source) -> String {
    switch source {
    case .polygons: "polygon"
    case .runLength: "mask"
    case .box: "box"
    case .keypoint(_, let radius): "disc of radius \(Int(radius.rounded()))"
    case .label(let value): "label \(value)"
    }
  }

  private static func summary(_ set: RegionSet) -> [String] {
    var lines = ["\(set.regions.count) regions, \(set.union.count) of \(set.size.count) pixels"]
    let shared = set.regions.reduce(0) { $0 + $1.mask.count } > set.union.count
    if shared { lines.append("Some regions share pixels.") }
    for side in Laterality.allCases {
      let there = Set(set.regions.filter { $0.laterality == side }.compactMap { set.vocabulary.term(of: $0)?.site })
      guard !there.isEmpty else { continue }
      let missing = SvdHSite.allCases.filter { !there.contains($0) }.map(\.rawValue)
      let which = side == .left || side == .right ? "of the side \(side.rawValue)" : "of a side that is not said"
      lines.append(
        "\(there.count) of the \(SvdHSite.allCases.count) places that Sharp and van der Heijde score, \(which)"
          + (missing.isEmpty ? "" : "; missing: \(missing.joined(separator: ", "))"))
    }
    let unknown = strangers(in: set)
    if !unknown.isEmpty {
      lines.append(
        "Not understood, measured under their own ids, but counting for no place: \(unknown.map(\.id).joined(separator: ", "))")
    }
    return lines
  }

  private static func strangers(in set: RegionSet) -> [Region] { set.regions.filter { set.vocabulary.term(of: $0) == nil } }

  private static func sites(of set: RegionSet) -> Set<String> {
    Set(set.regions.compactMap { region in set.vocabulary.term(of: region)?.site.map { "\(region.laterality.rawValue):\($0.rawValue)" } })
  }
}
