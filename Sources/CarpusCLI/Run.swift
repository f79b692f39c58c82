import ArgumentParser
import CarpusKit

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a network on tensors.",
    discussion: """
      Writes TENSOR.npy for each output that is asked for, and prints name, element type, shape and file. A sequence is written as \
      TENSOR.0.npy, TENSOR.1.npy, …, a map as TENSOR.keys.npy and TENSOR.values.npy; what an optional value holds is written under its name.

      A tensor inside a function of the model is called CALL/TENSOR, CALL being the name of the node that calls it.
      """)

  @OptionGroup var tensors: TensorOptions

  @Option(parsing: .singleValue, help: ArgumentHelp("A tensor to write: any of the file, also inside its functions. All outputs without it.", valueName: "tensor"))
  var output: [String] = []

  @Flag(help: "Kernels whose roundings are those of plain sums, without Winograd's method: for comparing with another program.")
  var strict = false

  func run() throws {
    let (model, inputs, folder) = try tensors.opened()
    try TensorListing.write(try model.values(inputs, outputs: output, threads: tensors.compute.threads, strict: strict), to: folder)
  }
}
