import ArgumentParser
import CarpusKit
import Foundation

@main
struct Carpus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "carpus",
    abstract: "Runs a network from an ONNX file, explains its scores, and says in numbers where they come from.",
    discussion: """
      Research software, not a medical device.

      Exit codes: 0 done; 1 done, but a check that was asked for failed; 64 usage; 65 bad data; 66 no input; 69 unsupported operator, \
      codec or feature; 70 a mistake of ours; 73 cannot create; 74 input/output; 130 and 143 interrupted.
      """,
    version: Version.number,
    subcommands: [Demo.self, Inspect.self, Run.self, Gradient.self, Explain.self, Score.self, Evaluate.self, Audit.self, Merge.self, Report.self, Verify.self, Phantom.self, Regions.self, Export.self, Bench.self, Operators.self, Conformance.self])

  /// Errors become one sentence on stderr and an exit code; help and version go to stdout.
  static func main() {
    // A reader that went away is an error of writing, not a signal.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as CarpusError {
      Console.error(error.message)
      Foundation.exit(error.code.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}

/// What every verb that computes takes.
struct ComputeOptions: ParsableArguments {
  @Option(help: "Number of threads. The results do not depend on it.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .shortAndLong, help: "No progress and no warnings on stderr.")
  var quiet = false

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads must be between 1 and 1024") }
  }
}
