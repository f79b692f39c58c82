/// What a cohort says of one model with one method: everything that verdicts are made of.
public struct AuditEvidence: Sendable {
  /// One entry for each image that was scored.
  public struct Image: Hashable, Sendable {
    public let patient: String
    public let score: Double
    public let total: Double?
    /// The image's own p-value of the scored places against chance.
    public let p: Double?

    public init(patient: String, score: Double, total: Double?, p: Double?) {
      self.patient = patient
      self.score = score
      self.total = total
      self.p = p
    }
  }

  /// Regions and groups that rules ask for, by their keys.
  public static let sites = "sites", fingerJoints = "finger-joints", background = "background", confounders = "confounders"
  public static let leftSites = "L:sites", rightSites = "R:sites", marker = "marker"

  public private(set) var images: [Image] = []
  /// By key, such as `L:mcp2`, `sites`.
  public private(set) var regions: [String: RegionEvidence] = [:]
  /// By key of what was covered.
  public private(set) var coverings: [String: CoveringEvidence] = [:]
  /// Keys of single regions that may mislead, such as `marker`.
  public private(set) var confounderKeys: Set<String> = []
  /// Tests of the model itself, by name; of an ensemble those of the member that comes off worst.
  public private(set) var checks: [VerdictRule: CheckEvidence] = [:]
  /// Keys of the scored places, such as `L:mcp2`, in the order they came.
  public private(set) var siteKeys: [String] = []
  /// The graded places of each image that has some.
  public private(set) var joints: [GradedJoints] = []
  /// How concentrated the maps are, wherever.
  public private(set) var concentration = ConcentrationEvidence()
  /// Spearman's correlation of the scored places' points with what the score loses when they are covered one at a time, of each image that can have one.
  public private(set) var occlusionAgreements: [(value: Double, patient: String)] = []
  /// Of an ensemble: how far its members' maps agree, of each image.
  public private(set) var memberAgreements: [(value: Double, patient: String)] = []
  /// Positive points on the scored places of each hand, of images with both hands and such evidence.
  public private(set) var sides: [(left: Double, right: Double, patient: String)] = []
  private let resamples: Int, seed: UInt64

  public init(resamples: Int, seed: UInt64) {
    self.resamples = resamples
    self.seed = seed
  }

  public mutating func add(_ image: Image) { images.append(image) }

  public enum Kind: Sendable { case site, confounder, other }

  public mutating func add(_ reading: RegionEvidence.Reading, of key: String, _ kind: Kind = .other, patient: String) {
    if kind == .site, regions[key] == nil { siteKeys.append(key) }
    regions[key, default: RegionEvidence()].add(reading, patient: patient)
    if kind == .confounder { confounderKeys.insert(key) }
  }

  public mutating func addCovering(of key: String, _ difference: Double, patient: String) {
    coverings[key, default: CoveringEvidence()].add(difference, patient: patient)
  }

  public mutating func add(_ check: CheckEvidence, for rule: VerdictRule) {
    if let known = checks[rule], !check.isWorse(than: known, for: rule) { return }
    checks[rule] = check
  }

  public mutating func add(_ joints: GradedJoints) { if !joints.joints.isEmpty { self.joints.append(joints) } }

  public mutating func add(spread: Double?, gini: Double?, paddingMass: Double?, centreEnrichment: Double?) {
    concentration.add(spread: spread, gini: gini, paddingMass: paddingMass, centreEnrichment: centreEnrichment)
  }

  public mutating func addOcclusionAgreement(_ correlation: Double, patient: String) { occlusionAgreements.append((correlation, patient)) }
  public mutating func addMemberAgreement(_ correlation: Double, patient: String) { memberAgreements.append((correlation, patient)) }

  /// - Parameters: positive points on the scored places of each hand, where the radiograph shows it.
  public mutating func addSides(left: Double?, right: Double?, patient: String) {
    guard let left, let right, left + right > 0 else { return }
    sides.append((left, right, patient))
  }

  /// The left hand's share of the positive evidence on all places, of each image.
  var leftShares: [Double] { sides.map { $0.left / ($0.left + $0.right) } }

  /// Points of the left hand's places less those of the right hand's.
  public var leftRight: PairedDifference? {
    sides.isEmpty ? nil : PairedDifference(sides.map(\.left), sides.map(\.right), patients: sides.map(\.patient), resamples: resamples, seed: seed)
  }

