/// The scored places of one image that readers graded, with what a map says of them.
public struct GradedJoints: Hashable, Sendable {
  public struct Joint: Hashable, Sendable {
    /// Such as `L:mcp2`.
    public let key: String
    /// Erosion and narrowing together.
    public let grade: Int
    public let points: Double

    public init(key: String, grade: Int, points: Double) {
      self.key = key
      self.grade = grade
      self.points = points
    }
  }

  public let patient: String
  public let joints: [Joint]

  public init(patient: String, joints: [Joint]) {
    self.patient = patient
    self.joints = joints
  }
}
