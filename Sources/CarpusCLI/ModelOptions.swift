import ArgumentParser
import CarpusKit
import CarpusScoring

/// How a model's input and outputs are to be understood: by its card, or by options instead.
struct ModelOptions: ParsableArguments {
  enum Side: String, ExpressibleByArgument, CaseIterable {
    case left, right
  }

  @Option(help: ArgumentHelp(
    "The model card. Without it the one beside the model, MODEL.card.json, if there is one; none sets that aside.", valueName: "FILE|none"))
  var card: String?

  @Option(help: "Which hand the radiograph shows; needed where the card has hands of one side mirrored.")
  var side: Side?

  @Option(help: "Factor from the network's raw output to points, without a card. (default: 1)")
  var factor: Double?

  @Option(help: "Added after the factor, without a card. (default: 0)")
  var offset: Double?

  @Option(help: ArgumentHelp(
    "Edges of the severity classes, without a card. (default: 0,2,5,10,15,20,30,45,70,110,280)", valueName: "E,E,…"))
  var classes: String?

  func use(_ preparation: PreparationOptions) throws -> ModelUse {
    var use = ModelUse()
    use.card = card.map { $0 == "none" ? .none : .file($0) } ?? .beside
    use.isRightHand = side.map { $0 == .right }
    use.preprocessing = try preparation.choice()
    if let factor, factor == 0 || !factor.isFinite { throw ValidationError("--factor is a finite number other than 0") }
    if let offset, !offset.isFinite { throw ValidationError("--offset is a finite number") }
    use.factor = factor
    use.offset = offset
    if let classes {
      let edges = classes.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
      guard let scale = SeverityScale(edges: edges, origin: "Edges given on the command line.") else {
        throw ValidationError("--classes takes rising numbers with commas between, one more than there are classes, not '\(classes)'")
      }
      use.severity = scale
    }
    return use
  }
}
