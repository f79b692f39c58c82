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

  /// 2049 is no float16; 2049 · 1.0009765625 rounds otherwise in float16 steps. By hand: each i · delta exactly, rounded once.
  @Test(arguments: [1, 11]) func halvesAreRoundedOnce(_ stash: Int) throws {
    let numbers = [2046, 2054, 1].map { Tensor(scalar: Float16($0)) }
    let y = try TestNode("Range", opset: 27, ["stash_type": .int(stash)]).result(numbers[0], numbers[1], numbers[2])
    #expect(y.elementType == .float16)
    #expect(y.doubles == [2046, 2047, 2048, 2048, 2050, 2052, 2052, 2052])
    let coarse = [256, 262, 1].map { Tensor(scalar: BFloat16(Float($0))) }
    #expect(try TestNode("Range", opset: 27).result(coarse[0], coarse[1], coarse[2]).doubles == [256, 256, 258, 260, 260, 260])
    expectRefusal("not float16") { try TestNode("Range", opset: 27, ["stash_type": .int(10)]) }
  }

  @Test func shortIntegersDoNotTrap() throws {
    let numbers = [-128, 127, 100].map { Tensor(scalar: Int8($0)) }
    #expect(try TestNode("Range").result(numbers[0], numbers[1], numbers[2]).integers == [-128, -28, 72])
  }
}
