import CarpusAnatomy

/// Networks whose scores are made one: `ensemble.json`, schema `carpus-ensemble/1`.
public struct EnsembleFile: Hashable, Sendable {
  public struct Member: Hashable, Sendable {
    /// Path of the model's file from the folder of the ensemble file, never out of it.
    public let model: String
    /// The same of its card; the card beside the model without it.
    public let card: String?
    /// The output that is combined; the card's score without it.
    public let output: String?

    /// The model's file without folder and `.onnx`, which is what a member is called.
    public var name: String {
      let file = model.split(separator: "/").last.map(String.init) ?? model
      return file.lowercased().hasSuffix(".onnx") ? String(file.dropLast(5)) : file
    }
  }

  public let name: String
  public let combination: Combination
  /// At least one; names differ.
  public let members: [Member]

  public static let schema = "carpus-ensemble/1"
  public static let maximumByteCount = 1 << 20
  private static let memberLimit = 64

  /// - Throws: `CardError` with the place in the file.
  public static func read(_ bytes: [UInt8]) throws(CardError) -> EnsembleFile {
    guard bytes.count <= maximumByteCount else { throw .tooMuch("bytes", bytes.count, limit: maximumByteCount) }
    let file = try CardNode(bytes)
    try file.refuseKeys(except: ["schema", "name", "combine", "members", "intercept"])
    let schema = try file.required("schema")
    guard case .string(Self.schema) = schema.value else { throw schema.wants("‘\(Self.schema)’") }
    let list = try file.required("members")
    guard case .array(let elements) = list.value, !elements.isEmpty else { throw list.wants("a list of members, at least one,") }
    guard elements.count <= memberLimit else { throw .tooMuch("members", elements.count, limit: memberLimit) }
    let rule = try file.required("combine").word(Rule.self)
    var members: [Member] = [], weights: [Double] = []
    for node in try list.elements() {
      let member = try Member(node)
      guard !members.contains(where: { $0.name == member.name }) else {
        throw node.error("two members are called ‘\(RegionName.cleaned(member.name))’; the names of the models' files must differ")
      }
      members.append(member)
      if let weight = try rule.weight(of: node) { weights.append(weight) }
    }
    let intercept = try file.optional("intercept")
    if let intercept, rule != .stacked { throw intercept.error("only a ‘stacked’ ensemble has an intercept") }
    let combination: Combination
    switch rule {
    case .mean: combination = .mean
    case .median: combination = .median
    case .stacked: combination = .stacked(weights, intercept: try intercept?.number() ?? 0)
    case .weighted:
      let sum = weights.reduce(0, +)
      guard sum > 0, sum.isFinite else { throw list.error("the weights add up to \(sum); a finite sum above 0 is needed") }
      combination = .weighted(weights)
    }
    return EnsembleFile(name: try file.required("name").text("a name for the ensemble"), combination: combination, members: members)
  }

  /// Whether a file is meant as an ensemble, by its name.
  public static func isNamedAsOne(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }
}

private enum Rule: String, CaseIterable {
  case mean, median, weighted, stacked

  func weight(of node: CardNode) throws(CardError) -> Double? {
    switch self {
    case .mean, .median:
      if let weight = try node.optional("weight") { throw weight.error("members of a ‘\(rawValue)’ ensemble have no weights") }
      return nil
    case .weighted: return try node.required("weight").number("a weight of 0 or more") { $0 >= 0 }
    case .stacked: return try node.required("weight").number()
    }
  }
}

extension EnsembleFile.Member {
  fileprivate init(_ node: CardNode) throws(CardError) {
    try node.refuseKeys(except: ["model", "card", "weight", "output"])
    model = try node.required("model").filePath()
    card = try node.optional("card").map { card throws(CardError) in try card.filePath() }
    output = try node.optional("output").map { output throws(CardError) in try output.name("the name of an output") }
  }
}
