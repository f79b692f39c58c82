import CarpusAnatomy
import CarpusPhantom
import CarpusScoring
import CarpusTestSupport
import Foundation
import Testing

@Suite struct CohortGradesTests {
  struct Case: Decodable {
    let seed: UInt64, patient: Int, grades: [String: Int]
  }

  /// `Fixtures/Phantom/grades.py` follows the documentation and shares no code.
  @Test func gradesAgreeWithAnotherImplementation() throws {
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: Fixtures.url("Phantom/grades.json")))
    #expect(cases.count == 24 && cases.contains { $0.grades.count > 30 })
    for reference in cases {
      let grades = SvdHGrades(seed: reference.seed, patient: reference.patient)
      for item in SvdHItem.all { #expect(grades[item] == reference.grades[item.description] ?? 0, "\(reference.seed) \(reference.patient) \(item)") }
    }
  }

  @Test func totalsAreSpreadAsInCohorts() {
    let patients = (1...4000).map { SvdHGrades(seed: 3, patient: $0) }
    let totals = patients.map(\.total).sorted()
    let count = Double(totals.count)
    func share(_ isCounted: (Int) -> Bool) -> Double { Double(totals.count(where: isCounted)) / count }
    #expect(totals[0] == 0 && totals[totals.count - 1] <= 280 && totals[totals.count - 1] > 200)
    #expect((0.16...0.24).contains(share { $0 <= 2 }))
    #expect((18...26).contains(totals[totals.count / 2]))
    #expect((80...100).contains(totals[totals.count * 9 / 10]))
    #expect((0.013...0.032).contains(share { $0 > 150 }))
    let scale = SeverityScale.tenClasses
    for index in 0..<10 { #expect(share { scale.index(of: Double($0)) == index } > 0.04) }
  }

  @Test func damageIsSymmetricalAndGoesTogether() {
    let patients = (1...3000).map { SvdHGrades(seed: 4, patient: $0) }
    func isEroded(_ side: Laterality, _ site: SvdHSite, _ patient: SvdHGrades) -> Bool { patient[side, site, .erosion] > 0 }
    var both = 0, one = 0
    for site in SvdHSite.allCases where site.damages.contains(.erosion) {
      for patient in patients {
        let left = isEroded(.left, site, patient), right = isEroded(.right, site, patient)
        if left && right { both += 1 } else if left || right { one += 1 }
      }
    }
    // Of the eroded sites more than half have an eroded counterpart.
    #expect(2 * both > one)
    func correlation(_ a: SvdHItem, _ b: SvdHItem) -> Double {
      let x = patients.map { Double($0[a]) }, y = patients.map { Double($0[b]) }
      let meanX = x.reduce(0, +) / Double(x.count), meanY = y.reduce(0, +) / Double(y.count)
      let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
      return products / (x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) } * y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }).squareRoot()
    }
    func item(_ text: String) -> SvdHItem { SvdHItem(text)! }
    let withinSite = correlation(item("L:MCP2.erosion"), item("L:MCP2.narrowing"))
    let otherSide = correlation(item("L:MCP2.erosion"), item("R:MCP2.erosion"))
    let neighbour = correlation(item("L:MCP2.erosion"), item("L:MCP3.erosion"))
    let elsewhere = correlation(item("L:MCP2.erosion"), item("L:PIP4.erosion"))
    #expect(withinSite > neighbour && otherSide > neighbour && neighbour > elsewhere && elsewhere > 0.3)
    func mean(_ site: SvdHSite) -> Double { Double(patients.reduce(0) { $0 + $1[.left, site, .erosion] }) / Double(patients.count) }
    let usual = SvdHSite.allCases.map(mean).sorted()[18]
    for site in [SvdHSite.mcp2, .mcp3, .ulna] { #expect(mean(site) > usual) }
  }
}
