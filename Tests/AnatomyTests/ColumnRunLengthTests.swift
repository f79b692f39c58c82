import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Testing

@Suite struct ColumnRunLengthTests {
  @Test func readsColumnsFirst() throws {
    // 3 wide, 2 high; columns (0,1), (1,1), (0,0): one out, three in, two out.
    let form = try ColumnRunLength(counts: [1, 3, 2], size: PixelSize(3, 2))
    #expect(form.mask.picture == [".#.", "##."])
    #expect(ColumnRunLength(form.mask) == form)
    #expect(try ColumnRunLength(counts: [0, 6], size: PixelSize(3, 2)).mask == Mask(allOf: PixelSize(3, 2)))
    #expect(ColumnRunLength(Mask(allOf: PixelSize(3, 2))).counts == [0, 6])
    #expect(ColumnRunLength(Mask(emptyOf: PixelSize(3, 2))).counts == [6])
    // Empty runs join their neighbours.
    #expect(try ColumnRunLength(counts: [1, 1, 0, 2, 2, 0], size: PixelSize(3, 2)).mask == form.mask)
  }

  /// The text form and the pixels, against pycocotools.
  @Test func textFormOfCOCO() throws {
    for shape in try ShapeCase.all() {
      let form = try ColumnRunLength(compressed: shape.compressed, size: shape.size)
      #expect(form.counts == shape.exact)
      #expect(form.mask == shape.mask)
      #expect(ColumnRunLength(shape.mask).compressed == shape.compressed)
    }
  }

  @Test func numbersOfEverySize() throws {
    // 1, 31, 32, 33, 1023, 1024, …: lengths around the borders of five-bit groups, and negative differences.
    let counts = [1, 31, 32, 33, 1023, 1024, 1025, 1, 15, 16, 17, 32767, 32768, 2, 1_000_000, 0]
    let size = PixelSize(counts.reduce(0, +), 1)
    let form = try ColumnRunLength(counts: counts, size: size)
    #expect(try ColumnRunLength(compressed: form.compressed, size: size) == form)
  }

  @Test func refusesWhatDoesNotAddUp() {
    let size = PixelSize(3, 2)
    #expect(throws: RunLengthError.tooShort(5, size)) { try ColumnRunLength(counts: [1, 3, 1], size: size) }
    #expect(throws: RunLengthError.tooLong(size)) { try ColumnRunLength(counts: [1, 3, 3], size: size) }
    #expect(throws: RunLengthError.tooLong(size)) { try ColumnRunLength(counts: [1, .max, .max], size: size) }
    #expect(throws: RunLengthError.negative(-1)) { try ColumnRunLength(counts: [1, -1, 6], size: size) }
    #expect(throws: RunLengthError.notRunLength(1)) { try ColumnRunLength(compressed: "1 2", size: size) }
    #expect(throws: RunLengthError.notRunLength(2)) { try ColumnRunLength(compressed: "1o", size: size) }
    #expect(throws: RunLengthError.self) { try ColumnRunLength(compressed: String(repeating: "o", count: 40), size: size) }
    #expect(throws: RunLengthError.tooShort(0, size)) { try ColumnRunLength(compressed: "", size: size) }
  }
}
