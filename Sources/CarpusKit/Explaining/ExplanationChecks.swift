import CarpusExplanation
import CarpusReporting
import CarpusTensors

/// Tests of an explanation by itself: is the map complete, is the score saturated, is the gradient right.
struct ExplanationChecks {
  let checks: [ExplanationReport.Check]
  let warnings: [String]

  init(
    _ explainer: Explainer, _ evidence: Evidence, maps: [AttributionMap], intercepts: [Double], input: Tensor, isThorough: Bool, threads: Int
  ) throws(ExplanationError) {
    var checks: [ExplanationReport.Check] = []
    var warnings: [String] = []

    let residuals = zip(zip(evidence.targets, intercepts), maps).map { abs($0.0 - $0.1 - $1.sum) / max(abs($0.0), 1e-9) }
    let residual = residuals.max() ?? 0
    checks.append(
      ExplanationReport.Check(
        name: "completeness", value: residual, limit: 0.01, passed: residual <= 0.01,
        sentence: residual <= 0.01
          ? "Intercept and map add up to the score."
          : "Intercept and map do not add up to the score: what is behind the layer is not linear, and the difference is the residual."))

    let slope = evidence.slopes.map(abs).min() ?? 1
    checks.append(
      ExplanationReport.Check(
        name: "saturation", value: slope, limit: 1e-3, passed: slope >= 1e-3,
        sentence: slope >= 1e-3
          ? "The score responds to what its last layer is given."
          : "The score is saturated: its last activation function hardly responds, and the map is next to nothing."))

    let error = try explainer.directionalError(evidence, input: input, threads: threads)
    checks.append(
      ExplanationReport.Check(
        name: "gradient", value: error, limit: 0.02, passed: error <= 0.02,
        sentence: error <= 0.02
          ? "The gradient agrees with the change of the score when the layer is scaled by 1 %."
          : "The gradient differs from the change of the score when the layer is scaled by 1 %: the network bends within that step."))

    if isThorough { checks.append(try .withoutGradient(explainer, evidence, maps: maps, input: input, threads: threads)) }

    if !explainer.layer.isComplete {
      warnings.append("layer '\(explainer.layer.name)' is bypassed by a part of the network, which the map does not show")
    }
    if maps.contains(where: { $0.sumPositive == 0 }) {
      warnings.append("the map has no positive value: nothing at this layer raises the score, and shares of positive evidence do not exist")
    }
    self.checks = checks
    self.warnings = warnings
  }
}
