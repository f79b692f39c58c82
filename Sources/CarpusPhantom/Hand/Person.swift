import CarpusScoring

/// What a patient's two hands have in common.
public struct Person: Sendable, Hashable {
  /// Years.
  public let age: Double
  public let isFemale: Bool
  /// The hand's size, 1 for the mean of both sexes.
  public let scale: Double
  /// The bones' width by their length, 1 on the average.
  public let breadth: Double
  /// The thickness of soft tissue by the hand's size, 1 on the average.
  public let fullness: Double
  /// Mass of bone, 1 on the average at 35 years; falls with age, faster in women after 50.
  public let mineral: Double
  /// Small deviations of single lengths and shapes, standard normal.
  let traits: [Float]

  /// Person `patient` of a cohort with `seed`.
  public init(seed: UInt64, patient: Int) {
    var stream = RandomStream(seed: seed, index: patient, "person")
    isFemale = stream.chance(0.68)
    age = min(85, max(20, stream.normal(54, 14)))
    scale = (isFemale ? 0.965 : 1.045) * (1 + 0.045 * min(2.5, max(-2.5, stream.normal())))
    breadth = (isFemale ? 0.975 : 1.03) * (1 + 0.045 * min(2.5, max(-2.5, stream.normal())))
    fullness = min(1.3, max(0.85, stream.normal(1.02, 0.08)))
    let loss = max(0, age - 35) * 0.004 + (isFemale ? max(0, age - 50) * 0.005 : 0)
    mineral = min(1.2, max(0.6, 1 - loss + stream.normal(0, 0.07)))
    traits = (0..<48).map { _ in Float(min(2.5, max(-2.5, stream.normal()))) }
  }
}
