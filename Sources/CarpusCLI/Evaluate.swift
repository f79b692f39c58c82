import ArgumentParser
import CarpusKit

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares predictions with readers: correlation, error, bias, limits of agreement, classes; each with its interval.",
    discussion: """
      PREDICTIONS has the columns image, score, class and member:NAME, as `carpus score --csv` writes them; SCORES has image, patient, total \
      and class, as `carpus phantom` writes them. Rows meet by the name of the image. Without --reference the predictions have a column total.

      Intervals are percentiles of resampled patients. They depend on the seed, and on nothing else.
      """)

  @Argument(help: ArgumentHelp("Predictions (CSV).", valueName: "predictions.csv"))
  var predictions: String

  @Option(help: ArgumentHelp("What readers said (CSV).", valueName: "scores.csv"))
  var reference: String?

  @Option(help: ArgumentHelp("How often patients are resampled; 0 for no intervals.", valueName: "N"))
  var bootstrap = 2000

  @Option(help: "Of the resamples.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Edges of the severity classes, in points. (default: the ten classes 0,2,5,10,15,20,30,45,70,110,280)", valueName: "E,E,…"))
  var edges: String?

  @Flag(help: "One JSON object instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "No warnings on stderr.")
  var quiet = false

  func run() throws {
    var request = EvaluationRequest(predictions: predictions)
    request.reference = reference
    request.resamples = bootstrap
    request.seed = seed
    request.edges = try edges.map { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let edge = Double(part) else { throw ValidationError("--edges takes numbers with commas between, not '\(text)'") }
        return edge
      }
    }
    let evaluation = try Evaluation(request)
    if !quiet { evaluation.warnings.forEach(Console.warning) }
    (json ? [evaluation.json] : evaluation.lines).forEach(Console.print)
  }
}
