import CarpusAnatomy
import CarpusScoring
import Testing

@Suite struct SvdHGradesTests {
  @Test func theMethodScores32ErosionsAnd30Narrowings() {
    #expect(SvdHItem.all.filter { $0.damage == .erosion }.count == 32)
    #expect(SvdHItem.all.filter { $0.damage == .narrowing }.count == 30)
    #expect(Set(SvdHItem.all).count == 62)
  }

  @Test func theHighestTotalIs280() {
    var grades = SvdHGrades()
    for item in SvdHItem.all { grades[item] = item.damage.maximum }
    #expect(grades.total == 280)
    #expect(grades.total(of: .left) == 140)
  }

  @Test func namesAreReadBack() {
    for item in SvdHItem.all { #expect(SvdHItem(item.description) == item) }
    #expect(SvdHItem("l:mcp2.Erosion")?.description == "L:MCP2.erosion")
    for text in ["", "MCP2.erosion", "L:MCP2", "L:IP1.narrowing", "U:MCP2.erosion", "L:MCP2.erosion.", "L:DIP2.erosion"] {
      #expect(SvdHItem(text) == nil)
    }
  }

  @Test func theLowerEdgeBelongsToTheClass() {
    let scale = SeverityScale.tenClasses
    let cases: [(Double, Int)] = [(-3, 0), (0, 0), (1.99, 0), (2, 1), (10, 3), (14.9, 3), (109.9, 8), (110, 9), (280, 9), (300, 9)]
    for (score, index) in cases { #expect(scale.index(of: score) == index) }
    #expect(scale.count == 10)
    #expect(scale.name(of: 1) == "2-5")
    #expect(SeverityScale(edges: [0, 2, 2], origin: "") == nil)
  }
}
