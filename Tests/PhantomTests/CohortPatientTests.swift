import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusScoring
import Testing

@Suite struct CohortPatientTests {
  let size = PixelSize(width: 128, height: 128)

  @Test func theTotalIsThatOfWhatIsShown() {
    for number in 1...60 {
      let both = PhantomPatient(number, options: PhantomOptions(hands: .both))
      let left = PhantomPatient(number, options: PhantomOptions(hands: .left))
      let right = PhantomPatient(number, options: PhantomOptions(hands: .right))
      #expect(both.grades == left.grades && both.grades == right.grades)
      #expect(both.total == SvdHItem.all.reduce(0) { $0 + both.grades[$1] } && (0...280).contains(both.total))
      #expect(both.total == left.total + right.total && left.total == both.grades.total(of: .left))
      let edges = both.severity.split(separator: "-").compactMap { Int($0) }
      #expect(edges.count == 2 && edges[0] <= both.total && (both.total < edges[1] || both.total == 280))
    }
    #expect(PhantomOptions.Hands.both.items == SvdHItem.all && PhantomOptions.Hands.right.items == SvdHItem.all(of: .right))
  }

  @Test func aGradeThatIsSetChangesNoOther() throws {
    let item = try #require(SvdHItem("R:MCP2.erosion"))
    for number in 1...40 {
      let drawn = PhantomPatient(number, options: PhantomOptions(seed: 9))
      for grade in 0...5 {
        let set = PhantomPatient(number, options: PhantomOptions(seed: 9, grades: [item: grade]))
        #expect(set.grades[item] == grade && set.total == drawn.total - drawn.grades[item] + grade)
        for other in SvdHItem.all where other != item { #expect(set.grades[other] == drawn.grades[other]) }
      }
    }
  }

  @Test func everyDamagedExtremeCanBeDrawn() throws {
    let worst = Dictionary(uniqueKeysWithValues: SvdHItem.all.map { ($0, $0.damage.maximum) })
    let patient = PhantomPatient(1, options: PhantomOptions(size: size, grades: worst))
    #expect(patient.total == 280 && patient.severity == "110-280")
    #expect(patient.image().samples.count == size.count)
    let best = PhantomPatient(1, options: PhantomOptions(size: size, grades: worst.mapValues { _ in 0 }))
    #expect(best.total == 0 && best.severity == "0-2")
    #expect(best.image().samples != patient.image().samples)
  }
}
