public import CarpusReporting
import CarpusAnatomy
import CarpusExplanation
import CarpusGraphs
import CarpusImaging
import CarpusONNX
import CarpusTensors

/// What is to be explained, and how.
public struct ExplanationRequest: Sendable {
  public enum Subject: Sendable {
    /// A radiograph, and a file of regions.
    case image(path: String, regions: String?)
    /// The network's input as it stands, also a batch.
    case tensor(path: String)
  }

  public var subject: Subject
  /// `OUTPUT` or `OUTPUT:INDEX`; the first output and its only or highest element without it.
  public var target: String?
  /// Name of a tensor; the last feature map that the target depends on without it.
  public var layer: String?
  /// As in `MethodCatalog`.
  public var method: String
  public var preprocessing: PreprocessingChoice
  /// Radius of the disc around a keypoint, in pixels of the radiograph.
  public var keypointRadius: Double?
  public var threads: Int
  /// The command as the user typed it, without paths.
  public var commandLine: String

  public init(
    subject: Subject, target: String? = nil, layer: String? = nil, method: String = Explanation.methods[0],
    preprocessing: PreprocessingChoice = PreprocessingChoice(), keypointRadius: Double? = nil, threads: Int = 1, commandLine: String = ""
  ) {
    self.subject = subject
    self.target = target
    self.layer = layer
    self.method = method
    self.preprocessing = preprocessing
    self.keypointRadius = keypointRadius
    self.threads = threads
    self.commandLine = commandLine
  }
}

extension Model {
  /// Explains the score of a radiograph or of a prepared input.
  ///
  /// - Throws: `CarpusError`.
  public func explained(_ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport {
    let subject = try Subject(request, model: self)
    let method: any AttributionMethod.Type
    do { method = try MethodCatalog.method(named: request.method) } catch { throw CarpusError(error) }
    guard let input = graph.inputs.first, graph.inputs.count == 1 else {
      throw CarpusError(.unavailable, "\(name) has \(graph.inputs.count) inputs; networks with one input are explained")
    }
    let graph = try specialized(to: [input.name: subject.tensor])
    let target = try chosenTarget(request.target, in: graph, input: input.name, subject: subject, threads: request.threads)
    let explainer: Explainer, evidence: Evidence, maps: [AttributionMap], intercepts: [Double], trust: ExplanationChecks
    do throws(ExplanationError) {
      explainer = try Explainer(graph, target: target.target, layerName: request.layer)
      evidence = try explainer.evidence(for: subject.tensor, in: explainer.workspace(threads: request.threads))
      maps = try explainer.maps(method, from: evidence)
      intercepts = try explainer.intercepts(for: subject.tensor, threads: request.threads)
      trust = try ExplanationChecks(
        explainer, evidence, maps: maps, intercepts: intercepts, input: subject.tensor, threads: request.threads)
    } catch { throw CarpusError(error).about(name) }
    let measured = try subject.measured(maps, scores: evidence.targets, intercepts: intercepts)
    return ExplanationReport(
      model: name, image: subject.name,
      outputs: evidence.outputs.map { ExplanationReport.Output(name: $0.name, shape: $0.tensor.shape.extents, values: $0.tensor.doubles) },
      scores: zip(evidence.targets, evidence.slopes).map {
        ExplanationReport.Score(output: target.target.output, index: target.target.index, value: $0, slope: $1)
      },
      method: method.name, methodTitle: method.title, methodCitation: method.citation,
      layerIsComplete: explainer.layer.isComplete, layerChannels: explainer.layer.channels, maps: maps, budgets: measured.budgets,
      measurement: measured.measurement, picture: subject.picture, checks: trust.checks,
      warnings: survey.warnings + target.warnings + subject.warnings + trust.warnings + measured.warnings,
      provenance: try Provenance.entries(model: self, subject: subject, explainer: explainer, request: request))
  }

  /// The target that was asked for; or the first output's only element; or, of several classes, the highest.
  private func chosenTarget(
    _ asked: String?, in graph: Graph, input: String, subject: Subject, threads: Int
  ) throws(CarpusError) -> (target: Target, warnings: [String]) {
    let name = asked.map { TargetName($0, in: graph) } ?? TargetName(graph.outputs[0].name, in: graph)
    guard let output = graph.outputs.first(where: { $0.name == name.output }) else {
      throw CarpusError(.usage, "\(self.name) has no output '\(name.output)'; it has \(Self.list(graph.outputs.map(\.name)))")
    }
    if let index = name.index { return (Target(output: output.name, index: index), []) }
    let classes = graph.type(of: output.value).staticShape?.extents.last ?? 1
    guard classes > 1 else { return (Target(output: output.name), []) }
    guard subject.tensor.shape[0] == 1 else {
      throw CarpusError(.usage, "'\(output.name)' has \(classes) elements along its last axis: say which one as --target \(output.name):INDEX")
    }
    let values = try run([input: subject.tensor], outputs: [output.name], threads: threads)[0].tensor.doubles
    let index = values.indices.max { values[$0] < values[$1] } ?? 0
    return (Target(output: output.name, index: index), ["the target is element \(index) of '\(output.name)' because it is the highest of \(classes)"])
  }
}
