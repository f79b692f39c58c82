import CarpusScoring

/// Smooth random values in the plane that repeat after 128 lattice steps.
struct Noise: Sendable {
  private static let side = 128
  /// −1 … 1.
  private let values: [Float]

  /// The same everywhere.
  static let shared = Noise()

  private init() {
    var stream = RandomStream(seed: 0, index: 0, "noise")
    values = (0..<Self.side * Self.side).map { _ in Float(stream.uniform(-1...1)) }
  }

  /// The value at a point in lattice steps, interpolated bilinearly.
  @inline(__always)
  func callAsFunction(_ x: Float, _ y: Float) -> Float {
    // Whole parts of positive numbers: 4096 is a multiple of the period.
    let x = x + 4096, y = y + 4096
    let left = Int32(x), low = Int32(y)
    let tx = x - Float(left), ty = y - Float(low)
    let column = Int(left & 127), row = Int(low & 127) << 7
    let nextColumn = (column + 1) & 127, nextRow = (row + 128) & 16383
    let a = values[row + column], b = values[row + nextColumn]
    let c = values[nextRow + column], d = values[nextRow + nextColumn]
    let lower = a + (b - a) * tx, upper = c + (d - c) * tx
    return lower + (upper - lower) * ty
  }
}
