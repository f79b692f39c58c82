import ArgumentParser
import CarpusKit

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scores and explains radiographs that are in the repository.",
    discussion: """
      At the top of a clone of Carpus: three phantoms (drawn, not patients) are scored by an ensemble of three small networks that were trained on \
      phantoms, and the highest score is explained joint by joint.
      """)

  @Option(help: "The folder to write into; it is made.")
  var output = "demo"

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let folder = try OutputFolder(output)
    let outcome = try Demonstration.run(in: ".", threads: compute.threads, commandLine: CommandLineText.withoutPaths())
    try Explanation.write(outcome.report, to: folder)
    outcome.scores.forEach(Console.print)
    Console.print("")
    Console.print("Where the score of \(outcome.image) comes from:")
    Explanation.summary(of: outcome.report).forEach(Console.print)
    Console.print("")
    Console.print("Everything is in \(folder.path(of: "report.html")). These are drawn hands and small networks: nothing here says anything about patients.")
  }
}
