/// A scalar image: one `Float` for each pixel of a grid, row by row.
public struct Field: Sendable, Hashable {
  public let size: PixelSize
  public private(set) var values: [Float]

  /// - Precondition: as many values as the grid has pixels.
  public init(size: PixelSize, values: [Float]) {
    precondition(size.width >= 0 && size.height >= 0 && values.count == size.count)
    self.size = size
    self.values = values
  }

  /// The same value everywhere.
  public init(repeating value: Float, size: PixelSize) {
    self.init(size: size, values: [Float](repeating: value, count: size.count))
  }

  public var width: Int { size.width }
  public var height: Int { size.height }

  /// The value of the pixel in column `x` and row `y`.
  public subscript(x: Int, y: Int) -> Float {
    get { values[index(x, y)] }
    set { values[index(x, y)] = newValue }
  }

  private func index(_ x: Int, _ y: Int) -> Int {
    precondition(x >= 0 && x < width && y >= 0 && y < height)
    return y * width + x
  }
}
