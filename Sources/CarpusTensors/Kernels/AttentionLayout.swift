/// Where the matrices of a stack stand in a tensor, which may hold other things between their elements.
public struct MatrixStack: Sendable, Hashable {
  /// Of the first element of each matrix.
  public let offsets: [Int]
  /// Elements from row to row, and from column to column.
  public let rowStride, columnStride: Int

  /// - Precondition: no number is negative.
  public init(offsets: [Int], rowStride: Int, columnStride: Int) {
    precondition(rowStride >= 0 && columnStride >= 0 && offsets.allSatisfy { $0 >= 0 })
    self.offsets = offsets
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// Elements that a tensor must have to hold them.
  func reach(rows: Int, columns: Int) -> Int { (offsets.max() ?? 0) + (rows - 1) * rowStride + (columns - 1) * columnStride + 1 }
}

/// `Y = softmax(scale · Q · Kᵀ + A + B) · V` for a stack of matrices: `Q` is rows × depth, `K` keys × depth, `V` keys × width, the addends
/// `A` and `B`, which may be absent, are rows × keys, `Y` is rows × width.
public struct AttentionLayout: Sendable, Hashable {
  public let rows, keys, depth, width: Int
  public let scale: Float
  public let q, k, v, y: MatrixStack
  public let addends: [MatrixStack]

  /// `nil` where the kernel cannot read the matrices as they lie: depth and width must be multiples of 16, the elements of a row neighbours
  /// (of `K`, those of a column will do).
  public init?(
    rows: Int, keys: Int, depth: Int, width: Int, scale: Float, q: MatrixStack, k: MatrixStack, v: MatrixStack, y: MatrixStack,
    addends: [MatrixStack] = []
  ) {
    guard rows > 0, keys > 0, keys <= 1 << 16, depth > 0, width > 0, depth <= 1 << 16, width <= 1 << 16 else { return nil }
    guard depth % BlockedPlanes.width == 0, width % BlockedPlanes.width == 0 else { return nil }
    guard ([q, v, y] + addends).allSatisfy({ $0.columnStride == 1 }), k.columnStride == 1 || k.rowStride == 1, addends.count <= 2 else {
      return nil
    }
    guard ([k, v, y] + addends).allSatisfy({ $0.offsets.count == q.offsets.count }) else { return nil }
    self.rows = rows
    self.keys = keys
    self.depth = depth
    self.width = width
    self.scale = scale
    self.q = q
    self.k = k
    self.v = v
    self.y = y
    self.addends = addends
  }

  /// Elements that the tensors of Q, K, V and the addends must have.
  public var operandCounts: [Int] {
    [q.reach(rows: rows, columns: depth), k.reach(rows: keys, columns: depth), v.reach(rows: keys, columns: width)]
      + addends.map { $0.reach(rows: rows, columns: keys) }
  }

  /// Elements that the result must have.
  public var resultCount: Int { y.reach(rows: rows, columns: width) }
}
