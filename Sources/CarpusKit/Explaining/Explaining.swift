public import CarpusAnatomy
public import CarpusReporting
import CarpusExplanation
import CarpusGraphs
import CarpusImaging
import CarpusONNX
import CarpusScoring
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
  /// `OUTPUT` or `OUTPUT:INDEX`; without it the card's target, or without a card the first output and its only or highest element.
  public var target: String?
  /// Name of a tensor; without it the card's layer, or the last feature map that the target depends on.
  public var layer: String?
  /// As in `MethodCatalog`.
  public var method: String
  /// The card, or what stands in for one.
  public var use: ModelUse
  /// Radius of the disc around a keypoint, in pixels of the radiograph.
  public var keypointRadius: Double?
  /// Which of the regions are measured.
  public var selection: RegionSelection
  public var threads: Int
  /// The command as the user typed it, without paths.
  public var commandLine: String
  public var detail: ExplanationDetail

  public init(
    subject: Subject, target: String? = nil, layer: String? = nil, method: String = Explanation.methods[0],
    use: ModelUse = ModelUse(), keypointRadius: Double? = nil, selection: RegionSelection = .all, threads: Int = 1, commandLine: String = "",
    detail: ExplanationDetail = ExplanationDetail()
  ) {
    self.subject = subject
    self.target = target
    self.layer = layer
    self.method = method
    self.use = use
    self.keypointRadius = keypointRadius
    self.selection = selection
    self.threads = threads
    self.commandLine = commandLine
    self.detail = detail
  }
}

