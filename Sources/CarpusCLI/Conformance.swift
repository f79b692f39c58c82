import ArgumentParser
import CarpusKit
import Foundation

struct Conformance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs test cases laid out as ONNX's backend suite.",
    discussion: """
      A case is a folder with a model.onnx, test_data_set_0/input_0.pb … and test_data_set_0/output_0.pb …. Each case that fails is printed with its reason; \
      the last line is 'passed N of M'. The exit code is 1 if one fails that --known does not list.
      """)

  @Argument(help: ArgumentHelp("The folder that the cases lie in, at any depth.", valueName: "dir"))
  var folder: String

  @Option(help: ArgumentHelp("Only cases whose path matches this regular expression.", valueName: "regex"))
  var only: String?

  @Option(help: ArgumentHelp("Where to write the outcome as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Cases that are known not to pass, one 'CASE: REASON' a line. Others that fail, and listed ones that pass, are mistakes.", valueName: "file"))
  var known: String?

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let known = try known.map { try KnownFailures(path: $0) }
    let suite = try ConformanceSuite(folder: folder, pattern: only)
    var outcomes: [ConformanceSuite.Outcome] = []
    for name in suite.cases {
      let outcome = suite.run(name, threads: compute.threads)
      if let reason = outcome.reason { Console.print("\(name): \(reason)") }
      outcomes.append(outcome)
    }
    if let json { try ConformanceSuite.write(outcomes, to: json) }
    let surprises = only == nil ? known?.surprises(in: outcomes) : nil
    surprises?.forEach { Console.error($0) }
    let passed = outcomes.count { $0.reason == nil }
    Console.print("passed \(passed) of \(outcomes.count)")
    guard surprises?.isEmpty ?? (passed == outcomes.count) else { throw ExitCode(1) }
  }
}
