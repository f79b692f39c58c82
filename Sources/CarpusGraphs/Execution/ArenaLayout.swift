import CarpusTensors

/// Places buffers with known lifetimes in one block of memory, so that buffers that are alive together never overlap.
struct ArenaLayout {
  /// A buffer that is written at step `first` and read last at step `last`.
  struct Buffer {
    let byteCount: Int
    let first: Int
    var last: Int
  }

  let offsets: [Int]
  let byteCount: Int

  /// Largest buffers first, each at the lowest place that is free during its life: a well-known heuristic that
  /// comes close to the lower bound for networks.
  init(_ buffers: [Buffer]) {
    var offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [(range: Range<Int>, buffer: Int)] = []  // sorted by offset
    var end = 0
    let order = buffers.indices.sorted { (buffers[$0].byteCount, $1) > (buffers[$1].byteCount, $0) }
    for index in order {
      let buffer = buffers[index]
      let size = (max(buffer.byteCount, 1) + TensorStorage.alignment - 1) / TensorStorage.alignment * TensorStorage.alignment
      var offset = 0
      for other in placed {
        let rival = buffers[other.buffer]
        guard rival.first <= buffer.last, buffer.first <= rival.last else { continue }
        if offset + size <= other.range.lowerBound { break }
        offset = max(offset, other.range.upperBound)
      }
      offsets[index] = offset
      let place = placed.firstIndex { $0.range.lowerBound > offset } ?? placed.count
      placed.insert((offset..<offset + size, index), at: place)
      end = max(end, offset + size)
    }
    self.offsets = offsets
    byteCount = end
  }
}