  /// Statistics of the scores beside the readers' totals, in the order of `PointStatistic.allCases`; `nil` without totals.
  public var agreement: [Estimate]? {
    let read = images.filter { $0.total != nil }
    guard !read.isEmpty else { return nil }
    let sample = PointSample(reference: read.compactMap(\.total), predicted: read.map(\.score))
    return ClusterBootstrap(keys: read.map(\.patient), imageCount: read.count, resamples: resamples, seed: seed).estimates(sample.statistics)
  }

  /// Mean enrichment of a region with its interval.
  public func enrichment(of key: String) -> Estimate? {
    guard let evidence = regions[key], !evidence.enrichments.isEmpty else { return nil }
    return mean(evidence.enrichments, evidence.patients)
  }

  /// Mean size of the change of the score when a region is covered, with its interval.
  public func coveringSize(of key: String) -> Estimate? {
    coverings[key].map { mean($0.differences.map(abs), $0.patients) }
  }

  /// Mean change of the score when a region is covered, with its interval.
  public func coveringDifference(of key: String) -> Estimate? { coverings[key].map { mean($0.differences, $0.patients) } }

  public var occlusionAgreement: Estimate? { mean(occlusionAgreements) }
  public var memberAgreement: Estimate? { mean(memberAgreements) }

  private func mean(_ values: [(value: Double, patient: String)]) -> Estimate? {
    values.isEmpty ? nil : mean(values.map(\.value), values.map(\.patient))
  }

  private func mean(_ values: [Double], _ patients: [String]) -> Estimate {
    MeanEstimate.estimate(values, patients: patients, resamples: resamples, seed: seed)
  }

  /// In how many images the scored places hold more than chance at 5 %, each image by itself: of all images 5 % by chance.
  public var focusedImages: HitRate { HitRate(images.map { (isHit: $0.p.map { $0 <= 0.05 }, chance: 0.05) }) }

  /// In how many images the highest cell of the map lies on the scored places.
  public var peaks: HitRate? {
    regions[Self.sites].map { HitRate($0.peaks) }
  }

  /// Whether damaged places hold more points than undamaged ones of the same image.
  public var damageContrast: JointContrast? {
    joints.isEmpty ? nil
      : JointContrast(joints.map { $0.joints.map { JointContrast.Joint(grade: Double($0.grade), value: $0.points) } }, patients: joints.map(\.patient), resamples: resamples, seed: seed)
  }

  /// How the points of a scored place go with its grade, over the images.
  public func gradeCorrelation(of key: String) -> GradeCorrelation? {
    let own = joints.compactMap { image in image.joints.first { $0.key == key }.map { (joint: $0, patient: image.patient) } }
    guard !own.isEmpty else { return nil }
    return GradeCorrelation(
      grades: own.map { Double($0.joint.grade) }, values: own.map(\.joint.points), patients: own.map(\.patient), resamples: resamples, seed: seed)
  }

  /// Adjusted p-values of all scored places, each against chance over the cohort (`RegionEvidence.normalP`), by Holm's method.
  public var siteTests: [(key: String, p: Double?, adjusted: Double?)] {
    let values = siteKeys.map { regions[$0]?.normalP }
    return zip(zip(siteKeys, values), HolmCorrection(values).adjusted).map { (key: $0.0, p: $0.1, adjusted: $1) }
  }
}

/// How good predictions and right places go together, image by image.
public struct TrustTable: Hashable, Sendable {
  /// Within the tolerance, and focus on the scored places.
  public private(set) var trustworthy = 0
  /// Within the tolerance, without such focus.
  public private(set) var deceptive = 0
  /// Off, though the focus is right.
  public private(set) var mistaken = 0
  public private(set) var unreliable = 0
  /// Images without a total or without a p-value.
  public private(set) var leftOut = 0
  /// Largest error that is acceptable, in points.
  public let tolerance: Double
  /// Largest p-value that counts as focus.
  public let level: Double

  public init(_ images: [AuditEvidence.Image], tolerance: Double = 10, level: Double = 0.05) {
    self.tolerance = tolerance
    self.level = level
    for image in images {
      guard let total = image.total, let p = image.p else {
        leftOut += 1
        continue
      }
      switch (abs(image.score - total) <= tolerance, p <= level) {
      case (true, true): trustworthy += 1
      case (true, false): deceptive += 1
      case (false, true): mistaken += 1
      case (false, false): unreliable += 1
      }
    }
  }
}
