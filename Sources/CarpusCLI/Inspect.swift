import ArgumentParser
import CarpusKit
import CarpusTensors

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what an ONNX file contains: inputs, outputs, operators and which are missing, size, layers to explain.")

  @Argument(help: "The ONNX file.")
  var model: String

  @Flag(help: "One JSON object instead of text.")
  var json = false

  @Option(parsing: .singleValue, help: ArgumentHelp("Shape of an input, where the file leaves it open.", valueName: "NAME=1x3x512x512"))
  var shape: [String] = []

  func run() throws {
    let shapes = try ShapeArguments.read(shape)
    let inspection = try Inspection(path: model, shapes: shapes)
    (json ? [inspection.json] : inspection.lines).forEach(Console.print)
    if !inspection.missingOperators.isEmpty { throw ExitCode(CarpusError.Code.unavailable.rawValue) }
  }
}

/// `NAME=1x3x512x512` arguments.
enum ShapeArguments {
  static func read(_ arguments: [String]) throws -> [String: Shape] {
    var shapes: [String: Shape] = [:]
    for argument in arguments {
      guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex else {
        throw ValidationError("--shape is NAME=1x3x512x512, not '\(argument)'")
      }
      let extents = argument[argument.index(after: equals)...].lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      let known = extents.compactMap { $0 }
      guard known.count == extents.count, let shape = Shape(checking: known) else {
        throw ValidationError("--shape is NAME=1x3x512x512, not '\(argument)'")
      }
      shapes[String(argument[..<equals])] = shape
    }
    return shapes
  }
}
