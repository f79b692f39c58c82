/// The equations `d(i) · x(i) − Σ_j w(i, j) · x(j) = b(i)` of some cells of a grid, each coupled to its four neighbours at most, and their solution.
///
/// With `d(i) ≥ Σ_j w(i, j)`, and more than that somewhere in each connected part, the matrix is symmetric and positive definite. It is solved by conjugate
/// gradients. Each step is preconditioned by one multigrid cycle: a sweep of Gauss and Seidel, the same equations with 2×2 cells in one (Galerkin's, with the
/// over-correction that cells without interpolation need), and a sweep in the other direction. The number of steps hardly depends on the number of cells.
///
/// Sources: Braess, Towards algebraic multigrid for elliptic problems of second order, Computing 55:379, 1995; Hestenes and Stiefel 1952.
struct GridLaplacian {
  let width, height: Int
  /// From a cell to the one below; around the grid lies a rim of cells without equations.
  let stride: Int
  /// The couplings to the right and downwards, and d; d is 0 where there is no equation.
  private(set) var right, down, diagonal: [Float]
  private var inverse: [Float]
  /// The cells with equations, row by row, as ranges of indices.
  private var runs: [Range<Int>] = []
  /// With 2×2 cells in one; empty for a grid that is small enough.
  private var coarser: [GridLaplacian] = []

  private static let overCorrection: Float = 1.8
  private static let stepLimit = 200

  /// - Parameter diagonal: of a cell of the grid; 0 where there is no equation. Neighbours with equations are coupled with 1.
  init(width: Int, height: Int, diagonal value: (_ x: Int, _ y: Int) -> Float) {
    self.init(emptyOf: width, height)
    for y in 0..<height {
      for x in 0..<width { diagonal[index(x, y)] = value(x, y) }
    }
    for y in 0..<height {
      for x in 0..<width where diagonal[index(x, y)] > 0 {
        let here = index(x, y)
        right[here] = diagonal[here + 1] > 0 ? 1 : 0
        down[here] = diagonal[here + stride] > 0 ? 1 : 0
      }
    }
    prepare()
  }

  private init(emptyOf width: Int, _ height: Int) {
    (self.width, self.height, stride) = (width, height, width + 2)
    right = [Float](repeating: 0, count: (width + 2) * (height + 2))
    (down, diagonal, inverse) = (right, right, right)
  }

  /// The equations of blocks of 2×2 cells: those of their cells, added up.
  private init(coarsening fine: GridLaplacian) {
    self.init(emptyOf: (fine.width + 1) / 2, (fine.height + 1) / 2)
    for y in 0..<fine.height {
      for x in 0..<fine.width {
        let here = fine.index(x, y), block = index(x / 2, y / 2)
        diagonal[block] += fine.diagonal[here]
        if x % 2 == 0 { diagonal[block] -= 2 * fine.right[here] } else { right[block] += fine.right[here] }
        if y % 2 == 0 { diagonal[block] -= 2 * fine.down[here] } else { down[block] += fine.down[here] }
      }
    }
    prepare()
  }

  private mutating func prepare() {
    inverse = diagonal.map { $0 > 0 ? 1 / $0 : 0 }
    var start: Int?
    // The rim ends every run.
    for i in diagonal.indices {
      if diagonal[i] > 0 {
        start = start ?? i
      } else if let first = start {
        runs.append(first..<i)
        start = nil
      }
    }
    if width * height > 16 { coarser = [GridLaplacian(coarsening: self)] }
  }

  func index(_ x: Int, _ y: Int) -> Int { (y + 1) * stride + x + 1 }

  /// An array with a 0 for every cell and the rim.
  var zeros: [Float] { [Float](repeating: 0, count: diagonal.count) }

  /// The solution, to where the next correction, which is near to what is missing, is nowhere above `tolerance`; from 0 in at most 200 steps.
  ///
  /// - Parameter rightSide: b, on the grid with its rim.
  func solution(_ rightSide: [Float], tolerance: Float) -> [Float] {
    var x = zeros, residual = rightSide, direction = zeros
    var correction = preconditioned(residual)
    var product = dot(residual, correction)
    for step in 0..<Self.stepLimit where largest(correction) > tolerance && product > 0 {
      if step == 0 { direction = correction }
      let image = applied(to: direction)
      let length = Float(product / dot(direction, image))
      guard length.isFinite else { break }
      for run in runs {
        for i in run {
          x[i] += length * direction[i]
          residual[i] -= length * image[i]
        }
      }
      correction = preconditioned(residual)
      let next = dot(residual, correction), ratio = Float(next / product)
      for run in runs {
        for i in run { direction[i] = correction[i] + ratio * direction[i] }
      }
      product = next
    }
    return x
  }

  /// One multigrid cycle from 0.
  private func preconditioned(_ b: [Float]) -> [Float] {
    var x = zeros
    guard let coarse = coarser.first else {
      for _ in 0..<8 {
        sweep(&x, b, backwards: false)
        sweep(&x, b, backwards: true)
      }
      return x
    }
    sweep(&x, b, backwards: false)
    let image = applied(to: x)
    var blocks = coarse.zeros
    for run in runs {
      let row = run.lowerBound / stride - 1, block = coarse.index(0, row / 2), first = index(0, row)
      for i in run { blocks[block + (i - first) / 2] += b[i] - image[i] }
    }
    let correction = coarse.preconditioned(blocks)
    for run in runs {
      let row = run.lowerBound / stride - 1, block = coarse.index(0, row / 2), first = index(0, row)
      for i in run { x[i] += Self.overCorrection * correction[block + (i - first) / 2] }
    }
    sweep(&x, b, backwards: true)
    return x
  }

  private func sweep(_ x: inout [Float], _ b: [Float], backwards: Bool) {
    func relax(_ i: Int) {
      let sides = right[i - 1] * x[i - 1] + right[i] * x[i + 1]
      x[i] = inverse[i] * (b[i] + down[i - stride] * x[i - stride] + down[i] * x[i + stride] + sides)
    }
    if backwards {
      for run in runs.reversed() { for i in run.reversed() { relax(i) } }
    } else {
      for run in runs { for i in run { relax(i) } }
    }
  }

  private func applied(to x: [Float]) -> [Float] {
    var image = zeros
    for run in runs {
      for i in run {
        image[i] = diagonal[i] * x[i] - right[i - 1] * x[i - 1] - right[i] * x[i + 1] - down[i - stride] * x[i - stride] - down[i] * x[i + stride]
      }
    }
    return image
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for run in runs { for i in run { sum += Double(a[i] * b[i]) } }
    return sum
  }

  private func largest(_ values: [Float]) -> Float {
    var largest: Float = 0
    for run in runs { for i in run { largest = max(largest, abs(values[i])) } }
    return largest
  }
}
