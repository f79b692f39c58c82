/// Width and height of a pixel grid. The origin is the upper left corner, x points right and y down, and the
/// centre of pixel (i, j) lies at (i + ½, j + ½).
public struct PixelSize: Hashable, Sendable, CustomStringConvertible {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  public var count: Int { width * height }
  /// `630×910`: width times height.
  public var description: String { "\(width)×\(height)" }
}

/// An axis-aligned rectangle in continuous pixel coordinates.
public struct PixelRectangle: Hashable, Sendable {
  public var minX, minY, maxX, maxY: Double

  public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
    self.minX = minX
    self.minY = minY
    self.maxX = maxX
    self.maxY = maxY
  }

  /// The whole of a grid.
  public init(_ size: PixelSize) { self.init(minX: 0, minY: 0, maxX: Double(size.width), maxY: Double(size.height)) }

  public var area: Double { max(0, maxX - minX) * max(0, maxY - minY) }
}
