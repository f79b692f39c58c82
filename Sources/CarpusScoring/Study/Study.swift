/// What an audit is made of: `study.json`, schema `carpus-study/1`. Paths are relative to the file, and never lead out of its folder.
public struct Study: Hashable, Sendable {
  public struct Model: Hashable, Sendable {
    /// An ONNX file, or an ensemble file.
    public let path: String
    /// The card beside the model without it.
    public let card: String?
    /// What the model is called; the file's name without its extension where nothing is said.
    public let name: String?
  }

  public struct Image: Hashable, Sendable {
    public let path: String
    public let patient: String?
    public let visit: String?
    /// The readers' total, in points.
    public let total: Double?
    /// Grades of single places, where the file has them.
    public let grades: [SvdHItem: Int]
    /// A region file of this radiograph alone.
    public let regions: String?
  }

  public let title: String
  /// May be empty: models can be named when the audit is run.
  public let models: [Model]
  /// At least one; no path occurs twice.
  public let images: [Image]
  /// The regions of all radiographs.
  public let regions: String?
  /// A table of grades, as `carpus phantom` writes it.
  public let scores: String?
  /// Names of attribution methods; empty for the default.
  public let methods: [String]
  /// What is done beside measuring maps.
  public let checks: Set<StudyCheck>
  public let seed: UInt64
  /// How many places each region is moved to for its chance level.
  public let draws: Int
  /// How often patients are resampled for intervals.
  public let resamples: Int
  public let rules: VerdictRules

  public static let schema = "carpus-study/1"
  /// 64 MB.
  public static let maximumByteCount = 64_000_000
  public static let maximumImageCount = 1_000_000
  static let maximumModelCount = 64
  static let maximumDraws = 10_000
  static let maximumResamples = 100_000
}

/// What an audit does beside measuring maps.
public enum StudyCheck: String, Hashable, Sendable, CaseIterable {
  /// What may mislead, the background and all scored places are covered, one after the other, and the radiograph scored again.
  case covering
  /// The same with each scored place by itself: some forty scores more for each radiograph and model.
  case siteCovering = "site-covering"
  /// Of some radiographs, maps are made again with weights drawn at random.
  case weights
  /// Of a few radiographs, maps are made again without a gradient.
  case withoutGradient = "without-gradient"
  /// Of a few radiographs, maps are made again after small shifts and changes of the exposure.
  case repeatability

  /// All but the one that takes far longer than the rest.
  public static let standard: Set<StudyCheck> = Set(allCases).subtracting([.siteCovering])
}
