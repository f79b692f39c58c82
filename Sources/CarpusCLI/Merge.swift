import ArgumentParser
import CarpusKit

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Joins the shards of an audit, and judges the whole.",
    discussion: "The bytes do not depend on how many shards there were, nor on their order; they are those of an audit in one piece.")

  @Argument(help: "Folders of the shards.")
  var folders: [String]

  @Option(help: "The folder to write into; it is made.")
  var output: String

  @OptionGroup var judging: JudgingOptions

  @Flag(name: .shortAndLong, help: "No warnings on stderr.")
  var quiet = false

  func run() throws {
    let rules = try judging.rules()
    try judging.report(try CarpusKit.Audit.merge(folders, to: output), rules, quiet: quiet)
  }
}
