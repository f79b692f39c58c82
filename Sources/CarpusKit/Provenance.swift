import CarpusExplanation
import CarpusONNX
import CarpusReporting
import CarpusTensors

/// Where an explanation comes from: enough to make it again, and nothing about the patient or the machine's folders.
enum Provenance {
  static func entries(
    _ reading: ModelReading, subject: Subject, explainer: Explainer, request: ExplanationRequest
  ) throws(CarpusError) -> ExplanationReport.Provenance {
    let model = reading.model
    let card = reading.cardFile.map { [("card.file", $0.name), ("card.sha256", $0.sha256)] } ?? []
    return ExplanationReport.Provenance([
      ("carpus", Version.number),
      ("model.file", model.name),
      ("model.sha256", try Hash.sha256(ofFile: model.path)),
      ("model.producer", model.survey.producer),
      ("model.opset", String(model.survey.opset)),
    ] + card + [
      ("image.file", subject.name),
      ("image.sha256", try Hash.sha256(ofFile: subject.path)),
      ("input.sha256", Hash.sha256(subject.tensor)),
      ("input.shape", subject.tensor.shape.description),
      ("method", request.method),
      ("layer", explainer.layer.name),
      ("instructionSet", "\(InstructionSet.preferred)"),
      ("convolutions", explainer.convolutionMethods.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")),
      ("threads", String(request.threads)),
      ("command", request.commandLine),
    ])
  }
}
