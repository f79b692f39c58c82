import CarpusAnatomy

extension CardOutput {
  private static let limit = 64

  static func read(_ node: CardNode) throws(CardError) -> [CardOutput] {
    guard case .array(let elements) = node.value, !elements.isEmpty else { throw node.wants("a list of outputs, at least one,") }
    guard elements.count <= limit else { throw .tooMuch("outputs", elements.count, limit: limit) }
    var outputs: [CardOutput] = []
    for element in try node.elements() {
      let output = try CardOutput(element)
      guard !outputs.contains(where: { $0.name == output.name }) else {
        throw element.error("the output ‘\(RegionName.cleaned(output.name))’ occurs twice")
      }
      outputs.append(output)
    }
    return outputs
  }

  private enum Word: String, CaseIterable {
    case score, classes
  }

  private init(_ node: CardNode) throws(CardError) {
    let kind = try node.required("kind").word(Word.self)
    name = try node.required("name").name("the name of one of the network's outputs")
    self.kind = switch kind {
    case .score: .score(try Points(node))
    case .classes: .classes(try ClassOutput(node))
    }
  }
}

extension Points {
  fileprivate init(_ node: CardNode) throws(CardError) {
    try node.refuseKeys(except: ["name", "kind", "unit", "scale", "factor", "offset", "clamp", "edges", "origin"])
    let scale = try node.required("scale").numbers("[lowest, highest] score, two rising numbers,") { $0.count == 2 && $0[0] < $0[1] }
    self.init(
      unit: try node.optional("unit").map { unit throws(CardError) in try unit.text("the name of the unit") } ?? "points", scale: scale[0]...scale[1],
      factor: try node.optional("factor").map { factor throws(CardError) in try factor.number("a number other than 0") { $0 != 0 } } ?? 1,
      offset: try node.optional("offset").map { offset throws(CardError) in try offset.number() } ?? 0,
      clamps: try node.optional("clamp").map { clamp throws(CardError) in try clamp.bool() } ?? false,
      severity: try SeverityScale(edgesOf: node))
  }
}

extension ClassOutput {
  fileprivate init(_ node: CardNode) throws(CardError) {
    try node.refuseKeys(except: ["name", "kind", "activation", "scale", "edges", "origin", "names"])
    let activation = try node.required("activation").word(Activation.self)
    let (scale, names) = (try node.optional("scale"), try node.optional("names"))
    let edges = try SeverityScale(edgesOf: node)
    guard [scale != nil, names != nil, edges != nil].count(where: \.self) == 1 else {
      throw node.error("exactly one of ‘scale’ (‘ten-classes’), ‘edges’ (with ‘origin’) and ‘names’ says what the classes are")
    }
    if let scale {
      guard case .string("ten-classes") = scale.value else { throw scale.wants("‘ten-classes’") }
      self.init(activation: activation, names: .severity(.tenClasses))
    } else if let edges {
      self.init(activation: activation, names: .severity(edges))
    } else {
      let accepted = "a list of the classes' names, two or more that differ,"
      guard let names, case .array(let elements) = names.value, (2...10_000).contains(elements.count) else { throw (names ?? node).wants(accepted) }
      var texts: [String] = []
      for element in try names.elements() { texts.append(try element.text("the name of a class")) }
      guard Set(texts).count == texts.count else { throw names.wants(accepted) }
      self.init(activation: activation, names: .names(texts))
    }
  }
}

extension SeverityScale {
  /// From `edges` and `origin` of an output; `nil` where there are none.
  fileprivate init?(edgesOf node: CardNode) throws(CardError) {
    let origin = try node.optional("origin")
    guard let edges = try node.optional("edges") else {
      if let origin { throw origin.error("an origin is of ‘edges’, and there are none") }
      return nil
    }
    let rising = "a list of rising numbers, one more than there are classes,"
    let numbers = try edges.numbers(rising) { $0.count >= 2 }
    guard let origin else { throw node.error("‘origin’ is missing: say in a sentence where the edges come from") }
    guard let scale = SeverityScale(edges: numbers, origin: try origin.text("a sentence that says where the edges come from")) else {
      throw edges.wants(rising)
    }
    self = scale
  }
}
