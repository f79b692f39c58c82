import CarpusTensors
import Testing

@Suite struct ShapeTests {
  @Test func strides() { #expect(Shape([2, 3, 4]).strides == [12, 4, 1]) }

  @Test func refusesWhatIsNoShape() {
    #expect(Shape(checking: [2, -1]) == nil)
    #expect(Shape(checking: [1 << 31, 1 << 31]) == nil)
    #expect(Shape(checking: [0, 1 << 40])?.count == 0)
    #expect(Shape(checking: [Int.max, 2]) == nil)
  }
}
