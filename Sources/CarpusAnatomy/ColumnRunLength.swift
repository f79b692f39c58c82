public import CarpusImaging

/// COCO's run-length form of a mask: the pixels are read column by column, each from top to bottom, and `counts`
/// holds the lengths of the runs, in turn outside and inside the mask, outside first (its first count may be 0).
///
/// Source: the description of the format in the COCO API's `maskApi.h`; `compressed` is its text form.
public struct ColumnRunLength: Hashable, Sendable {
  public let size: PixelSize
  /// Not negative; their sum is `size.count`.
  public let counts: [Int]

  /// - Throws: `RunLengthError` when a count is negative or the counts do not add up to the pixels of the grid.
  public init(counts: [Int], size: PixelSize) throws(RunLengthError) {
    var total = 0
    for count in counts {
      guard count >= 0 else { throw .negative(count) }
      guard count <= size.count - total else { throw .tooLong(size) }
      total += count
    }
    guard total == size.count else { throw .tooShort(total, size) }
    self.size = size
    self.counts = counts
  }

  /// Reads the text form. From the fourth count on, the difference to the count two places before is written; a
  /// number is cut into groups of five bits, the lowest first; a group becomes the character `48 + group`, plus 32
  /// when more follow, and bit 16 of the last group is the sign.
  public init(compressed: String, size: PixelSize) throws(RunLengthError) {
    var counts: [Int] = []
    var value = 0
    var shift = 0
    for (index, byte) in compressed.utf8.enumerated() {
      guard (48..<112).contains(byte), shift <= 50 else { throw .notRunLength(index) }
      let group = Int(byte) - 48
      value |= (group & 31) << shift
      shift += 5
      guard group & 32 == 0 else { continue }
      if group & 16 != 0 { value |= -1 << shift }
      if counts.count > 2 { value += counts[counts.count - 2] }
      guard value <= size.count else { throw .tooLong(size) }
      guard value >= 0 else { throw .negative(value) }
      counts.append(value)
      value = 0
      shift = 0
    }
    guard shift == 0 else { throw .notRunLength(compressed.utf8.count) }
    try self.init(counts: counts, size: size)
  }

  /// The text form; see `init(compressed:size:)`.
  public var compressed: String {
    var text = ""
    for (index, count) in counts.enumerated() {
      var value = index > 2 ? count - counts[index - 2] : count
      var more = true
      while more {
        let group = value & 31
        value >>= 5
        more = group & 16 != 0 ? value != -1 : value != 0
        text.unicodeScalars.append(Unicode.Scalar(UInt8(group + (more ? 32 : 0) + 48)))
      }
    }
    return text
  }

  /// The pixels.
  public var mask: Mask {
    let height = size.height
    // Rows change sides only where a column differs from the one before: the work is that of the outline.
    var starts = [Int32](repeating: -1, count: height)
    var runs: [(row: Int, start: Int32, end: Int32)] = []
    var previous: [Int] = [], current: [Int] = []
    func enter(column: Int) {
      for (first, end) in Self.differences(previous, current) {
        for row in first..<end {
          if starts[row] < 0 {
            starts[row] = Int32(column)
          } else {
            runs.append((row, starts[row], Int32(column)))
            starts[row] = -1
          }
        }
      }
      (previous, current) = (current, [])
    }
    var column = 0
    for range in insides {
      var start = range.lowerBound
      while start < range.upperBound {
        let own = start / height
        if own > column {
          enter(column: column)
          // Between two columns that hold something lies an empty one.
          if own > column + 1 { enter(column: column + 1) }
          column = own
        }
        let end = min(range.upperBound, (own + 1) * height)
        current += [start - own * height, end - own * height]
        start = end
      }
    }
    enter(column: column)
    enter(column: column + 1)
    var ofRows = [Int](repeating: 0, count: height + 1)
    for run in runs { ofRows[run.row + 1] += 1 }
    for row in 0..<height { ofRows[row + 1] += ofRows[row] }
    var sorted = runs
    for run in runs {
      sorted[ofRows[run.row]] = run
      ofRows[run.row] += 1
    }
    var builder = MaskBuilder(size: size)
    for run in sorted { builder.append(row: run.row, columns: Int(run.start)..<Int(run.end)) }
    return builder.mask
  }

  /// What lies in one of two sets of ranges and not in the other; each set is given by its ascending ends in turn.
  private static func differences(_ first: [Int], _ second: [Int]) -> [(Int, Int)] {
    var ends: [Int] = []
    var (i, j) = (0, 0)
    while i < first.count || j < second.count {
      let next = min(i < first.count ? first[i] : .max, j < second.count ? second[j] : .max)
      var count = 0
      while i < first.count, first[i] == next { (i, count) = (i + 1, count + 1) }
      while j < second.count, second[j] == next { (j, count) = (j + 1, count + 1) }
      if count % 2 == 1 { ends.append(next) }
    }
    return stride(from: 0, to: ends.count - 1, by: 2).map { (ends[$0], ends[$0 + 1]) }
  }

  /// The run-length form of a mask.
  public init(_ mask: Mask) {
    size = mask.size
    guard let bounds = mask.bounds else {
      counts = [mask.size.count]
      return
    }
    let height = mask.size.height
    let origin = Int(bounds.minX) * height
    var bits = [Bool](repeating: false, count: Int(bounds.maxX) * height - origin)
    for row in mask.rows { for run in mask.columns(inRow: row) { for x in run { bits[x * height + row - origin] = true } } }
    var counts: [Int] = []
    var length = origin
    for index in bits.indices {
      if bits[index] != (counts.count % 2 == 1) {
        counts.append(length)
        length = 0
      }
      length += 1
    }
    // Behind the bits everything is outside.
    let rest = mask.size.count - origin - bits.count
    if counts.count % 2 == 1, rest > 0 {
      counts.append(length)
      length = 0
    }
    self.counts = counts + [length + rest]
  }

  /// The runs inside the mask, as offsets in column-major order.
  private var insides: [Range<Int>] {
    var offset = 0
    var ranges: [Range<Int>] = []
    for (index, count) in counts.enumerated() {
      if index % 2 == 1, count > 0 { ranges.append(offset..<offset + count) }
      offset += count
    }
    return ranges
  }
}

/// Why a text or a list is no run-length mask.
public enum RunLengthError: Error, Hashable, CustomStringConvertible {
  case negative(Int)
  case tooLong(PixelSize)
  case tooShort(Int, PixelSize)
  /// The byte where it goes wrong.
  case notRunLength(Int)

  public var description: String {
    switch self {
    case .negative(let count): "a run-length count is \(count); counts are not negative"
    case .tooLong(let size): "the run-length counts exceed the \(size.count) pixels of a mask of \(size)"
    case .tooShort(let total, let size):
      "the run-length counts add up to \(total), not to the \(size.count) pixels of a mask of \(size)"
    case .notRunLength(let index): "the compressed run-length text is not in COCO's form at character \(index + 1)"
    }
  }
}
