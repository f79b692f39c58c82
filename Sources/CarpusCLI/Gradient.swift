import ArgumentParser
import CarpusKit

struct Gradient: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Differentiates an output with respect to inputs or intermediate tensors.",
    discussion: "Writes gradient.TENSOR.npy: the derivative of the sum over the batch of OUTPUT[…, INDEX].")

  @OptionGroup var tensors: TensorOptions

  @Option(help: ArgumentHelp("What is differentiated; the index counts along the last axis.", valueName: "OUTPUT[:INDEX]"))
  var of: String

  @Option(parsing: .singleValue, help: ArgumentHelp("An input or any other tensor of the file.", valueName: "tensor"))
  var withRespectTo: [String]

  func run() throws {
    let (model, inputs, folder) = try tensors.opened()
    let target = TargetName(of, in: model.graph)
    let gradients = try model.gradients(
      of: target.output, index: target.index, withRespectTo: withRespectTo, inputs, threads: tensors.compute.threads)
    try TensorListing.write(gradients, prefix: "gradient.", to: folder)
  }
}
