/// Changes that an exposure or a position of the hand could have brought about, or a tool.
extension Radiograph {
  /// The same radiograph with other grey values.
  ///
  /// - Precondition: as many samples as pixels, none above white.
  package func replacingSamples(_ samples: [UInt16]) -> Radiograph {
    Radiograph(
      size: size, bitDepth: bitDepth, samples: samples, origin: origin,
      warnings: warnings.filter { if case .fewGreys = $0 { false } else { true } })
  }

  /// Everything moved by whole pixels; what comes into the frame is the nearest pixel of the border.
  ///
  /// - Parameters:
  ///   - columns: to the right.
  ///   - rows: downwards.
  public func shifted(columns: Int, rows: Int) -> Radiograph {
    let (width, height) = (size.width, size.height)
    let (columns, rows) = (min(max(columns, -width), width), min(max(rows, -height), height))
    var moved: [UInt16] = []
    moved.reserveCapacity(samples.count)
    for y in 0..<height {
      let row = min(max(y - rows, 0), height - 1) * width
      for x in 0..<width { moved.append(samples[row + min(max(x - columns, 0), width - 1)]) }
    }
    return replacingSamples(moved)
  }

  /// Every grey times a factor, rounded, and no more than white.
  ///
  /// - Precondition: the factor is finite and not negative.
  public func brightened(by factor: Double) -> Radiograph {
    precondition(factor >= 0 && factor.isFinite)
    let white = Double(maximumValue)
    return replacingSamples(samples.map { UInt16(min((Double($0) * factor).rounded(), white)) })
  }
}
