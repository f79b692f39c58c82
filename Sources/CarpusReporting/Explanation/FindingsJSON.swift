import CarpusAnatomy
import CarpusExplanation

/// The parts of `explanation.json` about what was found out beyond the map.
enum FindingsJSON {
  static func chance(_ chance: ExplanationReport.Chance) -> JSONText {
    .object([
      ("mean", .number(chance.mean)), ("deviation", .number(chance.deviation)), ("p", .number(chance.p)), ("adjustedP", JSONText(chance.adjustedP)),
    ])
  }

  static func landmarks(_ landmarks: ExplanationReport.Landmarks) -> JSONText {
    .object([
      ("found", .bool(landmarks.isFound)),
      ("groups", .array(landmarks.groups.map { group in
        .object(
          [("id", .string(group.id)), ("title", .string(group.title)), ("kind", .string(group.kind.rawValue))] + ExplanationJSON.numbers(group.statistics)
            + [("chance", group.chance.map(chance) ?? .null)])
      })),
      ("parts", .array(landmarks.parts.map { .object([("kind", .string($0.kind.rawValue)), ("points", .number($0.points))]) })),
    ])
  }

  static func reference(_ reference: ExplanationReport.Reference, scores: [ExplanationReport.Score]) -> JSONText {
    .object([
      ("score", .number(reference.score)), ("source", .string(reference.source)),
      ("error", JSONText(scores.count == 1 ? scores[0].value - reference.score : nil)),
    ])
  }

  static func covering(_ covering: ExplanationReport.Covering) -> JSONText {
    .object([
      ("score", .number(covering.score)), ("rule", .string(covering.rule)), ("agreement", JSONText(covering.agreement)),
      ("items", .array(covering.items.map { item in
        .object([
          ("id", .string(item.id)), ("title", .string(item.title)), ("laterality", .string(item.laterality.rawValue)), ("kind", .string(item.kind.rawValue)),
          ("difference", .number(item.difference)), ("points", JSONText(item.points)), ("pixels", .integer(item.pixels)),
        ])
      })),
    ])
  }

  static func otherMap(_ other: ExplanationReport.OtherMap) -> JSONText {
    let map = other.map
    return .object(
      [
        ("method", .string(map.method)), ("methodTitle", .string(other.methodTitle)), ("layer", .string(map.layer)), ("height", .integer(map.height)),
        ("width", .integer(map.width)), ("file", .string(other.file)),
      ] + ExplanationJSON.mapNumbers(map) + [
        ("budget", .object(ExplanationJSON.budget(other.budget))), ("landmarks", other.landmarks.map(landmarks) ?? .null), ("agreement", JSONText(other.agreement)),
      ])
  }
}
