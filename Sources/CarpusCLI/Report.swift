import ArgumentParser
import CarpusKit

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the pages of an audit again, from what is stored in its folder.",
    discussion: """
      index.html and audit-card.md are made from audit.sqlite alone. Pages of single radiographs need the radiographs and the models: name the study, and the \
      models that the audit was given beside it. What is there already is linked.
      """)

  @Argument(help: ArgumentHelp("The folder of an audit, or of shards that were merged.", valueName: "DIR"))
  var folder: String

  @Option(help: ArgumentHelp("The study of the audit, for pages of single radiographs.", valueName: "STUDY.json"))
  var study: String?

  @Option(name: .customLong("model"), help: ArgumentHelp("A model that the audit was given beside those of the study; may be repeated.", valueName: "FILE"))
  var models: [String] = []

  @Option(help: ArgumentHelp("How many radiographs get a page of their own, the most suspicious first.", valueName: "N|all|none"))
  var pages = PageChoice.worst(10)

  @Flag(help: "The charts as SVG and PNG, too, for papers.")
  var figures = false

  func validate() throws {
    guard models.isEmpty || study != nil else { throw ValidationError("--model needs --study") }
  }

  func run() throws {
    let request = study.map { study in
      var request = AuditRequest(study: study, models: models, output: folder)
      request.pages = pages
      return request
    }
    for file in try AuditReport.write(folder, pages: request, hasFigures: figures) { Console.print(file) }
  }
}
