import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

@Suite struct AttentionTests {
  /// Rows and keys around tiles and vectors, two heads whose queries, keys and values stand side by side in rows.
  @Test(arguments: [(1, 1), (2, 15), (6, 16), (7, 17), (14, 32), (15, 33), (29, 49), (61, 130)], [(16, 16), (48, 32), (32, 48)])
  func isTheDefinition(_ extents: (rows: Int, keys: Int), _ sizes: (depth: Int, width: Int)) throws {
    for addends in 0...2 {
      for hasColumns in [false, true] {
        try check(extents.rows, extents.keys, sizes.depth, sizes.width, addends: addends, hasColumns: hasColumns)
      }
    }
  }

  private func check(_ rows: Int, _ keys: Int, _ depth: Int, _ width: Int, addends: Int, hasColumns: Bool) throws {
    let heads = 2, scale: Float = 0.125
    // Numbers that float32 has.
    func rounded(_ count: Int, seed: UInt64) -> [Double] { numbers(count, seed: seed).cast(Float.self).map(Double.init) }
    let q = rounded(rows * heads * depth, seed: 1), k = rounded(keys * heads * depth, seed: 2), v = rounded(keys * heads * width, seed: 3)
    // The first differs from row to row, the second from head to head, with keys that are left out.
    var a = rounded(rows * keys, seed: 4), b = rounded(heads * keys, seed: 5)
    for index in stride(from: 1, to: keys, by: 3) { b[index] = -.infinity }
    if rows > 1 { a[keys] = -100 }
    func side(_ columns: Int) -> MatrixStack {
      MatrixStack(offsets: (0..<heads).map { $0 * columns }, rowStride: heads * columns, columnStride: 1)
    }
    let turned = MatrixStack(offsets: (0..<heads).map { $0 * depth * keys }, rowStride: 1, columnStride: keys)
    let stacks = [
      MatrixStack(offsets: [0, 0], rowStride: keys, columnStride: 1), MatrixStack(offsets: [0, keys], rowStride: 0, columnStride: 1),
    ]
    let layout = try #require(
      AttentionLayout(
        rows: rows, keys: keys, depth: depth, width: width, scale: scale, q: side(depth), k: hasColumns ? turned : side(depth), v: side(width),
        y: side(width), addends: Array(stacks.prefix(addends))))
    var expected = [Double](repeating: 0, count: rows * heads * width)
    for (head, row) in (0..<heads).flatMap({ head in (0..<rows).map { (head, $0) } }) {
      let scores = (0..<keys).map { key -> Double in
        let sum = (0..<depth).reduce(0.0) { sum, d in
          sum + q[(row * heads + head) * depth + d] * k[hasColumns ? (head * depth + d) * keys + key : (key * heads + head) * depth + d]
        }
        return sum * Double(scale) + (addends > 0 ? a[row * keys + key] : 0) + (addends > 1 ? b[head * keys + key] : 0)
      }
      let largest = scores.max() ?? 0, weights = scores.map { exp($0 - largest) }, total = weights.reduce(0, +)
      for column in 0..<width {
        let sum = (0..<keys).reduce(0.0) { $0 + weights[$1] * v[($1 * heads + head) * width + column] }
        expected[(row * heads + head) * width + column] = sum / total
      }
    }
    let q0 = q.cast(Float.self), k0 = k.cast(Float.self), v0 = v.cast(Float.self), a0 = a.cast(Float.self), b0 = b.cast(Float.self)
    var twin: [Double]?
    for team in teams {
      let y = filled(expected.count, Float.self) {
        let scratch = Scratch()
        switch addends {
        case 0: Kernels.attend(layout, q: q0.span, k: k0.span, v: v0.span, into: &$0, scratch: scratch, team: team)
        case 1: Kernels.attend(layout, q: q0.span, k: k0.span, v: v0.span, addend: a0.span, into: &$0, scratch: scratch, team: team)
        default:
          Kernels.attend(
            layout, q: q0.span, k: k0.span, v: v0.span, addend: a0.span, other: b0.span, into: &$0, scratch: scratch, team: team)
        }
      }
      #expect(greatestError(y, expected, scale: 1) <= tolerance(Float.self, units: 24), "\(team)")
      // Threads change nothing.
      if team.instructionSet == .preferred {
        #expect(y == twin ?? y, "\(team)")
        twin = y
      }
    }
  }

  @Test func whatTheKernelCannotRead() {
    let good = MatrixStack(offsets: [0], rowStride: 32, columnStride: 1), spread = MatrixStack(offsets: [0], rowStride: 32, columnStride: 2)
    let turned = MatrixStack(offsets: [0], rowStride: 1, columnStride: 32), two = MatrixStack(offsets: [0, 8], rowStride: 32, columnStride: 1)
    func layout(depth: Int = 16, q: MatrixStack? = nil, k: MatrixStack? = nil, v: MatrixStack? = nil) -> AttentionLayout? {
      AttentionLayout(rows: 3, keys: 3, depth: depth, width: 16, scale: 1, q: q ?? good, k: k ?? good, v: v ?? good, y: good)
    }
    #expect(layout()?.operandCounts == [80, 80, 80] && layout()?.resultCount == 80)
    #expect(layout(k: turned)?.operandCounts == [80, 483, 80])
    #expect(layout(depth: 8) == nil && layout(q: spread) == nil && layout(k: spread) == nil && layout(v: turned) == nil && layout(v: two) == nil)
  }
}
