public import CarpusImaging
import Foundation

/// What comes to stand where a part of a radiograph is covered, so that a network can be asked what it makes of the rest.
///
/// A black or grey patch would be a thing of its own that no radiograph shows, and the change of the score would be the network's answer to the patch.
public enum Covering: Hashable, Sendable {
  /// The surroundings, continued as smoothly as can be: every covered pixel is the mean of its neighbours. Nothing of the part remains, neither bone nor joint
  /// space.
  case neighbours
  /// The same, but pixels of the mask given are not continued: what lies beside a hand is covered by its own surroundings, not by the hand's. Where nothing
  /// else is around, the part's own mean grey.
  case neighboursWithout(Mask)
  /// The part's own mean grey: a background without anything on it.
  case mean
  /// The part itself without its detail, `Σ g · v / Σ g` over the pixels of the radiograph no farther than 3σ along each axis, with
  /// `g = exp(−(Δx² + Δy²)/2σ²)` and σ in pixels. The part's size and mean grey remain.
  case blurred(deviation: Double)
  /// Another part of the radiograph, left and right exchanged, laid centre upon centre of the bounding rectangles: a joint of the other hand. What differs at the
  /// seam is spread smoothly over the part (Pérez, Gangnet and Blake, Poisson image editing, 2003).
  case mirrored(from: Mask)
}

extension Radiograph {
  /// The radiograph with the pixels of the mask replaced; all others are as they were. Rounded to whole greys. A mask that leaves no pixel over becomes the mean
  /// grey, unless it is blurred.
  ///
  /// - Precondition: masks lie on the radiograph's grid; the mask to mirror is not empty; σ is positive and finite.
  public func covered(_ mask: Mask, by covering: Covering = .neighbours) -> Radiograph {
    precondition(mask.size == size)
    return replacing(mask, with: infill(of: mask, by: covering))
  }

  /// The same with the surroundings' grain: normal noise, independent in each pixel, of the standard deviation that `grain(around:)` finds.
  public func covered(_ mask: Mask, by covering: Covering = .neighbours, grain random: inout some RandomNumberGenerator) -> Radiograph {
    precondition(mask.size == size)
    let deviation = grain(around: mask)
    return replacing(mask, with: infill(of: mask, by: covering).map { $0 + deviation * Self.normal(&random) })
  }

  /// The standard deviation of what is independent from pixel to pixel within 4 pixels around a mask, in greys: `1.4826 · median |v − v̄| / √(5/4)`, v̄ being the mean of
  /// the four neighbours. A median, because edges of bones are no grain. 0 when there is nothing around.
  func grain(around mask: Mask) -> Float {
    let ring = mask.dilated(by: 4)
    var differences: [Float] = []
    for y in ring.rows where y > 0 && y < size.height - 1 {
      for run in ring.columns(inRow: y) {
        for x in run where x > 0 && x < size.width - 1 {
          let neighbours = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
          guard !mask.contains(x: x, y: y), !neighbours.contains(where: { mask.contains(x: $0.0, y: $0.1) }) else { continue }
          differences.append(abs(grey(x, y) - neighbours.reduce(0) { $0 + grey($1.0, $1.1) } / 4))
        }
      }
    }
    guard !differences.isEmpty else { return 0 }
    differences.sort()
    return 1.4826 * differences[differences.count / 2] / Float(1.25).squareRoot()
  }

  /// Values for the pixels of the mask, row by row.
  private func infill(of mask: Mask, by covering: Covering) -> [Float] {
    switch covering {
    case .neighbours: return mask.harmonicInfill(tolerance: Self.tolerance, grey) ?? meanGrey(of: mask)
    case .neighboursWithout(let strangers):
      precondition(strangers.size == size)
      return mask.harmonicInfill(without: strangers, tolerance: Self.tolerance, grey) ?? ownMeanGrey(of: mask)
    case .mean: return ownMeanGrey(of: mask)
    case .blurred(let deviation): return blurred(mask, deviation: Float(deviation))
    case .mirrored(let other):
      precondition(other.size == size && !other.isEmpty)
      guard let here = mask.bounds, let there = other.bounds else { return [] }
      // Column c of one rectangle is column −c of the other, counted from the middles, to the next whole pixel.
      let columnSum = Int(((here.minX + here.maxX + there.minX + there.maxX) / 2).rounded(.down)) - 1
      let rowOffset = Int(((there.minY + there.maxY - here.minY - here.maxY) / 2).rounded(.down))
      func source(_ x: Int, _ y: Int) -> Float {
        grey(min(max(columnSum - x, 0), size.width - 1), min(max(y + rowOffset, 0), size.height - 1))
      }
      guard let seam = mask.harmonicInfill(tolerance: Self.tolerance, { grey($0, $1) - source($0, $1) }) else { return meanGrey(of: mask) }
      return zip(seam, mask.pixels).map { $0 + source($1.x, $1.y) }
    }
  }

  /// Greys are rounded to whole ones.
  private static let tolerance: Float = 0.25

  private func grey(_ x: Int, _ y: Int) -> Float { Float(samples[y * size.width + x]) }

  private func meanGrey(of mask: Mask) -> [Float] {
    [Float](repeating: Float(samples.reduce(0) { $0 + Double($1) } / Double(samples.count)), count: mask.count)
  }

  private func ownMeanGrey(of mask: Mask) -> [Float] {
    let sum = mask.pixels.reduce(0.0) { $0 + Double(samples[$1.y * size.width + $1.x]) }
    return [Float](repeating: Float(sum / Double(max(1, mask.count))), count: mask.count)
  }

  private func blurred(_ mask: Mask, deviation: Float) -> [Float] {
    precondition(deviation > 0 && deviation.isFinite)
    guard let columns = mask.columnRange else { return [] }
    let reach = Int(min(3 * deviation, Float(max(size.width, size.height))).rounded(.up))
    let kernel = (-reach...reach).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    let rows = max(0, mask.rows.lowerBound - reach)..<min(size.height, mask.rows.upperBound + reach)
    var alongRows = [Float](repeating: 0, count: rows.count * columns.count)
    for y in rows {
      for x in columns {
        let taps = max(0, x - reach)...min(size.width - 1, x + reach)
        var sum: Float = 0, weight: Float = 0
        for tap in taps {
          let own = kernel[tap - x + reach]
          sum += own * Float(samples[y * size.width + tap])
          weight += own
        }
        alongRows[(y - rows.lowerBound) * columns.count + x - columns.lowerBound] = sum / weight
      }
    }
    return mask.pixels.map { x, y in
      var sum: Float = 0, weight: Float = 0
      for tap in max(0, y - reach)...min(size.height - 1, y + reach) {
        let own = kernel[tap - y + reach]
        sum += own * alongRows[(tap - rows.lowerBound) * columns.count + x - columns.lowerBound]
        weight += own
      }
      return sum / weight
    }
  }

  private func replacing(_ mask: Mask, with values: [Float]) -> Radiograph {
    var samples = samples
    let white = Float(maximumValue)
    for ((x, y), value) in zip(mask.pixels, values) { samples[y * size.width + x] = UInt16(min(max(value.rounded(), 0), white)) }
    return replacingSamples(samples)
  }

  /// Approximately standard normal: the sum of twelve uniform numbers less 6.
  private static func normal(_ random: inout some RandomNumberGenerator) -> Float {
    var sum = -6.0
    for _ in 0..<12 { sum += Double(random.next() >> 11) * 0x1p-53 }
    return Float(sum)
  }
}
