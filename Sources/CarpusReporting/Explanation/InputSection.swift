import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusTensors

/// What the networks were given: the card, the steps and the tensor's picture; and the members of an ensemble.
enum InputSection {
  private static let longestSide = 600

  static func context(_ input: ExplanationReport.NetworkInput) throws(PNGError) -> [String: Any] {
    let view = TensorView(input.input.tensor)
    func number(_ value: Float) -> String { readable(NumberText.significant(Double(value), digits: 4)) }
    let scale = max(1, min(3, 300 / max(1, max(view.size.width, view.size.height))))
    let shrink = max(1, Double(max(view.size.width, view.size.height)) / Double(longestSide))
    var context: [String: Any] = [
      "model": input.model, "steps": input.input.steps, "shape": input.input.tensor.shape.description,
      "address": PictureSection.dataAddress(try PNG.encode(view.grey, layout: .grey, size: view.size)),
      "width": view.size.width, "height": view.size.height,
      "shownWidth": Int(Double(view.size.width * scale) / shrink), "shownHeight": Int(Double(view.size.height * scale) / shrink),
      "black": number(view.minimum), "white": number(view.maximum), "mirrored": input.input.isMirrored,
    ]
    if let card = input.card {
      context["card"] = ["file": card, "entries": input.cardEntries.map { ["key": $0.key, "value": $0.value] }] as [String: Any]
    }
    return context
  }

  static func members(_ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    return [
      "rows": report.members.map { member in
        [
          "name": member.name, "score": readable(points(member.score)),
          "weight": readable(NumberText.significant(member.weight, digits: 4)),
          "share": readable(points(member.weight * member.score)),
          "intercept": readable(points(member.budget.intercept)), "map": readable(points(member.map.sum)),
          "grid": "\(member.map.height)×\(member.map.width)", "layer": member.map.layer,
        ]
      }
    ]
  }
}

/// A tensor `[1×C×H×W]` for the eye: its first channel in 8-bit grey, the lowest number black and the highest white.
struct TensorView {
  let size: PixelSize
  let minimum, maximum: Float
  /// Row by row.
  let grey: [UInt8]

  init(_ tensor: Tensor) {
    let size = PixelSize(width: tensor.shape[3], height: tensor.shape[2])
    let values = tensor.array(of: Float.self).prefix(size.count)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    self.size = size
    (minimum, maximum) = (low, high)
    grey = values.map { high > low ? UInt8(min(max(($0 - low) / (high - low), 0), 1) * 255 + 0.5) : 128 }
  }
}
