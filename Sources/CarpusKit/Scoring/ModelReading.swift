import CarpusGraphs
import CarpusImaging
public import CarpusScoring
import CarpusTensors

/// How a model is to be used, as far as the user says; the rest stands in its card.
public struct ModelUse: Sendable, Hashable {
  public var card = CardChoice.beside
  /// Only without a card.
  public var preprocessing = PreprocessingChoice()
  /// Factor and offset from the raw output to points. Only without a card.
  public var factor: Double?
  public var offset: Double?
  /// How scores are put into classes. Only without a card.
  public var severity: SeverityScale?
  /// Whether the radiographs are of right hands; needed only where a card mirrors those of one side.
  public var isRightHand: Bool?

  public init() {}
}

/// A model with what is known of its input and outputs: from its card, or from flags and assumptions.
struct ModelReading: Sendable {
  let model: Model
  let cardFile: CardFile?
  private let use: ModelUse
  /// The element that gives points, and how.
  let score: (target: TargetName, points: Points)?
  let classes: (output: String, classes: ClassOutput)?
  /// What was assumed for want of a card, in a sentence.
  let warnings: [String]

  var card: ModelCard? { cardFile?.card }

  /// - Parameter output: of several scores the one that is wanted.
  /// - Throws: `CarpusError`.
  init(_ model: Model, _ use: ModelUse, output: String? = nil) throws(CarpusError) {
    self.model = model
    cardFile = try CardFile(use.card, for: model)
    self.use = use
    guard let cardFile else {
      (score, classes) = (try Self.assumedScore(of: model, use, output: output), nil)
      warnings = Self.assumptions(of: model, use)
      return
    }
    let card = cardFile.card
    guard use.preprocessing == PreprocessingChoice(), use.factor == nil, use.offset == nil, use.severity == nil else {
      throw CarpusError(
        .usage, "\(cardFile.name) says how radiographs are prepared for \(model.name) and what its outputs mean; leave the options that say it too out, or set the card aside with --card none")
    }
    score = try Self.score(of: card, output: output, file: cardFile.name)
    classes = card.classOutput.map { ($0.name, $0.classes) }
    warnings = []
  }

  private static func score(of card: ModelCard, output: String?, file: String) throws(CarpusError) -> (target: TargetName, points: Points)? {
    func reading(_ name: String, _ points: Points) -> (target: TargetName, points: Points) {
      (TargetName(output: name, index: card.target.output == name ? card.target.index : nil), points)
    }
    guard let output else { return card.scoreOutput.map { reading($0.name, $0.points) } }
    guard case .score(let points)? = card.output(named: output)?.kind else {
      throw CarpusError(.badData, "\(file) has no output ‘\(output)’ that is a score")
    }
    return reading(output, points)
  }

  /// The first output, if it has one element.
  private static func assumedScore(of model: Model, _ use: ModelUse, output: String?) throws(CarpusError) -> (target: TargetName, points: Points)? {
    guard let named = output.map({ name in model.graph.outputs.first { $0.name == name } }) ?? model.graph.outputs.first else {
      throw CarpusError(.badData, "\(model.name) has no output ‘\(output ?? "")’; it has \(Model.list(model.graph.outputs.map(\.name)))")
    }
    let extents = model.graph.type(of: named.value).tensor?.shape.extents ?? nil
    if let extents, extents.count > 1, let count = extents[extents.count - 1], count != 1 { return nil }
    let points = Points(factor: use.factor ?? 1, offset: use.offset ?? 0, severity: use.severity)
    return (TargetName(output: named.name, index: nil), points)
  }

  /// What was not said, for the report: nothing is assumed silently.
  private static func assumptions(of model: Model, _ use: ModelUse) -> [String] {
    let missing = use.preprocessing.assumptions
    return missing.isEmpty ? [] : [
      "how radiographs are prepared for \(model.name) was not said completely; assumed: \(missing.joined(separator: ", ")). A network that was trained otherwise gives a wrong score"
    ]
  }

  /// Where the classes come from, in a sentence; `nil` where there are none, or they have names of their own.
  var classOrigin: String? {
    guard let classes else { return score?.points.severity?.origin }
    if case .severity(let scale) = classes.classes.names { return scale.origin }
    return nil
  }

  /// How radiographs become the network's input.
  ///
  /// - Throws: `CarpusError` 64 where the user has to say more, 65 where the input is no image, 69 for what only DICOM files have.
  func preprocessing() throws(CarpusError) -> Preprocessing {
    guard let input = model.graph.inputs.first, model.graph.inputs.count == 1 else {
      throw CarpusError(.unavailable, "\(model.name) has \(model.graph.inputs.count) inputs; radiographs are given to networks with one input")
    }
    guard let cardFile else { return try use.preprocessing.preprocessing(for: model.graph.type(of: input.value), of: model.name) }
    let card = cardFile.card.input
    if case .dicom = card.range {
      throw CarpusError(.unavailable, "\(cardFile.name): at input.range: the range ‘dicom’ needs DICOM files, which are not read; PNG is")
    }
    guard let preprocessing = card.preprocessing(ofRightHand: use.isRightHand) else {
      throw CarpusError(.usage, "\(cardFile.name) has hands of one side mirrored (\(card.laterality.rawValue)): say with --side left or --side right which the radiograph shows")
    }
    return preprocessing
  }

  /// What the outputs of one radiograph mean.
  ///
  /// - Parameter elements: of the output of this name.
  /// - Throws: `CarpusError` 65 where there are more or fewer than the card says.
  func score(_ elements: (String) throws(CarpusError) -> [Double]) throws(CarpusError) -> RawScore {
    var points: Double?
    if let (target, rule) = score {
      let raw = try elements(target.output)
      let index = target.index ?? 0
      guard target.index != nil ? raw.indices.contains(index) : raw.count == 1 else {
        throw CarpusError(.badData, "output ‘\(target.output)’ of \(model.name) has \(raw.count) elements for one radiograph, not one score")
      }
      points = rule.points(of: raw[index])
    }
    guard let (output, classes) = classes else { return RawScore(score: points, severity: nil, probabilities: nil) }
    let raw = try elements(output)
    guard raw.count == classes.count else {
      throw CarpusError(.badData, "output ‘\(output)’ of \(model.name) has \(raw.count) elements for one radiograph, not \(classes.count) classes")
    }
    let index = classes.index(of: raw)
    return RawScore(
      score: points, severity: RadiographScore.Severity(index: index, name: classes.name(of: index)), probabilities: classes.probabilities(of: raw))
  }
}

/// What a network gives one radiograph, in points.
struct RawScore {
  let score: Double?
  /// As the network's own output says.
  let severity: RadiographScore.Severity?
  let probabilities: [Double]?
}

extension Preprocessing {
  /// - Parameter name: of the radiograph's file.
  func prepared(_ radiograph: Radiograph, name: String) throws(CarpusError) -> ModelInput {
    do { return try apply(to: radiograph) } catch { throw CarpusError(.badData, "\(name): \(error)") }
  }
}

extension RadiographScore.Severity {
  /// By the score, where there are a score and classes.
  init?(of score: Double?, in scale: SeverityScale?) {
    guard let score, let scale else { return nil }
    let index = scale.index(of: score)
    self.init(index: index, name: scale.name(of: index))
  }
}
