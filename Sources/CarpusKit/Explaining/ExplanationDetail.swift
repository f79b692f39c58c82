public import CarpusReporting

/// What is found out about an explanation beyond one map and its regions.
public struct ExplanationDetail: Sendable, Hashable {
  /// Maps of the same score by other methods, as in `MethodCatalog`.
  public var otherMethods: [String] = []
  /// Names of tensors: maps of the same score at other layers.
  public var otherLayers: [String] = []
  /// Whether each scored place, and each thing that is no part of the hand, is covered in its turn and the radiograph scored again.
  public var covers = false
  /// Whether the map is made again without a gradient, and of the radiograph moved a little and exposed otherwise.
  public var checks = false
  /// Places for each region that chance could have chosen; 0 for none.
  public var draws = 0
  /// Of these places.
  public var seed: UInt64 = 0
  public var reference: ExplanationReport.Reference?
  /// When the report is made, as it is to be printed; without it no time is, and the same inputs give the same bytes.
  public var time: String?

  public init() {}
}