extension Model {
  /// Explains the score of a radiograph or of a prepared input.
  ///
  /// - Throws: `CarpusError`.
  public func explained(_ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport {
    try ModelReading(self, request.use).examined(request)
  }
}

extension ModelReading {
  /// Map, intercept and score are in points: a raw output `y` is `factor · y + offset`, and so are its parts.
  func explained(_ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport {
    let method: any AttributionMethod.Type
    do { method = try MethodCatalog.method(named: request.method) } catch { throw CarpusError(error) }
    guard let input = model.graph.inputs.first, model.graph.inputs.count == 1 else {
      throw CarpusError(.unavailable, "\(model.name) has \(model.graph.inputs.count) inputs; networks with one input are explained")
    }
    let subject = try Subject(request, self)
    let graph = try model.specialized(to: [input.name: subject.tensor])
    let target = try chosenTarget(request.target, in: graph, input: input.name, subject: subject, threads: request.threads)
    let explainer: Explainer, evidence: Evidence, raw: [AttributionMap], rawIntercepts: [Double], trust: ExplanationChecks
    do throws(ExplanationError) {
      explainer = try Explainer(graph, target: target.target, layerName: request.layer ?? card?.layer)
      evidence = try explainer.evidence(for: subject.tensor, in: explainer.workspace(threads: request.threads))
      raw = try explainer.maps(method, from: evidence)
      rawIntercepts = try explainer.intercepts(for: subject.tensor, threads: request.threads)
      trust = try ExplanationChecks(
        explainer, evidence, maps: raw, intercepts: rawIntercepts, input: subject.tensor, isThorough: request.detail.checks, threads: request.threads)
    } catch { throw CarpusError(error).about(model.name) }
    let repeated = try request.detail.checks ? repeatability(of: explainer, method, subject, threads: request.threads) : []
    let points = points(of: target.target)
    let maps = raw.map { $0.scaled(by: points.factor, isMirrored: subject.input?.isMirrored ?? false) }
    let scores = evidence.targets.map(points.points(of:))
    let measured = try subject.measured(maps, scores: scores, intercepts: rawIntercepts.map { points.factor * $0 + points.offset })
    let outputs = evidence.outputs.map { ExplanationReport.Output(name: $0.name, shape: $0.tensor.shape.extents, values: $0.tensor.doubles) }
    let landmarks = try subject.landmarks.flatMap { landmarks throws(CarpusError) in
      try maps.first.flatMap { map throws(CarpusError) in try landmarks.measured(map, subject.picture, request.detail) }
    }
    var measurement = measured.measurement
    if let regions = measurement?.regions { measurement?.chance = landmarks?.chance(of: regions) ?? [] }
    var report = ExplanationReport(
      model: model.name, image: subject.name, outputs: outputs,
      scores: zip(scores, evidence.slopes).map {
        ExplanationReport.Score(output: target.target.output, index: target.target.index, value: $0, slope: $1)
      },
      method: method.name, methodTitle: method.title, methodCitation: method.citation,
      layerIsComplete: explainer.layer.isComplete, layerChannels: explainer.layer.channels, maps: maps, budgets: measured.budgets,
      measurement: measurement, picture: subject.picture, checks: trust.checks + repeated,
      warnings: model.survey.warnings + target.warnings + subject.warnings + trust.warnings + measured.warnings
        + outside(scores, points) + clamped(evidence.targets, points),
      provenance: try Provenance.entries(self, subject: subject, explainer: explainer, request: request),
      prediction: evidence.targets.count == 1 ? try prediction(outputs, points, target.target.output) : nil,
      inputs: subject.input.map { [ExplanationReport.NetworkInput(model: model.name, card: cardFile?.name, cardEntries: card?.entries ?? [], input: $0)] } ?? [])
    report.unit = unit(of: target.target)
    report.landmarks = landmarks?.landmarks
    return report
  }

  /// The map of the radiograph moved a little and exposed otherwise.
  private func repeatability(
    of explainer: Explainer, _ method: any AttributionMethod.Type, _ subject: Subject, threads: Int
  ) throws(CarpusError) -> [ExplanationReport.Check] {
    guard let radiograph = subject.picture?.radiograph else { return [] }
    return [
      try Repeatability(
        of: explainer, method, radiograph: radiograph, name: subject.name, preprocessing: try preprocessing(),
        regions: subject.regions?.sites.map(\.mask) ?? [], threads: threads
      ).check
    ]
  }

  /// Points of a score; or, of an output that is no score, what the network gives.
  private func unit(of target: Target) -> ExplanationReport.Unit {
    if let card {
      if case .score? = card.output(named: target.output)?.kind { return .points }
    } else if let score, score.target.output == target.output {
      return .points
    }
    guard let classes, classes.output == target.output, (0..<classes.classes.count).contains(target.index) else {
      return .output("‘\(target.output)’, element \(target.index), as the network gives it: not points of a score")
    }
    let kind = classes.classes.activation == .softmax ? "the logit" : "the output"
    return .output("\(kind) of class ‘\(classes.classes.name(of: target.index))’ as the network gives it: not points of a score")
  }

  /// Of a target that is no score, the raw number: nothing is known of points.
  private func points(of target: Target) -> Points {
    if let card {
      if case .score(let points)? = card.output(named: target.output)?.kind { return points }
    } else if let score, score.target.output == target.output {
      return score.points
    }
    return Points(unit: "", scale: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
  }

  private func prediction(_ outputs: [ExplanationReport.Output], _ points: Points, _ target: String) throws(CarpusError) -> ExplanationReport.Prediction? {
    guard score != nil || classes != nil else { return nil }
    let result = try score { name throws(CarpusError) in outputs.first { $0.name == name }?.values ?? [] }
    let severity = result.severity ?? .init(of: result.score, in: score?.points.severity)
    return ExplanationReport.Prediction(
      score: result.score, classIndex: severity?.index, className: severity?.name, classOrigin: classOrigin,
      postProcessing: score.map { "\($0.points.factor) · \($0.target.output) + \($0.points.offset)\($0.points.clamps ? ", clamped to its scale" : "") (\($0.points.unit))" })
  }

  private func outside(_ scores: [Double], _ points: Points) -> [String] {
    scores.filter { !points.scale.contains($0) }.map {
      "the score \($0) lies outside its scale, \(points.scale.lowerBound) to \(points.scale.upperBound)"
    }
  }

  private func clamped(_ raw: [Double], _ points: Points) -> [String] {
    guard points.clamps, raw.contains(where: { !points.scale.contains(points.factor * $0 + points.offset) }) else { return [] }
    return ["the card has the score clamped to its scale; the map explains the score before that, and the difference is the residual"]
  }

  /// The target that was asked for; or the card's; or the first output's only element; or, of several classes, the highest.
  private func chosenTarget(
    _ asked: String?, in graph: Graph, input: String, subject: Subject, threads: Int
  ) throws(CarpusError) -> (target: Target, warnings: [String]) {
    if asked == nil, let target = card?.target { return (Target(output: target.output, index: target.index), []) }
    let name = asked.map { TargetName($0, in: graph) } ?? TargetName(graph.outputs[0].name, in: graph)
    guard let output = graph.outputs.first(where: { $0.name == name.output }) else {
      throw CarpusError(.usage, "\(model.name) has no output '\(name.output)'; it has \(Model.list(graph.outputs.map(\.name)))")
    }
    if let index = name.index { return (Target(output: output.name, index: index), []) }
    let classes = graph.type(of: output.value).staticShape?.extents.last ?? 1
    guard classes > 1 else { return (Target(output: output.name), []) }
    guard subject.tensor.shape[0] == 1 else {
      throw CarpusError(.usage, "'\(output.name)' has \(classes) elements along its last axis: say which one as --target \(output.name):INDEX")
    }
    let values = try model.run([input: subject.tensor], outputs: [output.name], threads: threads)[0].tensor.doubles
    let index = values.indices.max { values[$0] < values[$1] } ?? 0
    return (Target(output: output.name, index: index), ["the target is element \(index) of '\(output.name)' because it is the highest of \(classes)"])
  }
}

extension AttributionMap {
  /// Every value times a factor, and the columns in the other order if left and right changed places.
  func scaled(by factor: Double, isMirrored: Bool) -> AttributionMap {
    var scaled = factor == 1 ? values : values.map { factor * $0 }
    if isMirrored { for row in 0..<height { scaled[row * width..<(row + 1) * width].reverse() } }
    return AttributionMap(method: method, layer: layer, height: height, width: width, values: scaled)
  }
}
