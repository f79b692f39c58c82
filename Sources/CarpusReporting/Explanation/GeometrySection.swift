import CarpusAnatomy
import CarpusImaging

/// Where everything lies, in pixels of the radiograph unless something else is said.
enum GeometrySection {
  static func context(_ report: ExplanationReport, _ picture: ExplanationReport.Picture) -> [String: Any] {
    let (radiograph, content, transform) = (picture.radiograph, picture.contentRectangle, picture.transform)
    func number(_ value: Double) -> String { readable(NumberText.significant(value, digits: 7)) }
    let rows = report.numberedRegions
    return [
      "radiograph": "\(radiograph.size.width) × \(radiograph.size.height) pixels of \(radiograph.bitDepth) bits, from \(radiograph.origin.rawValue)",
      "input": "\(picture.inputSize.width) × \(picture.inputSize.height)",
      "content": [content.minX, content.minY, content.maxX - content.minX, content.maxY - content.minY].map(number).joined(separator: ", "),
      "scaleX": number(transform.scaleX), "scaleY": number(transform.scaleY), "offsetX": number(transform.offsetX), "offsetY": number(transform.offsetY),
      "hasBounds": !rows.isEmpty,
      "bounds": rows.map { row in
        let bounds = row.region.mask.bounds
        return [
          "id": row.region.id, "name": row.title, "side": RegionSection.side(row.region.laterality), "resolution": row.resolution.description,
          "numbers": bounds.map { [$0.minX, $0.minY, $0.maxX - $0.minX, $0.maxY - $0.minY].map { NumberText.fixed($0, places: 0) } } ?? [String](repeating: "–", count: 4),
        ] as [String: Any]
      },
    ]
  }
}
