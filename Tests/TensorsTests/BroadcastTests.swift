import CarpusTensors
import Foundation
import Testing

@Suite struct BroadcastTests {
  static let shapes: [(Shape, Shape, Shape)] = [
    ([], [], []), ([5], [], [5]), ([], [33], [33]), ([0, 3], [1, 3], [0, 3]), ([2, 3, 40], [2, 3, 40], [2, 3, 40]), ([2, 3, 17],
    [3, 1], [2, 3, 17]),
    ([4, 19], [19], [4, 19]), ([3, 1, 5], [2, 1], [3, 2, 5]), ([1, 7], [6, 1], [6, 7]), ([2, 1, 3, 1], [1, 4, 1, 5], [2, 4, 3, 5]),
    ([2, 3, 4, 4], [1, 3, 1, 1], [2, 3, 4, 4]), ([70_001], [1], [70_001]),
  ]

  @Test(arguments: shapes) func isTheDefinition(_ a: Shape, _ b: Shape, _ result: Shape) throws {
    let broadcast = try #require(Broadcast(a, b))
    #expect(broadcast.result == result)
    let x = coarseNumbers(a.count, seed: 1), y = coarseNumbers(b.count, seed: 2).map { $0 == 0 ? 1 : $0 }
    let pairs = (0..<result.count).map { (x[place($0, result, a)], y[place($0, result, b)]) }
    let functions: [(BinaryFunction, (Double, Double) -> Double)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }), (.divide, { $0 / $1 }), (.minimum, { min($0, $1) }),
      (.maximum, { max($0, $1) }), (.power, { pow($0, $1) }),
    ]
    let comparisons: [(Comparison, (Double, Double) -> Bool)] = [
      (.equal, { $0 == $1 }), (.less, { $0 < $1 }), (.lessOrEqual, { $0 <= $1 }), (.greater, { $0 > $1 }), (.greaterOrEqual, { $0 >= $1 }),
    ]
    for team in result.count > 1000 ? [ThreadTeam.single, ThreadTeam(count: 3)] : teams {
      check(Float.self, team)
      check(Double.self, team)
    }

    func check<T: KernelScalar>(_ type: T.Type, _ team: ThreadTeam) {
      let left = x.cast(type), right = y.cast(type)
      for (function, definition) in functions {
        let values = filled(result.count, type) { Kernels.apply(function, left.span, right.span, broadcast, into: &$0, team: team) }
        let expected = pairs.map { Double(T(definition($0, $1))) }
        #expect(
          greatestError(values, expected, scale: 1e-30) <= tolerance(type, units: function == .power ? 2 : 1),
          "\(function) \(type) \(team)")
      }
      for (comparison, definition) in comparisons {
        var values = [Bool](repeating: false, count: result.count)
        var span = values.mutableSpan
        Kernels.compare(comparison, left.span, right.span, broadcast, into: &span, team: team)
        #expect(values == pairs.map { definition($0, $1) }, "\(comparison) \(type) \(team)")
      }
    }
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(Broadcast([2, 3], [2]) == nil)
    #expect(Broadcast([0], [2]) == nil)
    #expect(Broadcast([1 << 30, 1], [1, 1 << 30]) == nil)
    // Nine axes that alternate cannot be joined.
    #expect(Broadcast([2, 1, 2, 1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1, 2, 1, 2, 1]) == nil)
    // Nine equal axes can.
    #expect(Broadcast([2, 2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2, 2]) != nil)
  }

  @Test func aNaNWins() throws {
    let broadcast = try #require(Broadcast([20], [20]))
    let a = (0..<20).map { $0 % 2 == 0 ? Float.nan : 1 }, b = (0..<20).map { $0 % 3 == 0 ? Float.nan : 2 }
    for team in teams {
      for function: BinaryFunction in [.minimum, .maximum, .add] {
        let values = filled(20, Float.self) { Kernels.apply(function, a.span, b.span, broadcast, into: &$0, team: team) }
        let expected = (0..<20).map { (index: Int) -> Bool in index % 2 == 0 || index % 3 == 0 }
        #expect(values.map(\.isNaN) == expected, "\(function)")
      }
    }
  }

  @Test func selectsByCondition() throws {
    let broadcast = try #require(Broadcast([2, 1, 5], [3, 1], [5]))
    let condition = (0..<10).map { $0 % 3 == 0 }
    func check<E: TensorElement>(_ a: [E], _ b: [E], _ zero: E) {
      var values = [E](repeating: zero, count: 30)
      var span = values.mutableSpan
      Kernels.select(condition.span, a.span, b.span, broadcast, into: &span, team: .single)
      let expected = (0..<30).map { (index: Int) -> E in
        condition[index / 15 * 5 + index % 5] ? a[index / 5 % 3] : b[index % 5]
      }
      #expect(values == expected)
    }
    check([1, 2, 3] as [Int8], [4, 5, 6, 7, 8], 0)
    check([1, 2, 3] as [Float16], [4, 5, 6, 7, 8], 0)
    check([1, 2, 3] as [Float], [4, 5, 6, 7, 8], 0)
    check([1, 2, 3] as [Int64], [4, 5, 6, 7, 8], 0)
  }

  func place(_ index: Int, _ result: Shape, _ operand: Shape) -> Int {
    var index = index, place = 0, step = 1
    for axis in stride(from: result.rank - 1, through: 0, by: -1) {
      let coordinate = index % result[axis], own = axis - (result.rank - operand.rank)
      index /= result[axis]
      guard own >= 0 else { continue }
      if operand[own] != 1 { place += coordinate * step }
      step *= operand[own]
    }
    return place
  }
}
