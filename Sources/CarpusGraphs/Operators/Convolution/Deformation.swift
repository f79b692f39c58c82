import CarpusTensors

/// The extents of a deformable convolution, and its products over some positions at a time.
struct Deformation: Sendable {
  let x: Shape
  let outputs: Int
  let window: SlidingWindow
  let groups, offsetGroups: Int

  private var channels: Int { x[1] }
  private var area: Int { window.input.reduce(1, *) }
  private var taps: Int { window.kernel.reduce(1, *) }
  private var positions: Int { window.output.reduce(1, *) }
  /// Columns of the weights of one group.
  private var length: Int { channels / groups * taps }

  /// The positions in parts, so that what all taps of all channels see of one part is of bounded size.
  private var parts: [Range<Int>] {
    let width = max(1, (1 << 22) / max(channels * taps, 1))
    return stride(from: 0, to: positions, by: width).map { $0..<min(positions, $0 + width) }
  }

  // MARK: Products

  func evaluate<T: KernelScalar>(
    _ type: T.Type, _ x: Tensor, _ w: Tensor, _ offset: Tensor, _ bias: Tensor?, _ mask: Tensor?, into results: inout Results
  ) {
    let team = results.team, scratch = results.scratch, share = outputs / groups
    let offsets = bias?.array(of: T.self) ?? [T](repeating: 0, count: outputs), weights = w.elements(T.self)
    var y = results.elements(0, as: T.self)
    for image in 0..<self.x[0] {
      for range in parts {
        let columns = columns(type, x, offset, mask, image, range), all = columns.elements(T.self)
        for group in 0..<groups {
          let part = Tensor(shape: [share, range.count]) { (part: inout MutableSpan<T>) in
            Kernels.multiply(
              weights.extracting(group * share * length..<(group + 1) * share * length),
              all.extracting(group * length * range.count..<(group + 1) * length * range.count), into: &part, m: share, n: range.count,
              k: length, scratch: scratch, team: team)
          }
          let values = part.elements(T.self)
          for row in 0..<share {
            let output = group * share + row, first = (image * outputs + output) * positions + range.lowerBound
            for place in 0..<range.count { y[first + place] = values[row * range.count + place] + offsets[output] }
          }
        }
      }
    }
  }

  func evaluateAdjoint<T: KernelScalar>(
    _ type: T.Type, _ seed: Tensor, _ x: Tensor, _ w: Tensor, _ offset: Tensor, _ mask: Tensor?, into results: inout Results
  ) {
    let team = results.team, scratch = results.scratch, share = outputs / groups
    let seeds = seed.elements(T.self), weights = w.elements(T.self)
    var dw = [T](repeating: 0, count: w.shape.count)
    var sums = Sums(dx: [T](repeating: 0, count: x.shape.count), doffset: [T](repeating: 0, count: offset.shape.count))
    sums.dmask = [T](repeating: 0, count: mask?.shape.count ?? 0)
    for image in 0..<self.x[0] {
      for range in parts {
        let columns = columns(type, x, offset, mask, image, range), all = columns.elements(T.self), width = range.count
        var back = [T](repeating: 0, count: channels * taps * width)
        for group in 0..<groups {
          let part = Tensor(shape: [share, width]) { (part: inout MutableSpan<T>) in
            for row in 0..<share {
              let first = (image * outputs + group * share + row) * positions + range.lowerBound
              for place in 0..<width { part[row * width + place] = seeds[first + place] }
            }
          }
          let own = weights.extracting(group * share * length..<(group + 1) * share * length), seeds = part.elements(T.self)
          let products = Tensor(shape: [share, length]) { (target: inout MutableSpan<T>) in
            Kernels.multiply(
              seeds, all.extracting(group * length * width..<(group + 1) * length * width), into: &target, m: share, n: length, k: width,
              transposeB: true, scratch: scratch, team: team)
          }
          let returned = Tensor(shape: [length, width]) { (target: inout MutableSpan<T>) in
            Kernels.multiply(
              own, seeds, into: &target, m: length, n: width, k: share, transposeA: true, scratch: scratch, team: team)
          }
          for (place, value) in products.array(of: T.self).enumerated() { dw[group * share * length + place] += value }
          for (place, value) in returned.array(of: T.self).enumerated() { back[group * length * width + place] = value }
        }
        scatter(back, x, offset, mask, image, range, to: &sums)
      }
    }
    results.set(0, to: sums.dx)
    results.set(1, to: dw)
    results.set(2, to: sums.doffset)
    if mask != nil { results.set(3, to: sums.dmask) }
  }

