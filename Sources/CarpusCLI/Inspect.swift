import ArgumentParser
import CarpusKit

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what an ONNX file contains: inputs, outputs, operators and which are missing, size, layers to explain.")

  @Argument(help: "The ONNX file.")
  var model: String

  @Flag(help: "One JSON object instead of text.")
  var json = false

  @OptionGroup var shapes: ShapeOptions

  func run() throws {
    let inspection = try Inspection(path: model, shapes: try shapes.byInput())
    (json ? [inspection.json] : inspection.lines).forEach(Console.print)
    if !inspection.missingOperators.isEmpty { throw ExitCode(CarpusError.Code.unavailable.rawValue) }
  }
}
