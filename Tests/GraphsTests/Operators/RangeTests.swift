import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct RangeOfTests {
  @Test(arguments: try OperatorCase.load("Range"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func refusesWhatDoesNotEnd() throws {
    let node = try TestNode("Range")
    func scalar(_ value: Int64) -> Tensor { Tensor(scalar: value) }
    #expect(throws: GraphError.self) { try node.result(scalar(0), scalar(5), scalar(0)) }
    #expect(throws: GraphError.self) { try node.result(scalar(.min), scalar(.max), scalar(1)) }
    #expect(throws: GraphError.self) { try node.result(scalar(0), scalar(.max), scalar(1)) }
    #expect(try node.result(scalar(0), scalar(.max), scalar(.max)).integers == [0])
    #expect(try node.result(scalar(0), scalar(.max), scalar(.min)).integers == [])
    #expect(try node.result(scalar(-1), scalar(.min), scalar(.min)).integers == [-1])
    for numbers in [[0.0, 1, 0], [0, .nan, 1], [0, .infinity, 1], [0, 1e300, 1e-300], [0, 1, 1e-17]] {
      #expect(throws: GraphError.self) {
        try node.result(Tensor(scalar: numbers[0]), Tensor(scalar: numbers[1]), Tensor(scalar: numbers[2]))
      }
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    let node = try TestNode("Range")
    #expect(throws: OperatorError.self) { try node.types((.int64, []), (.int64, []), (.int32, [])) }
    #expect(throws: OperatorError.self) { try node.types((.int64, []), (.int64, [2]), (.int64, [])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, []), (.bool, []), (.bool, [])) }
    #expect(try node.types((.int64, []), (.int64, []), (.int64, [])) == [ValueType(.int64, [nil])])
    let empty = Tensor([] as [Int64])
    #expect(throws: GraphError.self) { try node.result(empty, empty, empty, shapes: [.unknown, .unknown, .unknown]) }
  }

  @Test func shortIntegersDoNotTrap() throws {
    let numbers = [-128, 127, 100].map { Tensor(scalar: Int8($0)) }
    #expect(try TestNode("Range").result(numbers[0], numbers[1], numbers[2]).integers == [-128, -28, 72])
  }
}
