import CarpusExplanation
import CarpusGraphs
import CarpusReporting
import CarpusScoring
import CarpusTensors

/// Whether maps show what the network has learned: they are made again with weights that have forgotten it, from the output on.
///
/// Raw maps are compared by |Spearman|, the size of the rank correlation: drawing the last layer again turns a map's sign by chance. What remains alike between the maps of
/// different images (all hands lie in the middle) would remain here too; so the limit is what pairs of unrelated images reach under the network as it is.
/// Sources: Adebayo et al., NeurIPS 2018; Hedström et al., arXiv:2405.02383, on why maps must be raw.
struct WeightRandomization: Sendable {
  struct Stage: Sendable, Hashable {
    /// How many layers have been drawn again, counted from the output.
    let layers: Int
    /// |Spearman| with the network's own map, the mean over images and draws; a map without differences agrees with nothing, 0.
    let agreement: Double
  }

  /// From few layers to all of them.
  let stages: [Stage]
  /// |Spearman| of maps of pairs of unrelated images, ascending.
  let baseline: [Double]
  /// Its value is the agreement with all layers drawn again, the limit the 95th percentile of the baseline.
  let check: ExplanationReport.Check

  /// - Parameters:
  ///   - tensors: inputs of the explainer's shape, together of at least three images, none of them of one patient: hands of 20 patients do.
  ///   - steps: into how many equal parts the layers are divided, to be drawn one part after the other.
  ///   - draws: how often everything is drawn.
  /// - Throws: `ExplanationError` when there are too few images, no weights, or numbers that are not finite.
  init(
    of explainer: Explainer, _ method: any AttributionMethod.Type, tensors: [Tensor], by draw: WeightDraw = .permuted, steps: Int = 4, draws: Int = 2,
    seed: UInt64 = 0, threads: Int = 1
  ) throws(ExplanationError) {
    guard let output = explainer.graph.outputs.first(where: { $0.name == explainer.target.output })?.value else {
      throw .target("there is no output '\(explainer.target.output)'")
    }
    let total = explainer.graph.layerWeights(before: output).count
    guard total > 0 else { throw .layer("there are no weights of convolutions or matrix products to draw again") }
    func maps(_ explainer: Explainer) throws(ExplanationError) -> [MapCells] {
      let workspace = explainer.workspace(threads: threads)
      var maps: [MapCells] = []
      for tensor in tensors {
        maps += try explainer.maps(method, from: try explainer.evidence(for: tensor, in: workspace))
          .map { MapCells($0.values, height: $0.height, width: $0.width) }
      }
      return maps
    }
    let own = try maps(explainer)
    guard own.count >= 3 else { throw .target("drawing weights again needs maps of at least three unrelated images, to know how alike those are") }

    var baseline: [Double] = []
    for first in own.indices {
      for second in own.indices.dropFirst(first + 1).prefix(Self.neighbours) {
        if let agreement = Self.agreement(own[first], own[second]) { baseline.append(agreement) }
      }
    }
    baseline.sort()
    var stages: [Stage] = []
    for layers in Set((1...max(1, steps)).map { (total * $0 + steps - 1) / max(1, steps) }).sorted() {
      var sum = 0.0
      for index in 0..<max(1, draws) {
        let graph = explainer.graph.forgetting(layers: layers, before: output, by: draw) { RandomStream(seed: seed, index: index, $0) }
        let drawn = try maps(try Explainer(graph, target: explainer.target, layerName: explainer.layer.name))
        sum += zip(own, drawn).reduce(0) { $0 + (Self.agreement($1.0, $1.1) ?? 0) } / Double(own.count)
      }
      stages.append(Stage(layers: layers, agreement: sum / Double(max(1, draws))))
    }
    (self.stages, self.baseline) = (stages, baseline)
    let value = stages[stages.count - 1].agreement
    // No pair of maps can be compared: each is the same everywhere.
    let limit = baseline.isEmpty ? 0 : baseline[(baseline.count * 95 + 99) / 100 - 1]
    let passed = !baseline.isEmpty && value <= limit
    check = ExplanationReport.Check(
      name: "weights", value: value, limit: limit, passed: passed,
      sentence: baseline.isEmpty
        ? "Every map is the same everywhere, so that nothing can be said of weights."
        : passed
          ? "With all weights drawn again the maps resemble themselves no more than maps of unrelated images do: they show what the network has learned."
          : "With all weights drawn again the maps stay as they were, more than maps of unrelated images resemble each other: they show the image, not what the network has learned.")
  }

  /// Each image is compared with so many that follow.
  private static let neighbours = 20

  private static func agreement(_ first: MapCells, _ second: MapCells) -> Double? {
    (try? MapAgreement(first, second).spearman.get()).map(abs)
  }
}
