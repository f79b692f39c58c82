/// What a network said about images, as `carpus score --csv` writes it: columns `image`, `score`, `class`, and `member:NAME` for each
/// member of an ensemble. A column without any content is as good as absent.
public struct PredictionTable: Sendable {
  public struct Predictor: Sendable {
    /// The name of the column, `score` or `member:NAME`.
    public let name: String
    /// In points; `nil` where only classes were predicted.
    public let scores: [Double]?
    public let classes: [Int]
  }

  package static let maximumMemberCount = 64

  public let images: [String]
  /// The score, or the class, of the whole; then the members.
  public let predictors: [Predictor]

  /// - Parameter scale: gives scores without a class theirs.
  /// - Throws: `CSVError` for missing columns, images without a name or named twice, and what is no number or no class.
  public init(_ table: CSVTable, scale: SeverityScale) throws(CSVError) {
    images = try table.imageNames()
    let scores = try table.numbers("score"), classes = try table.classes("class", of: scale)
    guard let ofWhole = classes ?? scores?.map({ scale.index(of: $0) }) else {
      throw .file("A column 'score' or 'class' with predictions is needed; the columns are \(table.columnList).")
    }
    var predictors = [Predictor(name: "score", scores: scores, classes: ofWhole)]
    let members = table.header.filter { $0.hasPrefix("member:") }
    guard members.count <= Self.maximumMemberCount else {
      throw .file("There are \(members.count) columns of members; at most \(Self.maximumMemberCount) are read.")
    }
    for name in members {
      guard let scores = try table.numbers(name) else { continue }
      predictors.append(Predictor(name: name, scores: scores, classes: scores.map { scale.index(of: $0) }))
    }
    self.predictors = predictors
  }
}

/// What readers said about images, as `carpus phantom` writes it: columns `image`, `patient`, `visit`, `hands`, `total`, `class` and more.
public struct ReferenceTable: Sendable {
  public let images: [String]
  /// `nil` where patients are not known.
  public let patients: [String]?
  /// In points; `nil` where only classes were read.
  public let totals: [Double]?
  public let classes: [Int]

  /// - Parameters:
  ///   - scale: gives totals their class. A class beside a total must be that one.
  ///   - predictionsBeside: whether the table holds predictions too, so that its column `class` is theirs.
  /// - Throws: `CSVError`, as for predictions.
  public init(_ table: CSVTable, scale: SeverityScale, predictionsBeside: Bool) throws(CSVError) {
    images = try table.imageNames()
    patients = try table.texts("patient")
    let totals = try table.numbers("total"), classes = predictionsBeside ? nil : try table.classes("class", of: scale)
    if let totals, let classes {
      for row in totals.indices where scale.index(of: totals[row]) != classes[row] {
        let sentence = "the class is \(scale.name(of: classes[row])), and a total of \(totals[row]) belongs to "
          + "\(scale.name(of: scale.index(of: totals[row]))): the table was made with other edges."
        throw table.column("class").map { table.error(row, $0, sentence) } ?? .file(sentence)
      }
    }
    guard let read = classes ?? totals?.map({ scale.index(of: $0) }) else {
      let wanted = predictionsBeside ? "A column 'total' with the readers' scores, or a reference of its own," : "A column 'total' or 'class' with the readers' scores"
      throw .file("\(wanted) is needed; the columns are \(table.columnList).")
    }
    self.totals = totals
    self.classes = read
  }
}

extension CSVTable {
  /// For a message: at most eight.
  var columnList: String { header.prefix(8).map(Self.shown).joined(separator: ", ") + (header.count > 8 ? ", …" : "") }

  /// The names of the images' files, without folders.
  func imageNames() throws(CSVError) -> [String] {
    guard let column = column("image") else { throw .file("A column 'image' is needed; the columns are \(columnList).") }
    guard rowCount > 0 else { throw .file("The table has no rows below its header.") }
    var rows: [String: Int] = [:], names: [String] = []
    for row in 0..<rowCount {
      let name = Self.fileName(try field(row, column))
      guard !name.isEmpty else { throw error(row, column, "is empty; the name of an image belongs here.") }
      if let first = rows.updateValue(row, forKey: name) {
        throw error(row, column, "\(Self.shown(name)) stands in row \(rowNumbers[first]) too; an image counts once.")
      }
      names.append(name)
    }
    return names
  }

  /// Without the apostrophe that keeps a spreadsheet from taking a name for a formula.
  private static func fileName(_ field: String) -> String {
    let name = field.split(separator: "/").last.map(String.init) ?? ""
    guard name.hasPrefix("'"), let second = name.dropFirst().first, "=+-@".contains(second) else { return name }
    return String(name.dropFirst())
  }

  /// The column of a name, unless nothing stands in it.
  private func filled(_ name: String) -> Int? { column(name).flatMap { isEmpty(column: $0) ? nil : $0 } }

  fileprivate func texts(_ name: String) throws(CSVError) -> [String]? {
    try values(name) { row, column throws(CSVError) in
      let text = try field(row, column)
      guard !text.isEmpty else { throw error(row, column, "is empty, and other rows are not.") }
      return text
    }
  }

  fileprivate func numbers(_ name: String) throws(CSVError) -> [Double]? {
    try values(name) { row, column throws(CSVError) in try number(row, column) }
  }

  /// Classes are written as their indices or as their edges.
  fileprivate func classes(_ name: String, of scale: SeverityScale) throws(CSVError) -> [Int]? {
    var indices: [String: Int] = [:]
    for index in 0..<scale.count {
      indices[String(index)] = index
      indices[scale.name(of: index)] = index
    }
    return try values(name) { row, column throws(CSVError) in
      let text = try field(row, column)
      guard let index = indices[text] else {
        let accepted = "0 to \(scale.count - 1), or its edges, such as \(scale.name(of: 0)), belong here."
        throw error(row, column, text.isEmpty ? "is empty; the class, \(accepted)" : "'\(Self.shown(text))' is no class; \(accepted)")
      }
      return index
    }
  }

  private func values<Value>(_ name: String, _ value: (Int, Int) throws(CSVError) -> Value) throws(CSVError) -> [Value]? {
    guard let column = filled(name) else { return nil }
    var values: [Value] = []
    for row in 0..<rowCount { values.append(try value(row, column)) }
    return values
  }
}
