import CarpusAnatomy
import CarpusImaging
import Testing

@Suite struct HandVocabularyTests {
  let vocabulary = HandVocabulary.standard

  @Test func scoredPlacesAreThoseOfTheMethod() {
    let sites = vocabulary.terms.compactMap { $0.kind == .site && $0.id == $0.site?.regionID ? $0 : nil }
    #expect(sites.filter { $0.damages.contains(.erosion) }.count == 16)
    #expect(sites.filter { $0.damages.contains(.narrowing) }.count == 15)
    #expect(sites.count == 22)
    #expect(vocabulary.term(id: "trapezoid")?.site == .trapezium)
    #expect(vocabulary.term(id: "dip3")?.site == nil)
    // Maxima of D.2: 160 and 120 for both hands.
    #expect(2 * sites.flatMap(\.damages).reduce(0) { $0 + $1.maximum } == 280)
  }

  @Test(arguments: [
    ("MCP-I", "mcp2"), ("mcp_2", "mcp2"), ("MCP 2", "mcp2"), ("METACARPOPHALANGEAL JOINT 2", "mcp2"), ("2nd MCP joint", "mcp2"), ("index MCP", "mcp2"),
    ("PROXIMAL INTERPHALANGEAL JOINT 3 OF THE HAND", "pip3"), ("PIP-R", "pip4"), ("MCP-T", "mcp1"), ("CMC-T", "cmc1"), ("MCB", "cmc1"), ("MC1", "metacarpal1"),
    ("navicular", "scaphoid"), ("multangular", "trapezium"), ("Trapzium", "trapezium"), ("Trapzoid", "trapezoid"), ("Pisifrom_Triquetrum", "bone-pisiform-triquetrum"),
    ("multangular-navicular", "stt"), ("radiocarpal", "sr"), ("capitate-navicular-lunate", "sc"), ("SCL", "sc"), ("IP", "ip1"), ("thumb IP", "ip1"),
    ("DistalRadius", "radius"), ("Metal Implant", "metal"), ("Ring", "ring"), ("Intravenous cannula", "cannula"), ("SvdH-BE-90", "svdh-be-90"),
    ("Hamate", "bone-hamate"), ("PP3", "proximal-phalanx3"), ("carpus", "wrist"), ("DIP-S", "dip5"),
  ]) func namesAreRecognised(name: String, id: String) { #expect(vocabulary.term(named: name)?.id == id) }

  @Test(arguments: ["R", "L", "S", "U", "T", "MP", "MCP", "PIP", "toe", ""]) func othersAreNot(name: String) {
    #expect(vocabulary.term(named: name) == nil)
  }

  @Test func everyPhantomRegionHasATerm() {
    for id in SvdHSite.allCases.map(\.regionID) + ["metacarpal2", "proximal-phalanx3", "middle-phalanx5", "distal-phalanx1", "bone-scaphoid", "bone-capitate",
      "bone-pisiform", "bone-radius", "sesamoid-ulnar", "hand", "background", "marker", "border", "ring", "text", "cast"] {
      #expect(vocabulary.term(id: id) != nil, "\(id)")
    }
    #expect(vocabulary.term(id: "scaphoid-2")?.id == "scaphoid")
    #expect(vocabulary.term(id: "metacarpal2")?.kind == .bone)
    #expect(vocabulary.term(id: "soft-tissue")?.kind == .zone)
  }

  @Test func groupsAreQuestions() throws {
    let size = PixelSize(4, 4)
    let ids: [(String, Laterality)] = [
      ("mcp2", .left), ("mcp2", .right), ("ip1", .right), ("sc", .left), ("radius", .left), ("bone-radius", .left), ("dip2", .left), ("marker", .unspecified),
      ("hand", .left), ("wrist", .left),
    ]
    let set = try RegionSet(
      size: size, regions: ids.map { Region(id: $0, name: $0, laterality: $1, source: .box, mask: Mask(allOf: size)) })
    func ask(_ text: String) -> [String]? { HandGroup(text)?.regions(of: set).map { "\($0.laterality.rawValue):\($0.id)" } }
    #expect(ask("sites") == ["L:mcp2", "R:mcp2", "R:ip1", "L:sc", "L:radius"])
    #expect(ask("sites.erosion") == ["L:mcp2", "R:mcp2", "R:ip1", "L:radius"])
    #expect(ask("L:sites.narrowing") == ["L:mcp2", "L:sc"])
    #expect(ask("finger-joints") == ["L:mcp2", "R:mcp2", "R:ip1"])
    #expect(ask("wrist-sites") == ["L:sc", "L:radius"])
    #expect(ask("confounders") == ["unspecified:marker"])
    #expect(ask("zone:mcp-row") == ["L:mcp2", "R:mcp2"])
    #expect(ask("bones") == ["L:bone-radius"])
    #expect(ask("nonsense") == [])
    #expect(HandGroup("sites.pain") == nil && HandGroup("") == nil)
    #expect(HandGroup("R:sites.erosion")?.description == "R:sites.erosion")
    #expect(set.regions(of: .mcp2, side: .right).count == 1)
  }

  @Test func namesForReports() {
    #expect(SvdHSite.mcp2.cdiscLocation == "METACARPOPHALANGEAL JOINT 2")
    #expect(SvdHSite.pip3.cdiscLocation == "PROXIMAL INTERPHALANGEAL JOINT 3 OF THE HAND")
    #expect(SvdHSite.stt.vanDerHeijdeName == "multangular-navicular")
    #expect(SvdHDamage.narrowing.cdiscTestCode == "SGJSNSCR" && Laterality.left.cdiscLaterality == "LEFT")
  }
}
