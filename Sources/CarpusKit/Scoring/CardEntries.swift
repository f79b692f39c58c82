import CarpusImaging
import CarpusScoring

extension ModelCard {
  /// What the card says, for a report.
  var entries: [(key: String, value: String)] {
    let preprocessing = input.preprocessing
    let range = switch input.range {
    case .dicom: "dicom"
    case .grey(let range): range.description
    }
    return [
      ("name", name), ("description", description), ("file", file), ("sha256", sha256),
      ("input", "\(input.name), [\(preprocessing.size.height), \(preprocessing.size.width)] (height, width), channels \(preprocessing.channels)"),
      ("range", range + (preprocessing.isInverted ? ", inverted" : "")),
      ("resize", "\(preprocessing.fit.rawValue), \(preprocessing.filter.rawValue), padding \(preprocessing.padding)"),
      ("hands", "\(input.hands.rawValue), \(input.laterality.rawValue)"), ("mean", "\(preprocessing.mean)"),
      ("standardDeviation", "\(preprocessing.standardDeviation)"),
    ].filter { !$0.1.isEmpty } + outputs.map { ("output \($0.name)", $0.kind.sentence) }
      + [("target", "\(target.output), element \(target.index)")] + (layer.map { [("layer", $0)] } ?? [])
  }
}

extension CardOutput.Kind {
  fileprivate var sentence: String {
    switch self {
    case .score(let points):
      "score in \(points.unit), \(points.scale.lowerBound) to \(points.scale.upperBound): \(points.factor) · raw + \(points.offset)\(points.clamps ? ", clamped" : "")"
    case .classes(let classes):
      "classes (\(classes.activation.rawValue)): \((0..<min(classes.count, 20)).map(classes.name).joined(separator: ", "))\(classes.count > 20 ? ", …" : "")"
    }
  }
}
