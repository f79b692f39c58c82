import ArgumentParser
import CarpusKit

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a network on tensors.",
    discussion: "Writes TENSOR.npy for each output that is asked for, and prints name, element type, shape and file.")

  @OptionGroup var tensors: TensorOptions

  @Option(parsing: .singleValue, help: ArgumentHelp("A tensor to write: any of the file. All outputs without it.", valueName: "tensor"))
  var output: [String] = []

  func run() throws {
    let (model, inputs, folder) = try tensors.opened()
    let computed = try model.run(inputs, outputs: output, threads: tensors.compute.threads)
    try TensorListing.write(computed, prefix: "", to: folder)
  }
}
