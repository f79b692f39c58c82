import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Operators on the bits of integers; what the standard's cases leave out.
@Suite struct BitsTests {
  @Test func everyWidth() throws {
    #expect(try TestNode("BitwiseAnd").result(Tensor([-1, 6] as [Int8]), Tensor([3] as [Int8])).integers == [3, 2])
    #expect(try TestNode("BitwiseOr").result(Tensor([5] as [UInt16]), Tensor([2, 1] as [UInt16])).integers == [7, 5])
    #expect(try TestNode("BitwiseXor").result(Tensor([-1] as [Int64]), Tensor([Int64.min])).integers == [.max])
    #expect(try TestNode("BitwiseNot").result(Tensor([0, 255] as [UInt8])).integers == [255, 0])
    #expect(try TestNode("BitwiseNot").result(Tensor([0, Int16.max])).integers == [-1, -32768])
  }

  /// A distance that is negative or too large leaves the sign to the right and nothing to the left.
  @Test(arguments: [("LEFT", [2, 0, 0, 0, -128]), ("RIGHT", [0, -1, -1, 0, -1])] as [(String, [Int])])
  func shifts(_ direction: String, _ expected: [Int]) throws {
    let x = Tensor([1, -1, -1, 1, -1] as [Int8]), y = Tensor([1, 8, -1, .min, 7] as [Int8])
    #expect(try TestNode("BitShift", ["direction": .string(direction)]).result(x, y).integers == expected)
  }

  @Test func refusals() {
    expectRefusal("must hold integers") { try TestNode("BitwiseAnd").types((.float32, [2]), (.float32, [2])) }
    expectRefusal("must hold integers") { try TestNode("BitwiseNot").types((.bool, [2])) }
    expectRefusal("one element type") { try TestNode("BitwiseOr").types((.int8, [2]), (.int16, [2])) }
    expectRefusal("LEFT or RIGHT") { try TestNode("BitShift") }
    expectRefusal("not left") { try TestNode("BitShift", ["direction": .string("left")]) }
  }
}
