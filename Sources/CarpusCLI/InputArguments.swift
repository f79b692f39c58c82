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
    AlignedTable.lines(try rows(of: tensors, prefix: prefix, to: folder)).forEach(Console.print)
  }

  /// Of what is no tensor first a row that says what it is.
  static func write(_ values: [ComputedValue], to folder: OutputFolder) throws {
    var written = try rows(of: values.flatMap(\.tensors), prefix: "", to: folder)[...]
    var rows: [[String]] = []
    for value in values {
      if !value.isTensor { rows.append([value.name, value.kind]) }
      rows += written.prefix(value.tensors.count)
      written = written.dropFirst(value.tensors.count)
    }
    AlignedTable.lines(rows).forEach(Console.print)
  }

  private static func rows(of tensors: [ComputedTensor], prefix: String, to folder: OutputFolder) throws -> [[String]] {
    let files = TensorFiles.fileNames(for: tensors.map(\.name), prefix: prefix)
    for (tensor, file) in zip(tensors, files) { try TensorFiles.write(tensor.tensor, to: folder.path(of: file)) }
    return zip(tensors, files).map { [$0.name, "\($0.tensor.elementType)", $0.tensor.shape.description, $1] }
  }
}
