import CarpusTensors

/// `K` feature maps of `h×w` cells of one image, as numbers to calculate with in float64.
public struct FeatureMaps: Sendable {
  public let channels: Int
  public let cells: Int
  /// float32 or float64.
  private let tensor: Tensor

  /// - Parameter tensor: `[K×h×w]`.
  init(_ tensor: Tensor) {
    channels = tensor.shape[0]
    cells = tensor.shape[1] * tensor.shape[2]
    self.tensor = tensor.elementType == .float32 ? tensor : tensor.converted(to: .float64)
  }

  public subscript(channel: Int, cell: Int) -> Double {
    let place = channel * cells + cell
    return tensor.elementType == .float32 ? Double(tensor.elements(Float.self)[place]) : tensor.elements(Double.self)[place]
  }

  /// The sum of each channel's cells.
  public func sums() -> [Double] {
    tensor.elementType == .float32 ? Self.sums(tensor.elements(Float.self), channels, cells) : Self.sums(tensor.elements(Double.self), channels, cells)
  }

  /// Σₖ weightsₖ · Aₖ(i,j) for each cell, with one weight for each channel.
  public func combined(_ weights: [Double]) -> [Double] {
    var map = [Double](repeating: 0, count: cells)
    if tensor.elementType == .float32 {
      Self.add(tensor.elements(Float.self), weights, to: &map)
    } else {
      Self.add(tensor.elements(Double.self), weights, to: &map)
    }
    return map
  }

  /// Σₖ Aₖ(i,j) · Bₖ(i,j) for each cell.
  ///
  /// - Precondition: both have as many channels and cells.
  public func combined(_ other: FeatureMaps) -> [Double] {
    precondition(channels == other.channels && cells == other.cells)
    var map = [Double](repeating: 0, count: cells)
    if tensor.elementType == .float32, other.tensor.elementType == .float32 {
      Self.addProducts(tensor.elements(Float.self), other.tensor.elements(Float.self), to: &map)
    } else {
      let a = tensor.converted(to: .float64), b = other.tensor.converted(to: .float64)
      Self.addProducts(a.elements(Double.self), b.elements(Double.self), to: &map)
    }
    return map
  }

  private static func sums<T: KernelScalar>(_ values: Span<T>, _ channels: Int, _ cells: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: channels)
    for channel in 0..<channels {
      var sum = 0.0
      for place in channel * cells..<(channel + 1) * cells { sum += Double(values[place]) }
      sums[channel] = sum
    }
    return sums
  }

  private static func add<T: KernelScalar>(_ values: Span<T>, _ weights: [Double], to map: inout [Double]) {
    for (channel, weight) in weights.enumerated() {
      for cell in map.indices { map[cell] += weight * Double(values[channel * map.count + cell]) }
    }
  }

  private static func addProducts<T: KernelScalar>(_ a: Span<T>, _ b: Span<T>, to map: inout [Double]) {
    for start in stride(from: 0, to: a.count, by: max(map.count, 1)) {
      for cell in map.indices { map[cell] += Double(a[start + cell]) * Double(b[start + cell]) }
    }
  }
}
