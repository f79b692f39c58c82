/// What is to be audited, and where the results go.
public struct AuditRequest: Sendable {
  /// Every `count`-th image, beginning with number `index`, from 1.
  public struct Shard: Sendable, Hashable {
    public let index, count: Int

    /// From `2/8`.
    ///
    /// - Returns: `nil` for anything else.
    public init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let index = parts[0], let count = parts[1], (1...100_000).contains(count), (1...count).contains(index) else {
        return nil
      }
      (self.index, self.count) = (index, count)
    }
  }

  /// A `carpus-study/1` file.
  public var study: String
  /// Beside those of the study: paths of ONNX files with their cards beside them.
  public var models: [String]
  public var output: String
  /// Whether an audit that was stopped goes on.
  public var resumes = false
  public var shard: Shard?
  public var threads = 1
  /// How many images get a page of their own; none of a shard.
  public var pages = PageChoice.none

  public init(study: String, models: [String], output: String) {
    self.study = study
    self.models = models
    self.output = output
  }
}
