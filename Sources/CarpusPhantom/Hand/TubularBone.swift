/// Half widths and length of a tubular bone, in millimetres.
struct TubularSize: Sendable {
  var length, base, shaft, head: Float

  init(_ length: Float, _ base: Float, _ shaft: Float, _ head: Float) {
    self.length = length
    self.base = base
    self.shaft = shaft
    self.head = head
  }

  /// Mean bones of adults by ray (Buryanov and Kotiuk 2010 for the lengths).
  static let metacarpals = [
    TubularSize(46.2, 7.4, 4.9, 7.0), TubularSize(68.1, 8.0, 4.4, 7.2), TubularSize(64.6, 6.4, 4.4, 7.2),
    TubularSize(58.0, 5.4, 3.6, 6.2), TubularSize(53.7, 6.6, 3.9, 6.0),
  ]
  static let proximal = [
    TubularSize(31.6, 7.0, 4.7, 5.9), TubularSize(39.8, 7.3, 4.6, 5.5), TubularSize(44.6, 7.7, 4.9, 5.9),
    TubularSize(41.4, 7.0, 4.5, 5.5), TubularSize(32.7, 6.2, 3.8, 4.6),
  ]
  static let middle = [
    TubularSize(22.4, 6.0, 3.8, 4.7), TubularSize(26.3, 6.4, 4.1, 5.1), TubularSize(25.7, 6.0, 3.9, 4.9),
    TubularSize(18.1, 5.0, 3.2, 4.1),
  ]
  static let distal = [
    TubularSize(21.7, 6.3, 3.7, 4.5), TubularSize(15.8, 5.0, 2.6, 3.4), TubularSize(17.4, 5.4, 2.9, 3.7),
    TubularSize(17.3, 5.2, 2.8, 3.5), TubularSize(16.0, 4.4, 2.3, 3.0),
  ]

  func scaled(length lengthFactor: Float, width: Float) -> TubularSize {
    TubularSize(length * lengthFactor, base * width, shaft * width, head * width)
  }
}

/// Outlines of tubular bones in their own axes: base at y = 0, the head's end at y = length.
enum TubularOutline {
  /// The radial half, mirrored to the ulnar side, is given by points (x, y) from the base's middle to the head's middle.
  private static func mirrored(_ half: [Point], tilt: Float) -> [Point] {
    let ulnar = half.dropFirst().dropLast().reversed().map { Point(-$0.x, $0.y) }
    let whole = half + ulnar
    guard tilt != 0 else { return whole }
    return whole.map { Point($0.x, $0.y + tilt * $0.x * max(0, 1 - abs($0.y) / 10)) }
  }

  /// - Parameter tilt: slope of the base, for the metacarpals whose base is oblique.
  static func metacarpal(_ s: TubularSize, tilt: Float) -> [Point] {
    let l = s.length, b = s.base, w = s.shaft, h = s.head
    return mirrored(
      [
        Point(0, 0.5), Point(0.55 * b, 0), Point(0.93 * b, 0.9), Point(b, 3.6), Point(0.88 * b, 7.5),
        Point(w + 0.28 * (b - w), 0.21 * l), Point(1.04 * w, 0.34 * l), Point(w, 0.50 * l), Point(1.1 * w, 0.66 * l),
        Point(w + 0.62 * (h - w), l - 1.75 * h), Point(0.97 * h, l - 1.25 * h), Point(h, l - 1.02 * h), Point(0.93 * h, l - 0.78 * h),
        Point(0.90 * h, l - 0.5 * h), Point(0.76 * h, l - 0.22 * h), Point(0.42 * h, l - 0.04 * h), Point(0, l),
      ], tilt: tilt)
  }

  static func proximalPhalanx(_ s: TubularSize) -> [Point] {
    let l = s.length, b = s.base, w = s.shaft, h = s.head
    return mirrored(
      [
        Point(0, 0.16 * b), Point(0.5 * b, 0.09 * b), Point(0.82 * b, 0), Point(0.98 * b, 0.16 * b), Point(b, 0.42 * b),
        Point(0.9 * b, 0.85 * b), Point(w + 0.42 * (b - w), 0.26 * l), Point(w + 0.14 * (b - w), 0.42 * l), Point(w, 0.62 * l),
        Point(1.0 * w, l - 2.0 * h), Point(w + 0.75 * (h - w), l - 1.15 * h), Point(h, l - 0.72 * h), Point(0.92 * h, l - 0.36 * h),
        Point(0.78 * h, l - 0.07 * h), Point(0.5 * h, l), Point(0, l - 0.13 * h),
      ], tilt: 0)
  }

  static func middlePhalanx(_ s: TubularSize) -> [Point] {
    let l = s.length, b = s.base, w = s.shaft, h = s.head
    return mirrored(
      [
        Point(0, 0), Point(0.42 * b, 0.14 * b), Point(0.8 * b, 0), Point(0.98 * b, 0.12 * b), Point(b, 0.38 * b),
        Point(0.85 * b, 0.8 * b), Point(w + 0.35 * (b - w), 0.34 * l), Point(w, 0.55 * l), Point(1.02 * w, l - 1.6 * h),
        Point(w + 0.75 * (h - w), l - 1.0 * h), Point(h, l - 0.62 * h), Point(0.9 * h, l - 0.26 * h), Point(0.72 * h, l - 0.02 * h),
        Point(0.45 * h, l), Point(0, l - 0.13 * h),
      ], tilt: 0)
  }

  static func distalPhalanx(_ s: TubularSize) -> [Point] {
    let l = s.length, b = s.base, w = s.shaft, h = s.head
    return mirrored(
      [
        Point(0, 0), Point(0.42 * b, 0.13 * b), Point(0.8 * b, 0.02 * b), Point(0.98 * b, 0.16 * b), Point(0.98 * b, 0.4 * b),
        Point(0.78 * b, 0.75 * b), Point(w + 0.3 * (b - w), 0.36 * l), Point(w, 0.56 * l), Point(w + 0.3 * (h - w), l - 1.35 * h),
        Point(0.98 * h, l - 1.02 * h), Point(h, l - 0.7 * h), Point(0.85 * h, l - 0.3 * h), Point(0.5 * h, l - 0.06 * h), Point(0, l),
      ], tilt: 0)
  }
}
