/// What an ONNX file cannot say: how a radiograph becomes its input and what its outputs mean. `MODEL.card.json`, schema `carpus-model/1`.
public struct ModelCard: Hashable, Sendable {
  public let name: String
  public let description: String
  /// Name of the model's file, without its folder.
  public let file: String
  /// SHA-256 of the model's file, 64 hexadecimal digits.
  public let sha256: String
  public let input: CardInput
  /// At least one; names differ.
  public let outputs: [CardOutput]
  /// What is scored and explained if nothing else is asked for.
  public let target: CardTarget
  /// Where it is explained; the last feature map that the target depends on without it.
  public let layer: String?

  public static let schema = "carpus-model/1"

  public func output(named name: String) -> CardOutput? { outputs.first { $0.name == name } }

  /// The output that gives points: the target if it does, or else the first that does.
  public var scoreOutput: (name: String, points: Points)? {
    let ordered = [output(named: target.output)].compactMap(\.self) + outputs
    for output in ordered { if case .score(let points) = output.kind { return (output.name, points) } }
    return nil
  }

  /// The output that gives probabilities of classes: the target if it does, or else the first that does.
  public var classOutput: (name: String, classes: ClassOutput)? {
    let ordered = [output(named: target.output)].compactMap(\.self) + outputs
    for output in ordered { if case .classes(let classes) = output.kind { return (output.name, classes) } }
    return nil
  }
}

/// An element of an output.
public struct CardTarget: Hashable, Sendable {
  public let output: String
  /// Along the output's last axis.
  public let index: Int

  public init(output: String, index: Int) {
    self.output = output
    self.index = index
  }
}
