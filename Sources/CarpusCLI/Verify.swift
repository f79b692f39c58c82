import ArgumentParser
import CarpusKit

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recomputes hashes and numbers of an audit or an explanation, and says which differ.",
    discussion: """
      Of an audit: every file is made again from audit.sqlite and compared; the parts of each score are added up. With the study, the hashes of all radiographs and \
      models are compared, and some radiographs are measured again. Of an explanation: sums, table, map and page are compared with explanation.json, and with \
      --model and --image their hashes. Exit code 1: something differs.
      """)

  @Argument(help: ArgumentHelp("The folder of an audit or of an explanation.", valueName: "PATH"))
  var path: String

  @Option(help: ArgumentHelp("The study of the audit.", valueName: "STUDY.json"))
  var study: String?

  @Option(name: .customLong("model"), help: ArgumentHelp("A model that the audit was given beside those of the study, or the model of the explanation; may be repeated.", valueName: "FILE"))
  var models: [String] = []

  @Option(help: "The radiograph of the explanation.")
  var image: String?

  @Option(help: "How many radiographs of the study are measured again.")
  var sample = 3

  func validate() throws {
    guard (0...1_000_000).contains(sample) else { throw ValidationError("--sample is 0…1000000") }
  }

  func run() throws {
    let findings = try Verification.findings(path, VerificationFiles(study: study, models: models, image: image, sample: sample))
    for finding in findings { Console.print("\(finding.isSame ? "same   " : "DIFFERS") \(finding.subject): \(finding.sentence)") }
    guard findings.allSatisfy(\.isSame) else { throw ExitCode(1) }
  }
}
