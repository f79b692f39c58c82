/// What an audit is made from; two stores may be joined, and one be continued, only where it is equal.
public struct StoredStudy: Hashable, Sendable {
  public struct Model: Hashable, Sendable {
    public var name, file, sha256: String
    /// Of its card; empty without one.
    public var cardSHA256: String

    public init(name: String, file: String, sha256: String, cardSHA256: String) {
      self.name = name
      self.file = file
      self.sha256 = sha256
      self.cardSHA256 = cardSHA256
    }
  }

  /// By name.
  public var settings: [String: String]
  public var models: [Model]
  /// How many images the whole study has.
  public var imageCount: Int

  public init(settings: [String: String], models: [Model], imageCount: Int) {
    self.settings = settings
    self.models = models
    self.imageCount = imageCount
  }
}

/// One radiograph with everything that was measured on it.
public struct StoredImage: Hashable, Sendable {
  /// Its place in the study, from 0.
  public var index: Int
  /// Path from the study's folder.
  public var file: String
  public var sha256: String
  public var patient, visit: String?
  public var total: Double?
  public var width, height: Int
  /// What readers gave single places.
  public var grades: [Grade]
  /// Where the scored places lie.
  public var landmarks: [Landmark]
  /// One for each model, in the order of the study.
  public var predictions: [StoredPrediction]

  public struct Grade: Hashable, Sendable {
    /// `L:MCP2.erosion`.
    public var item: String
    public var grade: Int

    public init(item: String, grade: Int) {
      self.item = item
      self.grade = grade
    }
  }

  /// The middle of a region, in pixels of the radiograph.
  public struct Landmark: Hashable, Sendable {
    /// `L:mcp2`.
    public var key: String
    public var x, y: Double

    public init(key: String, x: Double, y: Double) {
      self.key = key
      self.x = x
      self.y = y
    }
  }

  public init(
    index: Int, file: String, sha256: String, patient: String?, visit: String?, total: Double?, width: Int, height: Int, grades: [Grade] = [],
    landmarks: [Landmark] = [], predictions: [StoredPrediction]
  ) {
    self.index = index
    self.file = file
    self.sha256 = sha256
    self.patient = patient
    self.visit = visit
    self.total = total
    self.width = width
    self.height = height
    self.grades = grades
    self.landmarks = landmarks
    self.predictions = predictions
  }
}

/// What one model says of one radiograph.
public struct StoredPrediction: Hashable, Sendable {
  /// In points, after the card's post-processing.
  public var score: Double
  public var classIndex: Int?
  public var className: String?
  /// One for each method, in the order of the study.
  public var maps: [StoredMap]
  public var coverings: [StoredCovering]
  /// Of an ensemble: mean rank correlation of the members' maps, pair by pair, with the first method.
  public var memberAgreement: Double?

  public init(
    score: Double, classIndex: Int?, className: String?, maps: [StoredMap], coverings: [StoredCovering], memberAgreement: Double? = nil
  ) {
    self.score = score
    self.classIndex = classIndex
    self.className = className
    self.maps = maps
    self.coverings = coverings
    self.memberAgreement = memberAgreement
  }
}

/// A map and the budget of the score, in points.
public struct StoredMap: Hashable, Sendable {
  public var method, layer: String
  public var height, width: Int
  public var intercept, inRegions, elsewhere, residual: Double
  public var sumPositive, sumNegative, slope: Double
  /// Of the positive evidence on the radiograph, as `MapConcentration` says; absent where there is none.
  public var entropy, spread, gini: Double?
  /// The share of the positive evidence that lies in the padding.
  public var paddingMass: Double?
  /// Enrichment of the scored places in a map that knows only where the middle of the hands is.
  public var centreEnrichment: Double?
  /// The map, row by row, in points.
  public var cells: [Float]
  /// Where the map lies, in pixels of the radiograph.
  public var frame: Frame
  public var regions: [StoredRegion]

