import ArgumentParser
import CarpusKit
import CarpusTensors

/// What the verbs take that read tensors and write tensors.
struct TensorOptions: ParsableArguments {
  @Argument(help: "The ONNX file.")
  var model: String

  @Option(parsing: .singleValue, help: ArgumentHelp("An input; the name may be left out if there is only one.", valueName: "[NAME=]FILE.npy"))
  var input: [String] = []

  @Option(help: "The folder to write into; it is made.")
  var outputDir: String

  @OptionGroup var compute: ComputeOptions

  /// The model, its inputs and the folder, all read and checked before anything is computed.
  func opened() throws -> (model: Model, inputs: [String: Tensor], folder: OutputFolder) {
    let model = try Model(path: model)
    if !compute.quiet { model.warnings.forEach(Console.warning) }
    let folder = try OutputFolder(outputDir)
    return (model, try InputArguments.read(input, for: model), folder)
  }
}
