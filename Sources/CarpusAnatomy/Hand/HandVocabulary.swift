/// The parts of a hand radiograph: which region counts for which place of the Sharp/van der Heijde method, lies in which zone, may mislead.
///
/// It is a table; `HandGroup` asks it. A sidecar of regions adds rows or puts its own in place of those of the same id.
public struct HandVocabulary: Hashable, Sendable {
  /// In the order of the table, ids unique.
  public let terms: [HandTerm]
  private let places: [String: Int]
  private let names: [String: Int]

  /// The scored places, other joints, bones, zones and confounders of a hand.
  public static let standard = HandVocabulary(rows: HandTable.rows)

  private init(rows: [HandTable.Row]) {
    terms = rows.map(\.term)
    var places: [String: Int] = [:]
    var names: [String: Int] = [:]
    for (index, row) in rows.enumerated() { places[row.term.id] = index }
    // An id is its term's before it is another's name.
    for (index, row) in rows.enumerated() { names[HandVocabulary.key(row.term.id)] = index }
    for (index, row) in rows.enumerated() {
      for name in row.names where names[HandVocabulary.key(name)] == nil { names[HandVocabulary.key(name)] = index }
    }
    self.places = places
    self.names = names
  }

  private init(terms: [HandTerm], places: [String: Int], names: [String: Int]) {
    self.terms = terms
    self.places = places
    self.names = names
  }

  public static func == (one: HandVocabulary, other: HandVocabulary) -> Bool { one.terms == other.terms && one.names == other.names }

  public func hash(into hasher: inout Hasher) { hasher.combine(terms.count) }

  /// The vocabulary with more terms; one of the same id takes the place of the earlier one.
  public func adding(_ more: [HandTerm]) -> HandVocabulary {
    var (terms, places, names) = (terms, places, names)
    for term in more {
      if let place = places[term.id] {
        terms[place] = term
      } else {
        places[term.id] = terms.count
        names[HandVocabulary.key(term.id)] = terms.count
        terms.append(term)
      }
    }
    return HandVocabulary(terms: terms, places: places, names: names)
  }

  /// The term of a region's id. Further regions of one name, `scaphoid-2`, `scaphoid-3`, are of its term.
  public func term(id: String) -> HandTerm? {
    if let place = places[id] { return terms[place] }
    guard let dash = id.lastIndex(of: "-"), let number = Int(id[id.index(after: dash)...]), number > 1 else { return nil }
    return places[String(id[..<dash])].map { terms[$0] }
  }

  public func term(of region: Region) -> HandTerm? { term(id: region.id) }

  /// The term that people call by this name: `MCP-I`, `mcp_2`, `METACARPOPHALANGEAL JOINT 2`, `navicular`. The name holds no side.
  ///
  /// Single letters are nobody's name here: `R` is the radius in one data set, the right hand in another, the ring finger in a third.
  public func term(named name: String) -> HandTerm? { names[HandVocabulary.key(name)].map { terms[$0] } }

  /// Letters and digits of a name in lower case.
  static func key(_ name: String) -> String {
    String(decoding: name.lowercased().utf8.filter { (97...122).contains($0) || (48...57).contains($0) || $0 >= 128 }, as: UTF8.self)
  }
}
