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

  @Flag(help: "Drafts the model card instead (JSON): what the file knows is filled in, what must be decided says \"decide\".")
  var card = false

  @Flag(help: "Lists every node: operator, name, module, results, multiply-adds, bytes.")
  var nodes = false

  @OptionGroup var shapes: ShapeOptions

  func validate() throws {
    guard !card || !(json || nodes || !shapes.shape.isEmpty) else { throw ValidationError("--card stands alone") }
  }

  func run() throws {
    if card { return Console.print(try CardDraft.text(ofModelAt: model)) }
    let inspection = try Inspection(path: model, shapes: try shapes.byInput())
    (json ? [inspection.json(nodes: nodes)] : inspection.lines(nodes: nodes)).forEach(Console.print)
    if !inspection.missingOperators.isEmpty { throw ExitCode(CarpusError.Code.unavailable.rawValue) }
  }
}
