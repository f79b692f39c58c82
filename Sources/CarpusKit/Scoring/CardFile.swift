import CarpusGraphs
import CarpusImaging
import CarpusScoring
import CarpusTensors
import Foundation

/// Which card tells how a model is used.
public enum CardChoice: Sendable, Hashable {
  /// `MODEL.card.json` beside the model, if there is one.
  case beside
  /// None, even if one lies beside the model.
  case none
  case file(String)
}

/// A model card that was read and belongs to its model.
struct CardFile: Sendable {
  /// Without folder.
  let name: String
  let sha256: String
  let card: ModelCard

  /// - Returns: `nil` where there is none beside the model, or none is wanted.
  /// - Throws: `CarpusError` 66 when a named card is not there, 65 when it is wrong or of another model.
  init?(_ choice: CardChoice, for model: Model) throws(CarpusError) {
    switch choice {
    case .none: return nil
    case .file(let path): try self.init(path, for: model)
    case .beside:
      guard let path = Self.paths(besides: model.path).first(where: FileManager.default.fileExists(atPath:)) else { return nil }
      try self.init(path, for: model)
    }
  }

  private init(_ path: String, for model: Model) throws(CarpusError) {
    name = lastComponent(path)
    let bytes: [UInt8]
    do { bytes = try FileReading.read(path, maximumByteCount: ModelCard.maximumByteCount) } catch { throw CarpusError(error, file: name) }
    do { card = try ModelCard.read(bytes) } catch { throw CarpusError(.badData, "\(name): \(error)") }
    sha256 = Hash.sha256(bytes)
    do { try card.check(against: model) } catch { throw CarpusError(.badData, "\(name): \(error)") }
  }

  /// `honest.card.json` and `honest.onnx.card.json` for `honest.onnx`.
  private static func paths(besides model: String) -> [String] {
    let stem = model.lowercased().hasSuffix(".onnx") ? String(model.dropLast(5)) : model
    return [stem + ".card.json", model + ".card.json"]
  }
}

extension ModelCard {
  /// Compares the card with the file that it speaks of.
  func check(against model: Model) throws(CardError) {
    let hash: String
    do { hash = try Hash.sha256(ofFile: model.path) } catch { throw .malformed(at: "file", error.message) }
    guard hash == sha256 else {
      throw .malformed(
        at: "sha256", "the card belongs to another file: the SHA-256 of \(model.name) is \(hash). If the network is the same and the card still right, write this number into it")
    }
    guard let input = model.graph.inputs.first, model.graph.inputs.count == 1 else {
      throw .malformed(at: "input", "\(model.name) has \(model.graph.inputs.count) inputs; a card describes a network with one")
    }
    guard input.name == self.input.name else {
      throw .malformed(at: "input.name", "\(model.name) has no input ‘\(self.input.name)’; its input is ‘\(input.name)’")
    }
    try checkSize(of: model.graph.type(of: input.value), model.name)
    for (index, output) in outputs.enumerated() { try check(output, at: "outputs[\(index)]", of: model) }
    if let layer { do { _ = try model.graph.value(named: layer) } catch { throw .malformed(at: "layer", "\(model.name) has no tensor ‘\(layer)’") } }
  }

  private func checkSize(of type: ValueType, _ name: String) throws(CardError) {
    guard case .tensor(let tensor) = type, tensor.shape.rank == 4, tensor.elementType == .float32 else {
      throw .malformed(at: "input", "\(name) takes \(type); a radiograph can be brought to float32 [N×C×H×W] only")
    }
    let (shape, wanted) = (tensor.shape, input.preprocessing)
    guard shape[0] ?? 1 == 1 else { throw .malformed(at: "input", "\(name) takes \(shape[0] ?? 0) radiographs at once (\(type)); a card describes a network that takes one") }
    if let channels = shape[1], channels != wanted.channels {
      throw .malformed(at: "input.channels", "\(name) takes \(type), which has \(channels) channels, not \(wanted.channels)")
    }
    guard shape[2] ?? wanted.size.height == wanted.size.height, shape[3] ?? wanted.size.width == wanted.size.width else {
      throw .malformed(
        at: "input.size", "\(name) takes \(type), not [\(wanted.size.height), \(wanted.size.width)] (height, width)")
    }
  }

  private func check(_ output: CardOutput, at place: String, of model: Model) throws(CardError) {
    guard let value = model.graph.outputs.first(where: { $0.name == output.name }) else {
      throw .malformed(at: "\(place).name", "\(model.name) has no output ‘\(output.name)’; it has \(Model.list(model.graph.outputs.map(\.name)))")
    }
    guard case .tensor(let tensor) = model.graph.type(of: value.value) else {
      throw .malformed(at: place, "‘\(output.name)’ is a \(model.graph.type(of: value.value)); numbers are needed")
    }
    // Of an output whose shape is open the count is seen when it is computed.
    guard let extents = tensor.shape.extents, let count = extents.isEmpty ? 1 : extents[extents.count - 1] else { return }
    let isTarget = target.output == output.name
    switch output.kind {
    case .classes(let classes):
      guard classes.count == count else { throw .malformed(at: place, "the card has \(classes.count) classes, but ‘\(output.name)’ has \(count) elements (\(tensor))") }
    case .score:
      // A vector of as many elements as there are radiographs has one score for each.
      guard count == 1 || extents.count == 1 || isTarget else {
        throw .malformed(at: place, "‘\(output.name)’ has \(count) elements (\(tensor)), not one score; only the target's output may, with ‘target.index’")
      }
    }
    guard !isTarget || target.index < count else {
      throw .malformed(at: "target.index", "‘\(output.name)’ has \(count) elements, 0…\(count - 1); \(target.index) is none of them")
    }
  }
}
