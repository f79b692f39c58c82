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
    /// Derivative with respect to what the last activation function was given; 1 without one.
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

    public init(regions: RegionSet, focus: Focus, source: String) {
      self.regions = regions
      self.focus = focus
      self.source = source
    }
  }

  /// The radiograph and how it became the network's input.
  public struct Picture: Sendable {
    public var radiograph: Radiograph
    public var input: ModelInput
    /// Height and width of the network's input.
    public var inputSize: PixelSize

    public init(radiograph: Radiograph, input: ModelInput, inputSize: PixelSize) {
      self.radiograph = radiograph
      self.input = input
      self.inputSize = inputSize
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

  public init(
    model: String, image: String, outputs: [Output], scores: [Score], method: String, methodTitle: String, methodCitation: String,
    layerIsComplete: Bool, layerChannels: Int, maps: [AttributionMap], budgets: [ScoreBudget], measurement: Measurement?,
    picture: Picture?, checks: [Check], warnings: [String], provenance: Provenance
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
  }
}
