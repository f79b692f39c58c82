import ArgumentParser
import CarpusKit

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a network, folded or with gradients as further outputs, as an ONNX file.",
    discussion: """
      Nodes of the file are written as they are. Gradients are written in operators of ONNX; their outputs are called gradient.TENSOR. What has no form \
      in ONNX is refused, with the exit code 69.
      """)

  @Argument(help: "The ONNX file.")
  var model: String

  @Option(help: ArgumentHelp("The file to write.", valueName: "FILE.onnx"))
  var output: String

  @Flag(help: "Make batch normalisations part of the convolutions before them.")
  var fold = false

  @OptionGroup var shapes: ShapeOptions

  @Option(help: ArgumentHelp("What is differentiated; the index counts along the last axis.", valueName: "OUTPUT[:INDEX]"))
  var gradientOf: String?

  @Option(parsing: .singleValue, help: ArgumentHelp("An input or any other tensor of the file.", valueName: "tensor"))
  var withRespectTo: [String] = []

  @Option(parsing: .singleValue, help: ArgumentHelp("An output of the new file: any tensor of the file. All outputs without it.", valueName: "tensor"))
  var outputs: [String] = []

  @Flag(help: "Put the weights into FILE.onnx.data. Weights of more than 1 GiB go there in any case.")
  var external = false

  @Flag(name: .shortAndLong, help: "No warnings on stderr.")
  var quiet = false

  func validate() throws {
    guard (gradientOf == nil) == withRespectTo.isEmpty else { throw ValidationError("--gradient-of and --with-respect-to need each other") }
    guard !output.isEmpty, !output.hasSuffix("/") else { throw ValidationError("--output is a file: FILE.onnx") }
  }

  func run() throws {
    let model = try Model(path: model, composes: gradientOf != nil)
    if !quiet { model.warnings.forEach(Console.warning) }
    var request = ExportRequest()
    request.shapes = try shapes.byInput()
    request.outputs = outputs
    request.folds = fold
    request.target = gradientOf.map { TargetName($0, in: model.graph) }
    request.sources = withRespectTo
    request.isExternal = external
    let summary = try model.export(request, to: output)
    let rows = summary.inputs.map { ["input", $0.name, "\($0.type)"] } + summary.outputs.map { ["output", $0.name, "\($0.type)"] }
    AlignedTable.lines(rows).forEach(Console.print)
    Console.print("\(summary.nodeCount) nodes" + (summary.dataFile.map { ", weights in \($0)" } ?? ""))
  }
}
