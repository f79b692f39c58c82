public import CarpusAnatomy
public import CarpusExplanation
public import CarpusImaging

/// Everything that is said about one explanation. Renderers print it; they compute nothing.
public struct ExplanationReport: Sendable {
  /// What every report says of itself.
  public static let notice = "Research software, not a medical device: not for diagnosis or treatment."

  /// One output of the network, as it gives it.
  public struct Output: Sendable {
    public var name: String
    public var shape: [Int]
    public var values: [Double]

    public init(name: String, shape: [Int], values: [Double]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The number that is explained.
  public struct Score: Sendable {
    public var output: String
    public var index: Int
    public var value: Double
    /// Derivative of the raw output with respect to what its last activation function was given; 1 without one.
    public var slope: Double

    public init(output: String, index: Int, value: Double, slope: Double) {
      self.output = output
      self.index = index
      self.value = value
      self.slope = slope
    }
  }

  /// What was measured with regions: their statistics and the budget.
  public struct Measurement: Sendable {
    public var regions: RegionSet
    public var focus: Focus
    /// Where the regions come from, e.g. `joints.coco.json`: a file name without its folder.
    public var source: String
    /// For each region what chance would give; `nil` for those that could not be moved. Empty where it was not drawn.
    public var chance: [Chance?]

    public init(regions: RegionSet, focus: Focus, source: String, chance: [Chance?] = []) {
      self.regions = regions
      self.focus = focus
      self.source = source
      self.chance = chance
    }
  }

  /// The radiograph and where the map lies on it.
  public struct Picture: Sendable {
    public var radiograph: Radiograph
    /// From the radiograph to the grid of pixels that the map covers: a network's input.
    public var transform: PixelTransform
    /// The size of that grid.
    public var inputSize: PixelSize
    /// Where the radiograph lies in it.
    public var contentRectangle: PixelRectangle

    public init(radiograph: Radiograph, transform: PixelTransform, inputSize: PixelSize, contentRectangle: PixelRectangle) {
      self.radiograph = radiograph
      self.transform = transform
      self.inputSize = inputSize
      self.contentRectangle = contentRectangle
    }

    public init(radiograph: Radiograph, input: ModelInput, inputSize: PixelSize) {
      self.init(radiograph: radiograph, transform: input.transform, inputSize: inputSize, contentRectangle: input.contentRectangle)
    }
  }

  /// What a network was given, and the card that says so.
  public struct NetworkInput: Sendable {
    /// Name of the model's file.
    public var model: String
    /// Name of the card's file; absent where there is no card.
    public var card: String?
    /// What the card says, in the order in which it is printed.
    public var cardEntries: [(key: String, value: String)]
    public var input: ModelInput

    public init(model: String, card: String? = nil, cardEntries: [(key: String, value: String)] = [], input: ModelInput) {
      self.model = model
      self.card = card
      self.cardEntries = cardEntries
      self.input = input
    }
  }

  /// What the outputs of the network mean.
  public struct Prediction: Sendable {
    /// In points; absent where the network gives classes only.
    public var score: Double?
    /// From 0.
    public var classIndex: Int?
    public var className: String?
    /// Where the classes come from, in a sentence.
    public var classOrigin: String?
    /// How the raw output became points, e.g. `100 · score + 5`.
    public var postProcessing: String?

    public init(score: Double?, classIndex: Int? = nil, className: String? = nil, classOrigin: String? = nil, postProcessing: String? = nil) {
      self.score = score
      self.classIndex = classIndex
      self.className = className
      self.classOrigin = classOrigin
      self.postProcessing = postProcessing
    }
  }

  /// A member of an ensemble and its part in the score.
  public struct Member: Sendable {
    public var name: String
    public var score: Double
    /// The ensemble's score is the sum of weight times score, and of the ensemble's own intercept.
    public var weight: Double
    /// In points, on the member's own grid.
    public var map: AttributionMap
    public var budget: ScoreBudget
    /// Name of the file of its map.
    public var file: String
    /// Where its own map lies on the radiograph; without it the map is not shown.
    public var picture: Picture?
    public var landmarks: Landmarks?
    /// Spearman's correlation with the ensemble's map over regions; absent with fewer than five.
    public var agreement: Double?

    public init(name: String, score: Double, weight: Double, map: AttributionMap, budget: ScoreBudget, file: String) {
      self.name = name
      self.score = score
      self.weight = weight
      self.map = map
      self.budget = budget
      self.file = file
    }
  }

  /// A test of the explanation itself.
  public struct Check: Sendable {
    public var name: String
    public var value: Double
    public var limit: Double
    public var passed: Bool
    /// One sentence: what was tested and what came out.
    public var sentence: String

    public init(name: String, value: Double, limit: Double, passed: Bool, sentence: String) {
      self.name = name
      self.value = value
      self.limit = limit
      self.passed = passed
      self.sentence = sentence
    }
  }

  /// Key and value, in the order in which they are printed: hashes, versions, kernels, the command line without paths.
  public struct Provenance: Sendable {
    public var entries: [(key: String, value: String)]

    public init(_ entries: [(key: String, value: String)]) { self.entries = entries }

    /// The first value of a key.
    public subscript(key: String) -> String? { entries.first { $0.key == key }?.value }
  }

  /// Name of the model's file, without its folder.
  public var model: String
  /// Name of the image's or tensor's file, without its folder.
  public var image: String
  /// Of all images, as the network gives them.
  public var outputs: [Output]
  /// One for each image of the batch; one, unless a tensor was given.
  public var scores: [Score]
  public var method: String
  public var methodTitle: String
  public var methodCitation: String
  /// True when everything that leads from the input to the score passes through the layer.
  public var layerIsComplete: Bool
  /// Number of channels of the layer.
  public var layerChannels: Int
  /// One for each image.
  public var maps: [AttributionMap]
  /// Without regions there is nothing in them: the budget has everything elsewhere. One for each image.
  public var budgets: [ScoreBudget]
  public var measurement: Measurement?
  public var picture: Picture?
  public var checks: [Check]
  public var warnings: [String]
  public var provenance: Provenance
  /// Without it the score is the target's value.
  public var prediction: Prediction?
  /// Of one network, or of each member; none for a tensor.
  public var inputs: [NetworkInput]
  /// Of an ensemble.
  public var members: [Member]
  /// Of the explained number.
  public var unit = Unit.points
  public var reference: Reference?
  public var landmarks: Landmarks?
  /// What is said of the network on this radiograph, unlike `checks`, which are about the map.
  public var verdicts: [Check] = []
  public var covering: Covering?
  public var otherMaps: [OtherMap] = []

  public init(
    model: String, image: String, outputs: [Output], scores: [Score], method: String, methodTitle: String, methodCitation: String,
    layerIsComplete: Bool, layerChannels: Int, maps: [AttributionMap], budgets: [ScoreBudget], measurement: Measurement?,
    picture: Picture?, checks: [Check], warnings: [String], provenance: Provenance,
    prediction: Prediction? = nil, inputs: [NetworkInput] = [], members: [Member] = []
  ) {
    self.model = model
    self.image = image
    self.outputs = outputs
    self.scores = scores
    self.method = method
    self.methodTitle = methodTitle
    self.methodCitation = methodCitation
    self.layerIsComplete = layerIsComplete
    self.layerChannels = layerChannels
    self.maps = maps
    self.budgets = budgets
    self.measurement = measurement
    self.picture = picture
    self.checks = checks
    self.warnings = warnings
    self.provenance = provenance
    self.prediction = prediction
    self.inputs = inputs
    self.members = members
  }
}
