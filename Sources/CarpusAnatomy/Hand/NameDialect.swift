/// How the authors of a file name the parts of a hand.
enum NameDialect: Hashable, Sendable {
  case common
  /// RAM-H1200 and RAM-W600, by the keys of their readme: there `R` is the radius, `L` the lunate, `S` the scaphoid, `U` the ulna,
  /// and the radiographs' names end in `_L` or `_R`.
  case ram
  /// The joints of RAM-W600, where the first metacarpal stands for its base, which is scored.
  case ramJoints

  /// The dialect that the names of a whole file betray: by names that nobody else uses.
  init(of names: some Sequence<String>) {
    let names = Set(names)
    if names.isSuperset(of: ["DistalRadius", "DistalUlna"]) {
      self = .ramJoints
    } else if !names.isDisjoint(with: ["Tm", "MCP-T", "PIP-I", "CMC-T", "CMC-M", "Trapzium", "Pisifrom_Triquetrum", "SvdH-BE-90", "SvdH-BE-50"]) {
      self = .ram
    } else {
      self = .common
    }
  }

  func term(named name: String) -> HandTerm? {
    let standard = HandVocabulary.standard
    switch self {
    case .common: return standard.term(named: name)
    case .ram: return SvdHSite.allCases.first { $0.ramKey == name }.flatMap { standard.term(id: $0.regionID) } ?? standard.term(named: name)
    case .ramJoints: return name == "Metacarpal1st" ? standard.term(id: SvdHSite.cmc1.regionID) : standard.term(named: name)
    }
  }

  /// The side at the end of a radiograph's name: `0012_R.bmp`, also behind Roboflow's renaming, `0012_R_bmp.rf.1f….jpg`.
  func side(ofFile name: String?) -> Laterality? {
    guard self != .common, let name else { return nil }
    let stem = String(ImageNames.last(name).prefix { $0 != "." })
    let original = stem.hasSuffix("_bmp") ? stem.dropLast(4) : stem[...]
    return original.hasSuffix("_L") ? .left : original.hasSuffix("_R") ? .right : nil
  }
}
