import ArgumentParser
import CarpusTensors

/// The shapes of inputs, for the verbs that bring no tensors.
struct ShapeOptions: ParsableArguments {
  @Option(parsing: .singleValue, help: ArgumentHelp("Shape of an input, where the file leaves it open.", valueName: "NAME=1x3x512x512"))
  var shape: [String] = []

  func byInput() throws -> [String: Shape] {
    var shapes: [String: Shape] = [:]
    for argument in shape {
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
