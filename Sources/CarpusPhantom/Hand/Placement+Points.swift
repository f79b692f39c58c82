public import CarpusAnatomy
internal import CarpusImaging

extension Placement {
  /// The affine map from the hand's frame to pixels: `origin + x·across + y·along`.
  private var vectors: (across: SIMD2<Double>, along: SIMD2<Double>) {
    let (sine, cosine) = sineAndCosine(angle)
    let across = SIMD2(cosine, sine) * (isMirrored ? -pixelsPerMillimetre : pixelsPerMillimetre)
    return (across, SIMD2(sine, -cosine) * pixelsPerMillimetre)
  }

  /// Where a point of the hand's frame, in millimetres, lies on the picture.
  public func pixel(of point: SIMD2<Double>) -> PixelPoint {
    let (across, along) = vectors
    let place = origin + across * point.x + along * point.y
    return PixelPoint(x: place.x, y: place.y)
  }

  /// The point of the hand's frame, in millimetres, that lies at a place of the picture, and its steps to the right and downwards.
  func hand(of pixel: SIMD2<Double>) -> (point: Point, right: Point, down: Point) {
    let (across, along) = vectors
    let square = pixelsPerMillimetre * pixelsPerMillimetre
    let offset = pixel - origin
    return (
      Point(Float((offset * across).sum() / square), Float((offset * along).sum() / square)),
      Point(Float(across.x / square), Float(along.x / square)), Point(Float(across.y / square), Float(along.y / square))
    )
  }

  func polygon(_ outline: [Point]) -> [PixelPoint] { outline.map { pixel(of: SIMD2(Double($0.x), Double($0.y))) } }

  /// The rows and columns of a grid that a polygon in the hand's frame may touch.
  func window(_ outline: [Point], on size: PixelSize) -> (columns: Range<Int>, rows: Range<Int>) {
    let points = polygon(outline)
    func range(_ values: [Double], _ limit: Int) -> Range<Int> {
      let low = min(max((values.min() ?? 0).rounded(.down) - 1, 0), Double(limit))
      let high = min(max((values.max() ?? 0).rounded(.up) + 1, low), Double(limit))
      return Int(low)..<Int(high)
    }
    return (range(points.map(\.x), size.width), range(points.map(\.y), size.height))
  }
}
