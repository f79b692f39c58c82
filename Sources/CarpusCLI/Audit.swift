public import ArgumentParser
public import CarpusKit
import CarpusScoring
import Foundation

struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Audits models on a cohort: agreement with readers, focus on joints against chance, what happens when parts are covered, and verdicts.",
    discussion: """
      STUDY is a carpus-study/1 file, such as `carpus phantom` writes. The folder gets audit.sqlite with every number, images.csv, regions.csv, junit.xml, \
      verdicts.sarif, index.html, audit-card.md, pages of single radiographs in images/ and, last of all, summary.json. An audit that was stopped or killed goes on with --resume, to the same bytes.

      Rules: \(VerdictRule.allCases.map(\.rawValue).joined(separator: ", ")). Docs/Audit.md explains them. Exit code 1: a rule of --fail-on failed.
      """)

  @Argument(help: ArgumentHelp("The study (JSON).", valueName: "study.json"))
  var study: String

  @Option(name: .customLong("model"), help: ArgumentHelp("A model beside those of the study, its card beside it; may be repeated.", valueName: "FILE"))
  var models: [String] = []

  @Option(help: "The folder to write into; it is made.")
  var output: String

  @Flag(help: "Goes on with an audit that was stopped.")
  var resume = false

  @Option(help: ArgumentHelp("Only every N-th image, beginning with the I-th; `carpus merge` joins the shards.", valueName: "I/N"))
  var shard: String?

  @OptionGroup var judging: JudgingOptions

  @Option(help: ArgumentHelp("How many radiographs get a page of their own, the most suspicious first.", valueName: "N|all|none"))
  var pages = PageChoice.worst(10)

  @Option(help: "Number of threads. The results do not depend on it. (default: all cores; 1 with --shard)")
  var threads: Int?

  @Flag(name: .shortAndLong, help: "No progress and no warnings on stderr.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be between 1 and 1024") }
  }

  func run() throws {
    var request = AuditRequest(study: study, models: models, output: output)
    request.resumes = resume
    request.shard = try shard.map { text in
      guard let shard = AuditRequest.Shard(text) else { throw ValidationError("--shard is I/N with 1 ≤ I ≤ N, e.g. 2/8, not '\(text)'") }
      return shard
    }
    request.pages = pages
    request.threads = threads ?? (shard == nil ? ProcessInfo.processInfo.activeProcessorCount : 1)
    let rules = try judging.rules()
    Interruption.watch()
    var last = Date.distantPast
    let outcome = try CarpusKit.Audit.run(request, isStopped: { Interruption.signal != nil }) { done, count in
      guard !quiet, done == count || -last.timeIntervalSinceNow > 2 else { return }
      last = Date()
      Console.progress("\(done) of \(count) images")
    }
    guard let outcome else {
      if !quiet { Console.progress("stopped; --resume goes on") }
      throw ExitCode(128 + (Interruption.signal ?? SIGINT))
    }
    try judging.report(outcome, rules, quiet: quiet)
  }
}

extension PageChoice: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String {
    switch self {
    case .none: "none"
    case .all: "all"
    case .worst(let count): String(count)
    }
  }
}

/// Which verdicts decide the exit code.
struct JudgingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Rules whose failure gives exit code 1: names with commas between.", valueName: "all|none|RULES"))
  var failOn = "all"

  func rules() throws -> Set<VerdictRule> {
    switch failOn {
    case "all": return Set(VerdictRule.allCases)
    case "none": return []
    default:
      return Set(try failOn.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let rule = VerdictRule(rawValue: String(name)) else {
          throw ValidationError("--fail-on: there is no rule '\(name)'; there are \(VerdictRule.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return rule
      })
    }
  }

  func report(_ outcome: CarpusKit.Audit.Outcome, _ rules: Set<VerdictRule>, quiet: Bool) throws {
    if !quiet { outcome.warnings.forEach(Console.warning) }
    outcome.lines.forEach(Console.print)
    if !outcome.failed.isDisjoint(with: rules) { throw ExitCode(1) }
  }
}
