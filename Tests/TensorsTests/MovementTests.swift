import CarpusTensors
import Testing

@Suite struct MovementTests {
  /// source strides, offset, extents (the target is dense)
  static let copies: [([Int], Int, [Int])] = [
    ([], 3, []), ([1], 0, [50]), ([0], 5, [33]), ([-1], 49, [50]), ([1, 7], 0, [7, 7]), ([1, 40], 0, [40, 33]), ([1, 40, 1], 0,
    [17, 16, 2]),
    ([100, 1, 10], 2, [3, 7, 10]), ([60, 20, 5, 1], 1, [2, 3, 4, 5]), ([1, 2, 4, 8, 16, 32, 64, 128, 256], 0, [2, 2, 2, 2, 2, 2, 2, 2, 2]),
    ([1, 300], 0, [300, 280]), ([0, 3], 1, [4, 9]), ([5, 1], 0, [0, 4]),
  ]

  @Test(arguments: copies) func copiesStrided(_ strides: [Int], _ offset: Int, _ extents: [Int]) {
    let places = extents.indices.reduce([offset]) { done, axis in
      done.flatMap { place in (0..<extents[axis]).map { place + $0 * strides[axis] } }
    }
    let size = (places.max() ?? 0) + 1
    let dense = Shape(extents).strides
    for team in [ThreadTeam.single, ThreadTeam(count: 3)] {
      check((0..<size).map { UInt8(truncatingIfNeeded: $0) }, team)
      check((0..<size).map { Int16(truncatingIfNeeded: $0) }, team)
      check((0..<size).map { Float($0) }, team)
      check((0..<size).map { Int64($0) }, team)
    }

    func check<E: TensorElement & Numeric>(_ source: [E], _ team: ThreadTeam) {
      var target = [E](repeating: 0, count: places.count + 2)
      var span = target.mutableSpan
      Kernels.copyStrided(
        source.span, sourceOffset: offset, sourceStrides: strides, into: &span, targetOffset: 1, targetStrides: dense, extents: extents,
        team: team)
      #expect(target == [0] + places.map { source[$0] } + [0])
      // And back, where no place is written twice.
      guard !strides.contains(0) else { return }
      var back = [E](repeating: 0, count: size)
      var backSpan = back.mutableSpan
      Kernels.copyStrided(
        target.span, sourceOffset: 1, sourceStrides: dense, into: &backSpan, targetOffset: offset, targetStrides: strides, extents: extents,
        team: team)
      var expected = [E](repeating: 0, count: size)
      for place in places { expected[place] = source[place] }
      #expect(back == expected)
    }
  }

  @Test func gathers() throws {
    let source = (0..<2 * 4 * 3).map { Int32($0) }
    let indices: [Int64] = [3, 0, -1, -4]
    var target = [Int32](repeating: 0, count: 2 * 4 * 3)
    var span = target.mutableSpan
    try Kernels.gather(source.span, outer: 2, extent: 4, inner: 3, indices: indices.span, into: &span, team: .single)
    #expect(target == [9, 10, 11, 0, 1, 2, 9, 10, 11, 0, 1, 2, 21, 22, 23, 12, 13, 14, 21, 22, 23, 12, 13, 14])
    for bad: Int64 in [4, -5, .max, .min] {
      #expect(throws: IndexOutOfRange(position: 1, index: bad, extent: 4)) {
        let indices: [Int64] = [0, bad, 1, 1]
        var target = [Int32](repeating: 0, count: 24)
        var span = target.mutableSpan
        try Kernels.gather(source.span, outer: 2, extent: 4, inner: 3, indices: indices.span, into: &span, team: .single)
      }
    }
  }

  @Test func fills() {
    for count in [0, 1, 33, 70_000] {
      var target = [Float](repeating: 0, count: count)
      var span = target.mutableSpan
      Kernels.fill(&span, with: 2.5, team: ThreadTeam(count: 3))
      #expect(target.allSatisfy { $0 == 2.5 })
    }
  }
}