  public struct Frame: Hashable, Sendable {
    public var x, y, width, height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
  }

  public init(
    method: String, layer: String, height: Int, width: Int, intercept: Double, inRegions: Double, elsewhere: Double, residual: Double,
    sumPositive: Double, sumNegative: Double, slope: Double, entropy: Double? = nil, spread: Double? = nil, gini: Double? = nil,
    paddingMass: Double? = nil, centreEnrichment: Double? = nil, cells: [Float], frame: Frame, regions: [StoredRegion]
  ) {
    self.method = method
    self.layer = layer
    self.height = height
    self.width = width
    self.intercept = intercept
    self.inRegions = inRegions
    self.elsewhere = elsewhere
    self.residual = residual
    self.sumPositive = sumPositive
    self.sumNegative = sumNegative
    self.slope = slope
    (self.entropy, self.spread, self.gini) = (entropy, spread, gini)
    self.paddingMass = paddingMass
    self.centreEnrichment = centreEnrichment
    self.cells = cells
    self.frame = frame
    self.regions = regions
  }
}

/// The statistics of a region or a group of regions; what does not exist is absent.
public struct StoredRegion: Hashable, Sendable {
  /// `L:mcp2`, or the name of a group.
  public var key: String
  /// `group`, or the kind that the hand's vocabulary gives.
  public var kind: String
  public var pixels: Int
  public var points, pointsPositive, pointsNegative: Double
  public var mass: Double?
  public var areaShare: Double
  public var enrichment, rankAccuracy, topShare, auc, auprc, iou, ceiling: Double?
  /// The share of the radiograph's area in cells that the region reaches into.
  public var reach: Double
  public var peakInside: Bool?
  /// Mean and standard deviation of the enrichment of moved regions, and the share of those at least as high.
  public var chance, chanceDeviation, p: Double?
  /// The enrichment of each moved region, where it is kept.
  public var draws: [Double]?

  public init(
    key: String, kind: String, pixels: Int, points: Double, pointsPositive: Double, pointsNegative: Double, mass: Double?, areaShare: Double,
    enrichment: Double?, rankAccuracy: Double? = nil, topShare: Double? = nil, auc: Double? = nil, auprc: Double? = nil, iou: Double? = nil,
    ceiling: Double? = nil, reach: Double = 0, peakInside: Bool? = nil, chance: Double? = nil, chanceDeviation: Double? = nil, p: Double? = nil,
    draws: [Double]? = nil
  ) {
    self.key = key
    self.kind = kind
    self.pixels = pixels
    self.points = points
    self.pointsPositive = pointsPositive
    self.pointsNegative = pointsNegative
    self.mass = mass
    self.areaShare = areaShare
    self.enrichment = enrichment
    self.rankAccuracy = rankAccuracy
    self.topShare = topShare
    self.auc = auc
    self.auprc = auprc
    self.iou = iou
    self.ceiling = ceiling
    self.reach = reach
    self.peakInside = peakInside
    self.chance = chance
    self.chanceDeviation = chanceDeviation
    self.p = p
    self.draws = draws
  }
}

/// What happens to a score when a part of the radiograph is painted over.
public struct StoredCovering: Hashable, Sendable {
  public var key: String
  public var pixels: Int
  /// In points, of the painted radiograph.
  public var score: Double

  public init(key: String, pixels: Int, score: Double) {
    self.key = key
    self.pixels = pixels
    self.score = score
  }
}

/// A test of a model itself, made once for a study.
public struct StoredCheck: Hashable, Sendable {
  /// The name of the rule, or `weights-2/4` for a step on the way.
  public var name: String
  /// Of an ensemble, which member; else empty.
  public var member: String
  public var value: Double
  /// On how many images.
  public var images: Int
  public var sentence: String

  public init(name: String, member: String, value: Double, images: Int, sentence: String) {
    self.name = name
    self.member = member
    self.value = value
    self.images = images
    self.sentence = sentence
  }
}
