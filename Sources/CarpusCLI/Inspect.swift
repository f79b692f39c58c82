import ArgumentParser
import CarpusKit

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what an ONNX file contains: inputs, outputs, operators and which are missing, size, modules, layers to explain.",
    discussion: """
      Multiply-adds are the products that are added up: in convolutions, matrix products, attention and recurrent layers. Element-wise work \
      is not counted. Activations are the bytes of all intermediate values of the network as the file has it, and of those that are needed \
      at a time.

      A layer's stride, its receptive field and the centre of its first cell are in pixels of the input, padding included.
      """)

  @Argument(help: "The ONNX file.")
  var model: String

  @Flag(help: "One JSON object instead of text.")
  var json = false

  @Flag(help: "Lists every node: operator, name, module, results, multiply-adds, bytes.")
  var nodes = false

  @OptionGroup var shapes: ShapeOptions

  func run() throws {
    let inspection = try Inspection(path: model, shapes: try shapes.byInput())
    (json ? [inspection.json(nodes: nodes)] : inspection.lines(nodes: nodes)).forEach(Console.print)
    if !inspection.missingOperators.isEmpty { throw ExitCode(CarpusError.Code.unavailable.rawValue) }
  }
}
