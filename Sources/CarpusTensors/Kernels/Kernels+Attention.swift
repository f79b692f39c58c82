import CCarpusKernels

extension Kernels {
  /// The attention that the layout describes; of `y`, only the elements of its matrices are written.
  ///
  /// - Precondition: the spans have as many elements as the layout asks for, and there is one for each addend.
  public static func attend(
    _ layout: AttentionLayout, q: Span<Float>, k: Span<Float>, v: Span<Float>, addend: Span<Float>? = nil, other: Span<Float>? = nil,
    into y: inout MutableSpan<Float>, scratch: Scratch, team: ThreadTeam
  ) {
    let counts = [q.count, k.count, v.count] + [addend?.count, other?.count].compactMap(\.self)
    precondition(counts.count == layout.operandCounts.count && zip(counts, layout.operandCounts).allSatisfy { $0 >= $1 })
    precondition(y.count >= layout.resultCount && (addend != nil || other == nil))
    let q = Source(q), k = Source(k), v = Source(v), addend = Source(addend), other = Source(other), y = Target(&y)
    let rows = layout.addends.map(\.rowStride) + [0, 0]
    let attention = ck_attention(
      keys: layout.keys, depth: layout.depth, width: layout.width, query_row: layout.q.rowStride, key_row: layout.k.rowStride,
      key_column: layout.k.columnStride, value_row: layout.v.rowStride, result_row: layout.y.rowStride, addend_rows: (rows[0], rows[1]),
      scale: layout.scale)
    var first = attention
    let floats = unsafe ck_attention_floats(&first), numbers = BlockedPlanes.blocks(max(layout.keys, layout.depth))
    let memory = scratch.blocks(workers: team.count, byteCount: floats * 4 + numbers * 8 + 64), packed = (floats * 4 + 63) / 64 * 64
    let heads = layout.q.offsets.count
    // Each part of a head packs its keys and values again.
    let parts = team.count == 1 || heads >= 2 * team.count ? 1 : max(1, min((2 * team.count + heads - 1) / max(heads, 1), layout.rows / 28))
    team.run(tasks: heads * parts) { task, worker in
      var attention = attention
      let head = task / parts, part = task % parts, spare = memory.base.advanced(bytes: worker * memory.stride)
      unsafe ck_attend(
        team.isa, &attention, q.floats(layout.q.offsets[head]), k.floats(layout.k.offsets[head]), v.floats(layout.v.offsets[head]),
        addend?.floats(layout.addends[0].offsets[head]), other?.floats(layout.addends[1].offsets[head]), y.floats(layout.y.offsets[head]),
        layout.rows * part / parts, layout.rows * (part + 1) / parts, spare.floats,
        spare.advanced(bytes: packed).start?.assumingMemoryBound(to: Int.self))
    }
  }
}
