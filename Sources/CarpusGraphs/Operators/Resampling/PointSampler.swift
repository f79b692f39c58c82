import CarpusTensors

enum SamplingKernel: Sendable {
  case nearest, linear
  /// Keys' cubic convolution with a = −0.75.
  case cubic

  /// Elements along each axis that a point is made from.
  var width: Int {
    switch self {
    case .nearest: 1
    case .linear: 2
    case .cubic: 4
    }
  }
}

enum SamplingPadding: String, Sendable, CaseIterable {
  /// What lies outside is 0.
  case zeros
  /// The nearest element; for points outside the nearest point inside, but for the cubic kernel, which PyTorch and ONNX Runtime
  /// move across the border with all of its elements.
  case border
  /// The elements and points mirrored at the ends.
  case reflection
}

/// The elements of a grid from which the value at a point between them is interpolated, with their weights, and with the
/// derivatives of the weights along each axis. One sampler is moved from point to point.
struct PointSampler<T: KernelScalar> {
  private let extents: [Int]
  private let kernel: SamplingKernel
  private let padding: SamplingPadding
  /// The ends of each axis at which is mirrored.
  private let ends: [(low: T, high: T)]
  private let width: Int
  // Per axis, `width` taps: index (-1 outside), weight, derivative of the weight by the position.
  private var taps: [Int], factors: [T], slopes: [T]

  /// Where each element lies in a plane; -1 for one outside, which is 0.
  private(set) var offsets: [Int]
  private(set) var weights: [T]
  /// `derivatives[a · weights.count + k]` is the derivative of `weights[k]` by the position along axis a.
  private(set) var derivatives: [T]

  /// - Parameters:
  ///   - extents: those of a plane, positive.
  ///   - mirrorsCentres: where `reflection` mirrors: at the centres of the outermost elements, not at their outer edges.
  init(extents: [Int], kernel: SamplingKernel, padding: SamplingPadding, mirrorsCentres: Bool = true) {
    self.extents = extents
    self.kernel = kernel
    self.padding = padding
    ends = extents.map { mirrorsCentres ? (0, T($0 - 1)) : (-0.5, T($0) - 0.5) }
    width = kernel.width
    taps = [Int](repeating: -1, count: width * extents.count)
    factors = [T](repeating: 0, count: width * extents.count)
    slopes = factors
    let count = extents.reduce(1) { count, _ in count * kernel.width }
    offsets = [Int](repeating: -1, count: count)
    weights = [T](repeating: 0, count: count)
    derivatives = [T](repeating: 0, count: count * extents.count)
  }

  /// Weights times values, for one plane of `x` that starts at `plane`.
  func value(of x: Span<T>, plane: Int) -> T {
    var sum: T = 0
    for index in offsets.indices where offsets[index] >= 0 { sum += weights[index] * x[plane + offsets[index]] }
    return sum
  }

  /// The derivative of `value` by the position along an axis.
  func slope(of x: Span<T>, plane: Int, axis: Int) -> T {
    var sum: T = 0
    for index in offsets.indices where offsets[index] >= 0 { sum += derivatives[axis * weights.count + index] * x[plane + offsets[index]] }
    return sum
  }

  /// Adds `seed` times the weights to one plane of a gradient: the adjoint of `value`.
  func scatter(_ seed: T, to gradient: inout [T], plane: Int) {
    for index in offsets.indices where offsets[index] >= 0 { gradient[plane + offsets[index]] += seed * weights[index] }
  }

  // MARK: Moving

