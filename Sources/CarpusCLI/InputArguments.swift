import CarpusKit
import CarpusTensors

/// `[NAME=]FILE.npy` arguments.
enum InputArguments {
  static func read(_ arguments: [String], for model: Model) throws -> [String: Tensor] {
    let names = Set(model.inputNames)
    let named = try arguments.map { argument throws(CarpusError) -> (name: String?, tensor: Tensor) in
      // A name of the network's may itself hold an equals sign; a file's too.
      for index in argument.indices where argument[index] == "=" && names.contains(String(argument[..<index])) {
        return (String(argument[..<index]), try TensorFiles.read(String(argument[argument.index(after: index)...])))
      }
      do throws(CarpusError) { return (nil, try TensorFiles.read(argument)) } catch {
        // Without such a file, what stands before the first equals sign was meant as a name.
        guard error.code == .noInput, let equals = argument.firstIndex(of: "=") else { throw error }
        return (String(argument[..<equals]), try TensorFiles.read(String(argument[argument.index(after: equals)...])))
      }
    }
    return try model.named(named)
  }
}

/// Writes tensors and says what was written.
enum TensorListing {
  static func write(_ tensors: [ComputedTensor], prefix: String, to folder: OutputFolder) throws {
    let files = TensorFiles.fileNames(for: tensors.map(\.name), prefix: prefix)
    for (tensor, file) in zip(tensors, files) { try TensorFiles.write(tensor.tensor, to: folder.path(of: file)) }
    let rows = zip(tensors, files).map { [$0.name, "\($0.tensor.elementType)", $0.tensor.shape.description, $1] }
    Console.table(rows).forEach(Console.print)
  }
}
