import CarpusAnatomy
import CarpusImaging
public import CarpusReporting

/// The main job on what is in the repository: phantoms are scored by an ensemble of networks, and the highest score is explained joint by joint.
public enum Demonstration {
  /// Folders of the repository, from its top.
  static let ensemble = "Fixtures/Models/ensemble.json", cohort = "Fixtures/Demo"

  /// What was scored and explained.
  public struct Outcome: Sendable {
    /// The scores as a table.
    public let scores: [String]
    /// File name of the radiograph that is explained.
    public let image: String
    public let report: ExplanationReport
  }

  /// - Parameter root: the top of the repository.
  /// - Throws: `CarpusError` 66 where that is not the repository.
  public static func run(in root: String, threads: Int, commandLine: String) throws(CarpusError) -> Outcome {
    let folder = root + "/" + cohort + "/images/"
    let images = ["000001.png", "000002.png", "000003.png"]
    guard (try? FileReading.read(folder + images[0], maximumByteCount: FileReading.maximumByteCount)) != nil else {
      throw CarpusError(.noInput, "the demonstration needs the files of the repository: run it at the top of a clone of Carpus, where \(cohort) is")
    }
    let scorer = try Scorer(path: root + "/" + ensemble)
    let scores = try scorer.scores(of: images.map { folder + $0 }, threads: threads)
    let highest = scores.indices.max { (scores[$0].score ?? 0) < (scores[$1].score ?? 0) } ?? 0
    var detail = ExplanationDetail()
    detail.draws = 200
    let request = ExplanationRequest(
      subject: .image(path: folder + images[highest], regions: root + "/" + cohort + "/regions.coco.json"), selection: .sites, threads: threads,
      commandLine: commandLine, detail: detail)
    return Outcome(
      scores: ScoreListing.lines(scores, of: scorer), image: images[highest],
      report: try Explanation.report(ofModelAt: root + "/" + ensemble, request))
  }
}
