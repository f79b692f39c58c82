import CarpusGraphs
import CarpusReporting
import CarpusScoring
import CarpusTensors

/// A model card with what the file knows; what somebody must decide is `"decide"`, which no reader of cards accepts.
public enum CardDraft {
  private static let undecided = JSONText.string("decide")

  /// - Throws: `CarpusError` when there can be no card for this file.
  public static func text(ofModelAt path: String) throws(CarpusError) -> String {
    let model = try Model(path: path)
    guard let input = model.graph.inputs.first, model.graph.inputs.count == 1 else {
      throw CarpusError(.unavailable, "\(model.name) has \(model.graph.inputs.count) inputs; a card describes a network with one")
    }
    guard case .tensor(let type) = model.graph.type(of: input.value), type.shape.rank == 4, type.elementType == .float32 else {
      throw CarpusError(.unavailable, "\(model.name) takes \(model.graph.type(of: input.value)); a radiograph can be brought to float32 [N×C×H×W] only")
    }
    let size = [type.shape[2], type.shape[3]].compactMap(\.self)
    return JSONText.object([
      ("schema", .string(ModelCard.schema)), ("name", .string(stem(of: model.name))), ("description", .string("")),
      ("file", .string(model.name)), ("sha256", .string(try Hash.sha256(ofFile: path))),
      ("input", .object([
        ("name", .string(input.name)), ("size", size.count == 2 ? .array(size.map { .integer($0) }) : undecided),
        ("channels", type.shape[1].map { .integer($0) } ?? undecided), ("range", .object([("kind", undecided)])),
        ("resize", .object([("fit", undecided), ("filter", undecided), ("padding", undecided)])), ("hands", undecided),
        ("laterality", undecided), ("inverted", undecided), ("mean", undecided), ("standardDeviation", undecided),
      ])),
      ("outputs", .array(model.graph.outputs.map { output($0.name, elements(of: model.graph.type(of: $0.value))) })),
      ("target", .object([
        ("output", model.graph.outputs.count == 1 ? .string(model.graph.outputs[0].name) : undecided), ("index", .integer(0)),
      ])),
    ]).text
  }

  private static func stem(of name: String) -> String { name.lowercased().hasSuffix(".onnx") ? String(name.dropLast(5)) : name }

  /// For one radiograph; `nil` where it is not known.
  private static func elements(of type: ValueType) -> Int? {
    guard let extents = type.tensor?.shape.extents else { return nil }
    return extents.count > 1 ? extents[extents.count - 1] : 1
  }

  private static func output(_ name: String, _ elements: Int?) -> JSONText {
    let score: [(String, JSONText)] = [("unit", undecided), ("scale", undecided), ("factor", undecided), ("offset", undecided), ("clamp", undecided)]
    let classes: [(String, JSONText)] = [("activation", undecided), (elements == SeverityScale.tenClasses.count ? "scale" : "names", undecided)]
    let fields: [(String, JSONText)] = switch elements {
    case 1?: [("kind", .string("score"))] + score
    case nil: [("kind", undecided)]
    default: [("kind", .string("classes"))] + classes
    }
    return .object([("name", .string(name))] + fields)
  }
}
