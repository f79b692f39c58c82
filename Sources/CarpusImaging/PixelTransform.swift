/// The way from the pixels of a radiograph to those of a network's input, and back:
/// `x′ = scaleX · x + offsetX`, `y′ = scaleY · y + offsetY` in continuous coordinates (pixel centres at + ½).
public struct PixelTransform: Hashable, Sendable {
  public var scaleX, scaleY, offsetX, offsetY: Double

  public init(scaleX: Double, scaleY: Double, offsetX: Double, offsetY: Double) {
    self.scaleX = scaleX
    self.scaleY = scaleY
    self.offsetX = offsetX
    self.offsetY = offsetY
  }

  public static let identity = PixelTransform(scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0)

  public func forward(_ rectangle: PixelRectangle) -> PixelRectangle {
    PixelRectangle(
      minX: scaleX * rectangle.minX + offsetX, minY: scaleY * rectangle.minY + offsetY,
      maxX: scaleX * rectangle.maxX + offsetX, maxY: scaleY * rectangle.maxY + offsetY)
  }

  /// From the network's input to the radiograph.
  public func backward(_ rectangle: PixelRectangle) -> PixelRectangle {
    PixelRectangle(
      minX: (rectangle.minX - offsetX) / scaleX, minY: (rectangle.minY - offsetY) / scaleY,
      maxX: (rectangle.maxX - offsetX) / scaleX, maxY: (rectangle.maxY - offsetY) / scaleY)
  }
}
