/// By how much a score changes when a part of the radiograph is painted over. Takes images one after the other.
public struct CoveringEvidence: Hashable, Sendable {
  /// Score before less score after, in points, of each image that has the region: positive where the region raises the score.
  public private(set) var differences: [Double] = []
  public private(set) var patients: [String] = []

  public init() {}

  public mutating func add(_ difference: Double, patient: String) {
    differences.append(difference)
    patients.append(patient)
  }

  public var mean: Double? { differences.isEmpty ? nil : differences.reduce(0, +) / Double(differences.count) }
  public var meanSize: Double? { differences.isEmpty ? nil : differences.reduce(0) { $0 + abs($1) } / Double(differences.count) }
}
