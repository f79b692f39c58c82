import CarpusAnatomy
import CarpusImaging

extension ModelCard {
  /// The longest card, in bytes.
  public static let maximumByteCount = 1 << 20

  /// Reads a card. Every key is needed but `description`, `layer`, `target.index` and those that have only one meaning if they are left out:
  /// a score's `unit`, `factor`, `offset` and `clamp`, its `edges` and `origin`.
  ///
  /// - Throws: `CardError` with the place in the file.
  public static func read(_ bytes: [UInt8]) throws(CardError) -> ModelCard {
    guard bytes.count <= maximumByteCount else { throw .tooMuch("bytes", bytes.count, limit: maximumByteCount) }
    let card = try CardNode(bytes)
    try card.refuseKeys(except: ["schema", "name", "description", "file", "sha256", "input", "outputs", "target", "layer"])
    let schema = try card.required("schema")
    guard case .string(Self.schema) = schema.value else { throw schema.wants("‘\(Self.schema)’") }
    let outputs = try card.required("outputs")
    let list = try CardOutput.read(outputs)
    let hash = try card.required("sha256")
    let digits = try hash.name("the SHA-256 of the model's file, 64 hexadecimal digits").lowercased()
    guard digits.utf8.count == 64, digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
      throw hash.wants("the SHA-256 of the model's file, 64 hexadecimal digits,")
    }
    return ModelCard(
      name: try card.required("name").text("a name for the model"),
      description: try card.optional("description").map { node throws(CardError) in try node.prose() } ?? "",
      file: try card.required("file").filePath(), sha256: digits, input: try CardInput(card.required("input")), outputs: list,
      target: try CardTarget(card.required("target"), outputs: list),
      layer: try card.optional("layer").map { node throws(CardError) in try node.name("the name of a tensor, or no key at all") })
  }
}

extension CardNode {
  /// A text that may be empty and longer than a name.
  fileprivate func prose() throws(CardError) -> String {
    guard case .string(let text) = value, text != Self.undecided else { throw wants("a text, which may be empty,") }
    let words = text.split(whereSeparator: \.isWhitespace)
    var cleaned = "", length = 0
    for word in words where length < 2000 {
      let part = RegionName.cleaned(String(word))
      cleaned += (cleaned.isEmpty ? "" : " ") + part
      length += part.count + 1
    }
    return cleaned
  }
}

extension CardTarget {
  init(_ node: CardNode, outputs: [CardOutput]) throws(CardError) {
    try node.refuseKeys(except: ["output", "index"])
    let output = try node.required("output")
    let name = try output.name("the name of an output of the card")
    guard outputs.contains(where: { $0.name == name }) else {
      throw output.error("there is no such output in ‘outputs’; there are \(outputs.map { "‘\(RegionName.cleaned($0.name))’" }.joined(separator: ", "))")
    }
    self.output = name
    index = try node.optional("index").map { node throws(CardError) in
      try node.count("the index of an element of the output, a whole number from 0,", in: 0...1_000_000)
    } ?? 0
  }
}

extension CardInput {
  init(_ node: CardNode) throws(CardError) {
    try node.refuseKeys(except: [
      "name", "size", "channels", "range", "resize", "hands", "laterality", "inverted", "mean", "standardDeviation",
    ])
    name = try node.required("name").name("the name of the network's input")
    let sides = try node.required("size").numbers("[height, width], two whole numbers from 1 to \(Preprocessing.maximumSide),") { sides in
      sides.count == 2 && sides.allSatisfy { (1...Double(Preprocessing.maximumSide)).contains($0) && $0 == $0.rounded() }
    }
    let channels = try node.required("channels")
    let count = try channels.count("1 or 3", in: 1...3)
    guard count != 2 else { throw channels.wants("1 or 3") }
    range = try Range(node.required("range"))
    hands = try node.required("hands").word(Hands.self)
    let rule = try node.required("laterality")
    laterality = try rule.word(LateralityRule.self)
    guard laterality == .asIs || hands == .single else {
      throw rule.error("‘\(laterality.rawValue)’ needs ‘hands’ to be ‘single’; with ‘\(hands.rawValue)’ it is ‘as-is’")
    }
    let resize = try node.required("resize")
    try resize.refuseKeys(except: ["fit", "filter", "padding"])
    let fit = try resize.required("fit").word(Preprocessing.Fit.self)
    let filter = try resize.required("filter").word(ResamplingFilter.self)
    // Only letterboxing leaves something to fill.
    let padding = try fit == .letterbox ? resize.required("padding") : resize.optional("padding")
    let grey = try padding?.number("a grey from 0 (black) to 1 (white)") { (0...1).contains($0) } ?? 0
    let isInverted = try node.required("inverted").bool()
    let each = count == 1 ? "a list of one number" : "a list of three numbers, one for each channel,"
    let mean = try node.required("mean").floats(each) { $0.count == count && $0.allSatisfy(\.isFinite) }
    let deviation = try node.required("standardDeviation").floats("\(each) above 0") {
      $0.count == count && $0.allSatisfy { $0.isFinite && $0 > 0 }
    }
    let range = if case .grey(let range) = range { range } else { GreyRange.fullRange }
    do {
      preprocessing = try Preprocessing(
        size: PixelSize(width: Int(sides[1]), height: Int(sides[0])), channels: count, fit: fit, filter: filter, padding: Float(grey),
        greyRange: range, isInverted: isInverted, mean: mean, standardDeviation: deviation)
    } catch { throw node.error(error.description) }
  }
}

extension CardInput.Range {
  private enum Kind: String, CaseIterable {
    case fullRange = "full-range"
    case percentile, dicom
  }

  init(_ node: CardNode) throws(CardError) {
    guard node.isObject else { throw node.wants("{\"kind\": \"full-range\"}, {\"kind\": \"percentile\", \"lower\": 0.5, \"upper\": 99.5} or {\"kind\": \"dicom\"}") }
    let kind = try node.required("kind").word(Kind.self)
    try node.refuseKeys(except: kind == .percentile ? ["kind", "lower", "upper"] : ["kind"])
    switch kind {
    case .fullRange: self = .grey(.fullRange)
    case .dicom: self = .dicom
    case .percentile:
      let lower = try node.required("lower").number("a percentile from 0 to 100") { (0...100).contains($0) }
      let upper = try node.required("upper").number("a percentile from 0 to 100 above ‘lower’") { (0...100).contains($0) && $0 > lower }
      self = .grey(.percentile(lower, upper))
    }
  }
}
