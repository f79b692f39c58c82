import ArgumentParser
import CarpusKit

struct Operators: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Lists the operators that are available: domain, versions, treatment of elements, gradient.")

  @Flag(help: "A table for a document.")
  var markdown = false

  @Flag(help: "One JSON object.")
  var json = false

  func validate() throws {
    guard !(markdown && json) else { throw ValidationError("give either --markdown or --json") }
  }

  func run() {
    if json {
      Console.print(OperatorListing.json)
    } else if markdown {
      OperatorListing.markdown.forEach(Console.print)
    } else {
      AlignedTable.lines(OperatorListing.rows).forEach(Console.print)
    }
  }
}
