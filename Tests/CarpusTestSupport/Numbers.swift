public import CarpusTensors

/// Random numbers in -1…1.
public func randomTensor(_ shape: Shape, seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed)
  return Tensor((0..<shape.count).map { _ in Double.random(in: -1...1, using: &generator) }, shape: shape)
}

/// `[n]`, int64.
public func indices(_ values: Int64...) -> Tensor { Tensor(values) }

/// float32.
public func zeros(_ extents: Int...) -> Tensor { Tensor(zeros: .float32, shape: Shape(extents)) }

/// |a − b| ≤ tolerance · max(1, |b|) for all elements.
public func isClose(_ a: [Double], _ b: [Double], tolerance: Double = 1e-14) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

/// `Σ a · b`
public func innerProduct(_ a: Tensor, _ b: Tensor) -> Double { zip(a.doubles, b.doubles).reduce(0) { $0 + $1.0 * $1.1 } }
