import ArgumentParser
import CarpusKit

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times one image.",
    discussion: "After a warm-up, milliseconds of a run (with --explain, of a run and the raw map), of loading, and the largest memory of the process.")

  @Argument(help: "The ONNX file.")
  var model: String

  @Option(help: "Number of threads.")
  var threads = 1

  @Option(help: "Number of timed runs.")
  var runs = 10

  @Option(help: ArgumentHelp("Times an explanation by this method.", valueName: "method"))
  var explain: String?

  @Flag(help: "Times a run and the gradient of the first output's first element with respect to the first input.")
  var gradient = false

  @Flag(help: "Kernels whose roundings are those of plain sums; without Winograd's.")
  var strict = false

  @Flag(help: "Adds what each node takes: milliseconds, billions of multiplications and additions in a second, operator, method, result, name.")
  var profile = false

  @OptionGroup var shapes: ShapeOptions

  @Flag(help: "One JSON object instead of text.")
  var json = false

  func validate() throws {
    guard (1...1024).contains(threads), (1...100_000).contains(runs) else {
      throw ValidationError("--threads must be between 1 and 1024, and --runs between 1 and 100000")
    }
    guard explain == nil || !(gradient || strict || profile) else {
      throw ValidationError("--gradient, --strict and --profile stand without --explain")
    }
  }

  func run() throws {
    let benchmark = try Benchmark(
      path: model, shapes: try shapes.byInput(), threads: threads, runs: runs, method: explain, differentiating: gradient, strict: strict,
      profiling: profile)
    (json ? [benchmark.json] : benchmark.lines).forEach(Console.print)
  }
}
