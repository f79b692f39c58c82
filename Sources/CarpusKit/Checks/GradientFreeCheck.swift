import CarpusExplanation
import CarpusReporting
import CarpusScoring
import CarpusTensors

extension ExplanationReport.Check {
  /// A map against Recipro-CAM, which needs no gradient: the lowest Spearman of the images of a batch. 1 for HiResCAM behind global average pooling and one linear layer.
  /// A map without differences agrees with nothing, 0.
  ///
  /// - Parameter maps: of the same evidence, not mirrored.
  /// - Throws: `ExplanationError` when a score is not finite.
  static func withoutGradient(
    _ explainer: Explainer, _ evidence: Evidence, maps: [AttributionMap], input: Tensor, threads: Int
  ) throws(ExplanationError) -> ExplanationReport.Check {
    let others = try explainer.reciproCAM(evidence, input: input, threads: threads)
    let value = zip(maps, others).map { RankAgreement.spearman($0.values, $1.values).value ?? 0 }.min() ?? 0
    let passed = value >= VerdictRule.withoutGradient.limit
    return ExplanationReport.Check(
      name: "without-gradient", value: value, limit: VerdictRule.withoutGradient.limit, passed: passed,
      sentence: passed
        ? "A map made without any gradient, cell by cell, puts the cells in much the same order."
        : "A map made without any gradient, cell by cell, puts the cells in another order: the network bends so much behind the layer that the gradient does not tell what a cell adds.")
  }
}

extension Result where Success == Double {
  var value: Double? { try? get() }
}
