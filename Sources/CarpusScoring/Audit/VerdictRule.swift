/// A question that an audit answers with yes or no. `Docs/Audit.md` explains the limits.
public enum VerdictRule: String, Hashable, Sendable, CaseIterable {
  /// Do the scores follow the readers'? Pearson's correlation; the lower end of its interval lies above the limit.
  case agreement
  /// Is there more positive evidence on the scored places than if these lay elsewhere in the hand? p at most the limit.
  case sites
  /// The same of the joints of the fingers.
  case fingerJoints = "finger-joints"
  /// Is the background, for its area, looked at less than the rest? The mean enrichment is at most the limit.
  case background
  /// Are markers, borders and the like, for their area, looked at more than the rest? The mean enrichment is at most the limit.
  case confounders
  /// Does the score depend on the side marker? Mean size of the change when it is covered, in points, at most the limit.
  case marker
  /// The same of all else that may mislead, each for itself.
  case otherConfounders = "other-confounders"
  /// Do both hands count? The share of the left hand's places in the positive evidence of all places is within the limit of one half.
  case leftRight = "left-right"
  /// Do damaged places hold more points than undamaged ones of the same radiograph? p at most the limit.
  case damage
  /// Does the map depend on what the network has learnt? |Spearman| with maps of weights that were drawn again, less the 95th percentile of pairs of
  /// unrelated images, at most the limit.
  case weights
  /// Does a map without any gradient agree? Lowest Spearman, at least the limit.
  case withoutGradient = "without-gradient"
  /// Does the map stay when the hand is moved a little? Lowest Spearman, at least the limit.
  case repeatability

  public var limit: Double {
    switch self {
    case .agreement: 0
    case .sites, .fingerJoints, .damage: 0.05
    case .background: 1
    case .confounders: 2
    case .marker, .otherConfounders: 3
    case .leftRight: 0.25
    case .weights: 0
    case .withoutGradient, .repeatability: 0.7
    }
  }
}

/// The rules of an audit with their limits; one that is left out is not judged.
public struct VerdictRules: Hashable, Sendable {
  private var limits: [VerdictRule: Double]

  /// All rules with their own limits.
  public init() { limits = Dictionary(uniqueKeysWithValues: VerdictRule.allCases.map { ($0, $0.limit) }) }

  public subscript(rule: VerdictRule) -> Double? {
    get { limits[rule] }
    set { limits[rule] = newValue }
  }
}

/// The answer to a rule.
public struct Verdict: Hashable, Sendable {
  public enum Outcome: String, Hashable, Sendable {
    case passed, failed
    /// The study does not hold what the rule needs.
    case skipped
  }

  public let rule: VerdictRule
  /// What is compared with the limit; absent where it does not exist.
  public let value: Double?
  public let limit: Double
  public let outcome: Outcome
  /// What was asked and what came out.
  public let sentence: String

  public init(_ rule: VerdictRule, value: Double?, limit: Double, _ outcome: Outcome, _ sentence: String) {
    self.rule = rule
    self.value = value
    self.limit = limit
    self.outcome = outcome
    self.sentence = sentence
  }
}
