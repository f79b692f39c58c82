import CarpusAnatomy

extension Study {
  /// Reads a study. Only `schema` and `images` are needed.
  ///
  /// - Throws: `CardError` with the place in the file.
  public static func read(_ bytes: [UInt8]) throws(CardError) -> Study {
    guard bytes.count <= maximumByteCount else { throw .tooMuch("bytes", bytes.count, limit: maximumByteCount) }
    let node = try CardNode(bytes)
    // What a phantom says of itself is for its readers.
    try node.refuseKeys(except: [
      "schema", "title", "models", "images", "regions", "scores", "methods", "checks", "seed", "draws", "resamples", "rules", "phantom",
    ])
    let schema = try node.required("schema")
    guard case .string(Self.schema) = schema.value else { throw schema.wants("‘\(Self.schema)’") }
    return Study(
      title: try node.optional("title").map { title throws(CardError) in try title.text("a title") } ?? "",
      models: try models(node.optional("models")), images: try images(node.required("images")),
      regions: try node.optional("regions").map { file throws(CardError) in try file.filePath() },
      scores: try node.optional("scores").map { file throws(CardError) in try file.filePath() },
      methods: try methods(node.optional("methods")), checks: try checks(node.optional("checks")),
      seed: try node.optional("seed").map { seed throws(CardError) in UInt64(try seed.count("a whole number, 0 or more,", in: 0...1 << 53)) } ?? 1,
      draws: try node.optional("draws").map { draws throws(CardError) in
        try draws.count("a number of places, 20 to \(maximumDraws),", in: 20...maximumDraws)
      } ?? 200,
      resamples: try node.optional("resamples").map { resamples throws(CardError) in
        try resamples.count("a number of resamples, 0 to \(maximumResamples),", in: 0...maximumResamples)
      } ?? 1000,
      rules: try VerdictRules(node.optional("rules")))
  }

  private static func models(_ list: CardNode?) throws(CardError) -> [Model] {
    guard let list else { return [] }
    let nodes = try list.elements()
    guard nodes.count <= maximumModelCount else { throw .tooMuch("models", nodes.count, limit: maximumModelCount) }
    var models: [Model] = []
    for node in nodes { models.append(try Model(node)) }
    return models
  }

  private static func images(_ list: CardNode) throws(CardError) -> [Image] {
    guard case .array(let elements) = list.value, !elements.isEmpty else { throw list.wants("a list of images, at least one,") }
    guard elements.count <= maximumImageCount else { throw .tooMuch("images", elements.count, limit: maximumImageCount) }
    var images: [Image] = [], seen: Set<String> = []
    for node in try list.elements() {
      let image = try Image(node)
      guard seen.insert(image.path).inserted else { throw node.error("the file ‘\(RegionName.cleaned(image.path))’ occurs twice") }
      images.append(image)
    }
    return images
  }

  private static func methods(_ list: CardNode?) throws(CardError) -> [String] {
    guard let list else { return [] }
    let nodes = try list.elements()
    guard (1...16).contains(nodes.count) else { throw list.wants("a list of methods, one to 16,") }
    var methods: [String] = []
    for node in nodes {
      let name = try node.text("the name of a method")
      guard !methods.contains(name) else { throw node.error("the method ‘\(name)’ occurs twice") }
      methods.append(name)
    }
    return methods
  }

  private static func checks(_ list: CardNode?) throws(CardError) -> Set<StudyCheck> {
    guard let list else { return StudyCheck.standard }
    var checks: Set<StudyCheck> = []
    for node in try list.elements() { checks.insert(try node.word(StudyCheck.self)) }
    return checks
  }
}

extension Study.Model {
  /// A path, or an object.
  fileprivate init(_ node: CardNode) throws(CardError) {
    guard node.isObject else {
      (path, card, name) = (try node.filePath(), nil, nil)
      return
    }
    try node.refuseKeys(except: ["file", "card", "name"])
    path = try node.required("file").filePath()
    card = try node.optional("card").map { card throws(CardError) in try card.filePath() }
    name = try node.optional("name").map { name throws(CardError) in try name.text("a name for the model") }
  }
}

extension Study.Image {
  fileprivate init(_ node: CardNode) throws(CardError) {
    try node.refuseKeys(except: ["file", "patient", "visit", "reference", "grades", "regions"])
    path = try node.required("file").filePath()
    patient = try node.optional("patient").map { key throws(CardError) in try key.text("a key for the patient") }
    visit = try node.optional("visit").map { key throws(CardError) in try key.text("a key for the visit") }
    regions = try node.optional("regions").map { file throws(CardError) in try file.filePath() }
    let reference = try node.optional("reference")
    try reference?.refuseKeys(except: ["total"])
    total = try reference?.optional("total").map { total throws(CardError) in
      try total.number("a total in points, up to 1e9 in size,") { abs($0) <= 1e9 }
    }
    grades = try node.optional("grades").map { grades throws(CardError) in try Self.grades(grades) } ?? [:]
  }

  private static func grades(_ node: CardNode) throws(CardError) -> [SvdHItem: Int] {
    try node.refuseKeys(except: Set(SvdHItem.all.map(\.description)))
    var grades: [SvdHItem: Int] = [:]
    for item in SvdHItem.all {
      if let grade = try node.optional(item.description) {
        grades[item] = try grade.count("a grade, 0 to \(item.damage.maximum),", in: 0...item.damage.maximum)
      }
    }
    return grades
  }
}

extension VerdictRules {
  /// An object: for a rule's name its limit, or `false` to leave the rule out. Rules that are not named keep their defaults.
  fileprivate init(_ node: CardNode?) throws(CardError) {
    self.init()
    guard let node else { return }
    try node.refuseKeys(except: Set(VerdictRule.allCases.map(\.rawValue)))
    for rule in VerdictRule.allCases {
      guard let own = try node.optional(rule.rawValue) else { continue }
      if case .bool(false) = own.value {
        self[rule] = nil
      } else {
        self[rule] = try own.number("a limit, or false to leave this rule out,") { abs($0) <= 1e9 }
      }
    }
  }
}
