import ArgumentParser
import CarpusKit

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scores radiographs in points, with severity classes; of an ensemble each member's score too.",
    discussion: """
      How a radiograph becomes the network's input and what its output means stands in its model card, MODEL.card.json; see \
      Docs/Model-cards.md. `carpus inspect MODEL --card` drafts one. Without a card the options below say it, and what they do not say is \
      assumed with a warning. Options that say it beside a card are refused.

      --csv has the columns image, score, class (its index from 0), then member:NAME for each member. Nothing is printed unless all \
      radiographs could be scored.
      """)

  @Argument(help: "The ONNX file, or an ensemble file (.json).")
  var model: String

  @Option(parsing: .upToNextOption, help: "Radiographs (PNG).")
  var image: [String]

  @Flag(help: "One JSON object instead of a table.")
  var json = false

  @Flag(help: "Comma-separated values instead of a table.")
  var csv = false

  @OptionGroup(title: "What the model means") var modelOptions: ModelOptions
  @OptionGroup(title: "Preparing the radiograph, without a card") var preparation: PreparationOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard !image.isEmpty else { throw ValidationError("--image needs at least one radiograph") }
    guard !(json && csv) else { throw ValidationError("give either --json or --csv") }
  }

  func run() throws {
    let scorer = try Scorer(path: model, use: try modelOptions.use(preparation))
    let scores = try scorer.scores(of: image, threads: compute.threads) { count in
      // Few enough lines for a log, the last one included.
      if !compute.quiet, image.count > 20, count % 100 == 0 || count == image.count { Console.progress("\(count) of \(image.count) radiographs scored") }
    }
    if !compute.quiet { (scorer.warnings + scores.flatMap(\.warnings)).forEach(Console.warning) }
    if json {
      Console.print(ScoreListing.json(scores, of: scorer))
    } else if csv {
      Console.write(ScoreListing.csv(scores, of: scorer))
    } else {
      ScoreListing.lines(scores, of: scorer).forEach(Console.print)
    }
  }
}