  /// Sets the position along one axis; `finishMoving` follows when all are set.
  ///
  /// The derivative is that from above where the weights have a kink. As in PyTorch it is 0 at and beyond the ends where `border`
  /// or `reflection` meets them.
  mutating func move(axis: Int, to position: T) {
    let first = axis * width, extent = extents[axis], last = T(extent - 1)
    for tap in first..<first + width { taps[tap] = -1 }
    var x = kernel == .nearest ? position.rounded(.toNearestOrEven) : position, direction: T = 1
    switch padding {
    case .zeros: guard x > -4, x < last + 4 else { return }
    // NaN becomes 0.
    case .border where kernel == .cubic: x = x.isNaN ? 0 : max(-4, min(x, last + 4))
    case .border:
      if !(x >= 0 && x <= last) { (x, direction) = (x > last ? last : 0, 0) }
    case .reflection:
      if !(x >= ends[axis].low && x <= ends[axis].high) { (x, direction) = mirrored(x, axis) }
    }
    if padding != .zeros, kernel == .linear, x <= 0 || x >= last { direction = 0 }
    let origin = x.rounded(.down), r = x - origin, start = Int(origin) - (kernel == .cubic ? 1 : 0)
    for tap in 0..<width { taps[first + tap] = inside(start + tap, axis) }
    switch kernel {
    case .nearest: set(first, 1, 0)
    case .linear:
      set(first, 1 - r, -direction)
      set(first + 1, r, direction)
    case .cubic:
      set(first, Self.outer(1 + r), direction * Self.outerSlope(1 + r))
      set(first + 1, Self.inner(r), direction * Self.innerSlope(r))
      set(first + 2, Self.inner(1 - r), -direction * Self.innerSlope(1 - r))
      set(first + 3, Self.outer(2 - r), -direction * Self.outerSlope(2 - r))
    }
  }

  /// Combines the axes.
  mutating func finishMoving() {
    offsets[0] = 0
    weights[0] = 1
    for axis in extents.indices { derivatives[axis * weights.count] = 1 }
    var count = 1
    for axis in extents.indices {
      // From the end, so that nothing is overwritten before it is read.
      for entry in (0..<count).reversed() {
        for tap in (0..<width).reversed() {
          let place = entry * width + tap, own = axis * width + tap
          for other in extents.indices {
            let first = other * weights.count
            derivatives[first + place] = derivatives[first + entry] * (other == axis ? slopes[own] : factors[own])
          }
          weights[place] = weights[entry] * factors[own]
          offsets[place] = offsets[entry] < 0 || taps[own] < 0 ? -1 : offsets[entry] * extents[axis] + taps[own]
        }
      }
      count *= width
    }
  }

  // MARK: Inside

  private mutating func set(_ tap: Int, _ weight: T, _ slope: T) {
    factors[tap] = weight
    slopes[tap] = slope
  }

  private func inside(_ index: Int, _ axis: Int) -> Int {
    let last = extents[axis] - 1
    if index >= 0 && index <= last { return index }
    switch padding {
    case .zeros: return -1
    case .border: return index < 0 ? 0 : last
    case .reflection: return max(0, min(Int(mirrored(T(index), axis).position), last))
    }
  }

  /// A position mirrored at the ends until it lies between them, and the sign of its derivative.
  private func mirrored(_ x: T, _ axis: Int) -> (position: T, direction: T) {
    let (low, high) = ends[axis], span = high - low
    guard span > 0, x.isFinite else { return (max(low, 0), 0) }
    let distance = abs(x - low), flips = (distance / span).rounded(.down), rest = distance - flips * span
    let sign: T = x < low ? -1 : 1
    return flips.truncatingRemainder(dividingBy: 2) == 0 ? (low + rest, sign) : (high - rest, -sign)
  }

  private static var a: T { -0.75 }

  /// Keys' kernel up to a distance of 1 and from there to 2, and their derivatives by the distance.
  private static func inner(_ x: T) -> T { ((a + 2) * x - (a + 3)) * x * x + 1 }
  private static func outer(_ x: T) -> T { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
  private static func innerSlope(_ x: T) -> T { (3 * (a + 2) * x - 2 * (a + 3)) * x }
  private static func outerSlope(_ x: T) -> T { (3 * a * x - 10 * a) * x + 8 * a }
}

extension Results {
  /// Sets a result to numbers that were calculated in another type, if need be.
  mutating func set<T: TensorElement>(_ index: Int, to values: [T]) {
    copyElements(of: Tensor(values, shape: shape(index)).converted(to: elementType(index), team: team), to: index)
  }
}
