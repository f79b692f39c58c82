import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SizeTests {
  @Test(arguments: [[], [3], [2, 3, 4], [5, 0]]) func results(_ extents: [Int]) throws {
    let x = Tensor(zeros: .bool, shape: Shape(extents))
    let expected = Int64(extents.reduce(1, *))
    for extentsAreKnown in [true, false] {
      let y = try TestNode("Size").run([x], extentsAreKnown: extentsAreKnown)[0].tensor
      #expect(y?.shape == [])
      #expect(y?.array(of: Int64.self) == [expected])
    }
  }

  @Test func knownSizesAreFolded() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2, 3]))
    let size = try builder.add(try TestNode("Size").op, x)
    #expect(builder.constant(size)?.integers == [6])
  }
}
