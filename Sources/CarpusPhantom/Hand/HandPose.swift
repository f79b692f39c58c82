import CarpusScoring

internal import CarpusAnatomy

/// How a hand lies on the plate: directions in degrees from the hand's y towards the thumb.
struct HandPose: Sendable {
  /// Of each ray's segments: metacarpal, proximal, middle (not for the thumb), distal.
  let directions: [[Double]]
  /// Turn of the forearm.
  let forearm: Double

  init(side: Laterality, seed: UInt64, patient: Int) {
    var stream = RandomStream(seed: seed, index: patient, "pose.\(side.rawValue)")
    func bounded(_ deviation: Double) -> Double { min(2, max(-2, stream.normal())) * deviation }
    let spread = stream.uniform(0.55...1.25)
    let lean = bounded(2)
    let thumb = stream.uniform(26...48)
    let metacarpals = [thumb, 9.5, 1.5, -5, -11]
    let fan = [0, 5.5, -1.5, -10.5, -22]
    var directions: [[Double]] = []
    for ray in 0..<5 {
      if ray == 0 {
        let proximal = thumb + bounded(6) - 2
        directions.append([thumb, proximal, proximal + 4 + bounded(6)])
      } else {
        let metacarpal = metacarpals[ray] + bounded(0.6)
        let proximal = fan[ray] * spread + lean + 1.5 + bounded(1.6)
        let middle = proximal * 0.97 + bounded(1.8)
        directions.append([metacarpal, proximal, middle, middle + bounded(2.2)])
      }
    }
    self.directions = directions
    forearm = bounded(3)
  }
}
