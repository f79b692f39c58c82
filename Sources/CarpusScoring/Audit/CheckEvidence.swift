/// A test of a model itself that was made on some images of a study.
public struct CheckEvidence: Hashable, Sendable {
  public let value: Double
  public let images: Int
  /// Of an ensemble, the member; else empty.
  public let member: String
  /// What was found, without a full stop.
  public let sentence: String

  public init(value: Double, images: Int, member: String, sentence: String) {
    self.value = value
    self.images = images
    self.member = member
    self.sentence = sentence
  }

  func isWorse(than other: CheckEvidence, for rule: VerdictRule) -> Bool { rule.passesAbove ? value < other.value : value > other.value }
}

extension VerdictRule {
  /// Whether a check passes at its limit and above it, rather than below.
  var passesAbove: Bool {
    switch self {
    case .withoutGradient, .repeatability: true
    case .agreement, .sites, .fingerJoints, .background, .confounders, .marker, .otherConfounders, .leftRight, .damage, .weights: false
    }
  }
}
