import CarpusScoring
import CarpusTestSupport
import Foundation
import Testing

@Suite struct RegionShapleyTests {
  /// A score to which each region adds its own: every order gives the same.
  @Test func ofASum() {
    let points = [3.0, -1, 0, 4.5]
    let shapley = RegionShapley(regions: 4, pairs: 3, seed: 1) { sets in sets.map { set in zip(points, set).reduce(10) { $0 + ($1.1 ? $1.0 : 0) } } }
    #expect(shapley.values == points && shapley.standardErrors == [0, 0, 0, 0])
    #expect(shapley.whole == 16.5 && shapley.nothing == 10)
  }

  /// Two regions that stand in for each other, and a third that counts only with a fourth: 6 = 3 + 3, 8 = 4 + 4.
  @Test func ofStandInsAndPartners() {
    var asked = Set<[Bool]>(), count = 0
    let shapley = RegionShapley(regions: 4, pairs: 400, seed: 2) { sets in
      count += sets.count
      asked.formUnion(sets)
      return sets.map { ($0[0] || $0[1] ? 6.0 : 0) + ($0[2] && $0[3] ? 8 : 0) }
    }
    // With an order and its reverse each of the two is first once: nothing is left to chance.
    #expect(isClose(shapley.values, [3, 3, 4, 4]) && shapley.standardErrors.allSatisfy { $0 < 1e-12 })
    #expect(asked.count == count && count == shapley.setCount && count <= 16)
  }

  /// Against all orders of five regions and a score that is no sum.
  @Test func nearTheExactValues() {
    func score(_ set: [Bool]) -> Double {
      let sum = zip([1.0, 2, 3, 4, 5], set).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      return sum * sum / 10 + (set[0] && set[2] && set[4] ? 5 : 0)
    }
    func orders(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty ? [[]] : rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    var exact = [Double](repeating: 0, count: 5)
    for order in orders([0, 1, 2, 3, 4]) {
      var set = [Bool](repeating: false, count: 5)
      for region in order {
        let before = score(set)
        set[region] = true
        exact[region] += (score(set) - before) / 120
      }
    }
    let shapley = RegionShapley(regions: 5, pairs: 300, seed: 9) { $0.map(score) }
    #expect(abs(shapley.values.reduce(0, +) - score([true, true, true, true, true])) < 1e-9)
    for (region, value) in shapley.values.enumerated() { #expect(abs(value - exact[region]) <= 4 * shapley.standardErrors[region] + 1e-9) }
    #expect(shapley == RegionShapley(regions: 5, pairs: 300, seed: 9) { $0.map(score) })
    #expect(shapley != RegionShapley(regions: 5, pairs: 300, seed: 8) { $0.map(score) })
  }

  @Test func rankAgreementOfSciPy() throws {
    struct Case: Decodable { let first, second: [Double], value: Double }
    for entry in try JSONDecoder().decode([Case].self, from: Data(contentsOf: Fixtures.url("Checks/spearman.json"))) {
      #expect(abs(try RankAgreement.spearman(entry.first, entry.second).get() - entry.value) < 1e-12)
    }
    #expect(throws: Undefined.self) { try RankAgreement.spearman([1, 1, 1], [1, 2, 3]).get() }
  }
}