  // MARK: Taps

  /// `[C · taps × positions]`: in each row what one tap sees, times the mask.
  private func columns<T: KernelScalar>(
    _ type: T.Type, _ x: Tensor, _ offset: Tensor, _ mask: Tensor?, _ image: Int, _ range: Range<Int>
  ) -> Tensor {
    let present = mask ?? offset
    let values = x.elements(T.self), shifts = offset.elements(T.self), masks = present.elements(T.self)
    let share = channels / offsetGroups
    var sampler = PointSampler<T>(extents: window.input, kernel: .linear, padding: .zeros)
    return Tensor(shape: [channels * taps, range.count]) { (columns: inout MutableSpan<T>) in
      for tap in 0..<offsetGroups * taps {
        for (column, position) in range.enumerated() {
          move(&sampler, to: position, tap, image, shifts)
          let factor = mask == nil ? 1 : masks[maskPlace(image, tap, position)]
          for channel in tap / taps * share..<(tap / taps + 1) * share {
            columns[(channel * taps + tap % taps) * range.count + column] =
              factor * sampler.value(of: values, plane: (image * channels + channel) * area)
          }
        }
      }
    }
  }

  private struct Sums<T: KernelScalar> {
    var dx: [T]
    var doffset: [T]
    var dmask: [T] = []
  }

  /// The adjoint of `columns`.
  private func scatter<T: KernelScalar>(
    _ back: [T], _ x: Tensor, _ offset: Tensor, _ mask: Tensor?, _ image: Int, _ range: Range<Int>, to sums: inout Sums<T>
  ) {
    let present = mask ?? offset
    let values = x.elements(T.self), shifts = offset.elements(T.self), masks = present.elements(T.self)
    let share = channels / offsetGroups, rank = window.input.count
    var sampler = PointSampler<T>(extents: window.input, kernel: .linear, padding: .zeros)
    for tap in 0..<offsetGroups * taps {
      for (column, position) in range.enumerated() {
        move(&sampler, to: position, tap, image, shifts)
        let factor = mask == nil ? 1 : masks[maskPlace(image, tap, position)]
        for channel in tap / taps * share..<(tap / taps + 1) * share {
          let plane = (image * channels + channel) * area, seed = back[(channel * taps + tap % taps) * range.count + column]
          sampler.scatter(seed * factor, to: &sums.dx, plane: plane)
          if mask != nil { sums.dmask[maskPlace(image, tap, position)] += seed * sampler.value(of: values, plane: plane) }
          for axis in 0..<rank {
            sums.doffset[offsetPlace(image, tap, axis, position)] += seed * factor * sampler.slope(of: values, plane: plane, axis: axis)
          }
        }
      }
    }
  }

  private func maskPlace(_ image: Int, _ tap: Int, _ position: Int) -> Int { (image * offsetGroups * taps + tap) * positions + position }

  private func offsetPlace(_ image: Int, _ tap: Int, _ axis: Int, _ position: Int) -> Int {
    ((image * offsetGroups * taps + tap) * window.input.count + axis) * positions + position
  }

  /// - Parameter tap: counted over all offset groups.
  private func move<T: KernelScalar>(_ sampler: inout PointSampler<T>, to position: Int, _ tap: Int, _ image: Int, _ shifts: Span<T>) {
    var output = position, own = tap % taps
    for axis in window.input.indices.reversed() {
      let start = output % window.output[axis] * window.strides[axis] - window.padsBegin[axis]
      let place = start + own % window.kernel[axis] * window.dilations[axis]
      sampler.move(axis: axis, to: T(place) + shifts[offsetPlace(image, tap, axis, position)])
      output /= window.output[axis]
      own /= window.kernel[axis]
    }
    sampler.finishMoving()
  }
}
