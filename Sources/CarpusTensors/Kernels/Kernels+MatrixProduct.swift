import CCarpusKernels

/// A matrix in memory: elements between neighbours in a column and in a row of it.
struct MatrixView: Sendable {
  var start: Source
  var rowStep, columnStep: Int

  func advanced<T>(rows: Int = 0, columns: Int = 0, _ type: T.Type) -> MatrixView {
    MatrixView(
      start: start.advanced(rows * rowStep + columns * columnStep, type), rowStep: rowStep, columnStep: columnStep)
  }
}

extension Kernels {
  /// c = alpha a b + beta c for row-major matrices: a is m × k, b is k × n, c is m × n. A transposed operand lies in memory with its extents
  /// exchanged. With beta = 0, c need not be initialised.
  ///
  /// Each element is a sum over k in order (in a few interleaved parts where m or n is 1), rounded to `T` at each step.
  ///
  /// - Precondition: the counts are the products of the extents.
  public static func multiply<T: KernelScalar>(
    _ a: Span<T>, _ b: Span<T>, into c: inout MutableSpan<T>, m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false,
    alpha: T = 1, beta: T = 0, scratch: Scratch = Scratch(), team: ThreadTeam
  ) {
    precondition(m >= 0 && n >= 0 && k >= 0 && a.count == m * k && b.count == k * n && c.count == m * n)
    let left = MatrixView(start: Source(a), rowStep: transposeA ? 1 : k, columnStep: transposeA ? m : 1)
    let right = MatrixView(start: Source(b), rowStep: transposeB ? 1 : n, columnStep: transposeB ? k : 1)
    let target = Target(&c)
    if m == 1 {
      multiply(rightTransposed(right), vector: left.start, into: target, rows: n, k: k, alpha: alpha, beta: beta, team: team)
    } else if n == 1 {
      multiply(left, vector: right.start, into: target, rows: m, k: k, alpha: alpha, beta: beta, team: team)
    } else {
      if beta != 0 && beta != 1 { apply(.affine(scale: Double(beta), offset: 0), inPlace: &c, team: team) }
      PackedProduct<T>(left: left, right: right, target: target, m: m, n: n, k: k, alpha: alpha, adds: beta != 0, team: team).run(scratch)
    }
  }

  private static func rightTransposed(_ view: MatrixView) -> MatrixView {
    MatrixView(start: view.start, rowStep: view.columnStep, columnStep: view.rowStep)
  }

  private static func multiply<T: KernelScalar>(
    _ matrix: MatrixView, vector: Source, into target: Target, rows: Int, k: Int, alpha: T, beta: T, team: ThreadTeam
  ) {
    // Rows that lie across are read in long pieces.
    let grain = matrix.columnStep == 1 ? max(16, 4 * elementGrain / max(k, 1)) : max(256, min(4096, rows / (2 * team.count)))
    team.forEachChunk(of: rows, grain: grain) { range in
      unsafe ck_multiply_vector(
        team.isa, T.kernelType, matrix.start.start, matrix.rowStep, matrix.columnStep, k, vector.start, Double(alpha), Double(beta),
        target.start, range.lowerBound, range.upperBound)
    }
  }
}

/// A product whose operands are packed in pieces: the left one as a whole, the right one some panels at a time.
private struct PackedProduct<T: KernelScalar>: Sendable {
  let left, right: MatrixView
  let target: Target
  let m, n, k: Int
  let alpha: T
  let adds: Bool
  let team: ThreadTeam

  func run(_ scratch: Scratch) {
    let size = MemoryLayout<T>.stride, panel = ck_tile_columns(team.isa, T.kernelType), tall = ck_tile_rows(team.isa)
    guard m > 0, n > 0 else { return }
    let pieces = Pieces(count: n, k: k, size: size, panel: panel, atLeast: 1, team: team)
    // Rows in parts that do not depend on the columns' pieces: each is packed once.
    let parts = min((m + tall - 1) / tall, max(1, m * k * size / (1 << 20)))
    let starts = (0...parts).map { m * $0 / parts }
    let packed = (m * k * size + 63) / 64 * 64
    let blocks = scratch.blocks(workers: 1, byteCount: packed + team.count * pieces.byteCount)
    let a = blocks.base
    team.run(tasks: parts) { part, _ in
      let first = starts[part], rows = starts[part + 1] - first
      unsafe ck_pack_rows(
        team.isa, T.kernelType, left.advanced(rows: first, T.self).start.start, left.rowStep, left.columnStep, rows, k, Double(alpha),
        a.advanced(first * k, T.self).start)
    }
    let wanted = (2 * team.count + pieces.tasks - 1) / pieces.tasks
    let groups = team.count == 1 ? 1 : min(parts, wanted)
    team.run(tasks: pieces.tasks * groups) { task, worker in
      let group = task % groups, columns = pieces.range(task / groups)
      let b = a.advanced(bytes: packed + worker * pieces.byteCount)
      unsafe ck_pack_columns(
        team.isa, T.kernelType, right.advanced(columns: columns.lowerBound, T.self).start.start, right.columnStep, right.rowStep,
        columns.count, k, b.start)
      for part in parts * group / groups..<parts * (group + 1) / groups {
        let first = starts[part], rows = starts[part + 1] - first
        let c = target.advanced(first * n + columns.lowerBound, T.self)
        var product = ck_product()
        product.rows = rows
        product.columns = columns.count
        product.k = k
        product.stride = n
        product.low = -.infinity
        product.high = .infinity
        unsafe ck_multiply_packed(
          team.isa, T.kernelType, &product, a.advanced(first * k, T.self).source.start, b.source.start, nil,
          adds ? c.source.start : nil, c.start, 0, (rows + tall - 1) / tall, 0, (columns.count + panel - 1) / panel)
      }
    }
  }
}

/// How the columns of a product (or the outputs of a convolution) are cut: in pieces that fit the second-level cache when packed, and
/// enough of them for the team.
struct Pieces: Sendable {
  let count, width: Int
  /// Of one packed piece.
  let byteCount: Int

  var tasks: Int { (count + width - 1) / width }
  func range(_ task: Int) -> Range<Int> { task * width..<min(count, (task + 1) * width) }

  /// - Parameters:
  ///   - panel: The columns of a tile, of which `width` is a multiple.
  ///   - atLeast: Tasks that there are for each piece.
  init(count: Int, k: Int, size: Int, panel: Int, atLeast: Int, team: ThreadTeam) {
    let fitting = max(panel, 786_432 / max(k * size, 1))
    var pieces = (count + fitting - 1) / fitting
    if team.count > 1 {
      let wanted = (2 * team.count + atLeast - 1) / max(atLeast, 1)
      pieces = max(pieces, min(wanted, count / (4 * panel)))
    }
    pieces = max(pieces, 1)
    self.count = count
    width = max(panel, ((count + pieces - 1) / pieces + panel - 1) / panel * panel)
    byteCount = (width * max(k, 1) * size + 127) / 64 * 64
  }
}
