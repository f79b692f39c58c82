public import CarpusImaging
public import CarpusScoring

/// What all images of a cohort have in common.
public struct PhantomOptions: Sendable, Hashable {
  public enum Hands: String, Sendable, Hashable, CaseIterable {
    case left, right, both
  }

  /// How the laterality marker goes with the patient's score.
  public enum MarkerHabit: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case independent
    /// A shortcut for tests of audits: its style gives the severity away.
    case followsScore = "follows-score"
  }

  public var seed: UInt64
  public var hands: Hands
  public var size: PixelSize
  /// Significant bits of a sample, 8…16.
  public var bitDepth: Int
  /// Bone dark on a bright ground.
  public var isInverted: Bool
  public var nuisances: Set<Nuisance>
  public var markerHabit: MarkerHabit
  /// Grades that are set rather than drawn.
  public var grades: [SvdHItem: Int]

  public init(
    seed: UInt64 = 1, hands: Hands = .both, size: PixelSize = PixelSize(width: 1024, height: 1024), bitDepth: Int = 16,
    isInverted: Bool = false, nuisances: Set<Nuisance> = Set(Nuisance.allCases), markerHabit: MarkerHabit = .independent,
    grades: [SvdHItem: Int] = [:]
  ) {
    self.seed = seed
    self.hands = hands
    self.size = size
    self.bitDepth = bitDepth
    self.isInverted = isInverted
    self.nuisances = nuisances
    self.markerHabit = markerHabit
    self.grades = grades
  }
}
