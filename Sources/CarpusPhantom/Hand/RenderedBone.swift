/// A bone with all that happened to it, ready to be projected.
struct RenderedBone: Sendable {
  /// A hole with a soft, irregular rim.
  struct Bite: Sendable {
    let centre: Point
    let radius: Float
  }
  /// Thinner or denser bone around a point: a factor for what is spongy and a whiter plate.
  struct Change: Sendable {
    let centre: Point
    let reach: Float
    /// Added to the factor 1 of the trabecular bone at the centre.
    let spongy: Float
    /// Millimetres added to the articular plate.
    let plate: Float
  }

  let axes: Axes
  let isShaft: Bool
  let field: DistanceField
  let tissue: BoneTissue
  /// In the bone's axes.
  let bites: [Bite]
  let changes: [Change]

  /// Millimetres of compact bone along the beam at a point of the bone's axes.
  @inline(__always)
  func thickness(_ x: Float, _ y: Float, noise: borrowing Noise) -> Float {
    let gx = (x - field.minimum.x) / field.step
    var gy = (y - field.minimum.y) / field.step
    if isShaft, gy < 0 { gy = 0 }
    guard gx >= 0, gy >= 0 else { return 0 }
    let column = Int(gx), row = Int(gy)
    guard column < field.columns - 1, row < field.rows - 1 else { return 0 }
    let tx = gx - Float(column), ty = gy - Float(row)
    let base = row * field.columns + column
    let a = field.values[base], b = field.values[base + 1]
    let c = field.values[base + field.columns], e = field.values[base + field.columns + 1]
    let lower = a + (b - a) * tx, upper = c + (e - c) * tx
    let d = lower + (upper - lower) * ty
    guard d > 0 else { return 0 }

    let whole = undamaged(d, x, y, along: gy * field.step / BoneTissue.step, noise: noise)
    return bites.isEmpty ? whole : whole * Bite.remainder(after: bites, x, y, noise: noise)
  }

  /// - Parameters:
  ///   - d: distance from the outline, in millimetres, positive.
  ///   - along: place on the axis, in steps of the tissue's profiles.
  @inline(__always)
  private func undamaged(_ d: Float, _ x: Float, _ y: Float, along: Float, noise: borrowing Noise) -> Float {
    let station = min(Int(along), tissue.profiles.count - 2)
    let profile = tissue.profiles[station].mixed(with: tissue.profiles[station + 1], min(along - Float(station), 1))
    let ox = tissue.noiseOffset.x, oy = tissue.noiseOffset.y
    let wobble = noise(x * 0.5 + oy, y * 0.35 + ox)
    let cortex = profile.cortex * (1 + 0.12 * wobble)

    let s = min(d / profile.width, 1)
    let whole = 2 * profile.depth * (s * (2 - s)).squareRoot()
    var marrow: Float = 0
    let inner = d - cortex
    if inner > 0 {
      let r = min(inner / max(profile.width - cortex, 0.1), 1)
      marrow = min(whole, 2 * (profile.depth - cortex) * (r * (2 - r)).squareRoot())
    }
    var spongy = profile.spongy, plate = profile.plate, dish = profile.dish
    for change in changes {
      let dx = x - change.centre.x, dy = y - change.centre.y
      let t = 1 - (dx * dx + dy * dy) / (change.reach * change.reach)
      guard t > 0 else { continue }
      spongy *= 1 + change.spongy * t * t
      plate += change.plate * t * t * max(0, 1 - d * 0.3)
      if change.plate < 0 { dish *= max(0, 1 + 1.5 * change.plate * t) }
      if change.plate > 0, d < 2.6 { spongy += 0.06 * change.plate * t * (2.6 - d) }
    }
    var bone = whole - marrow
    if marrow > 0 {
      // Streaks along the axis, finer ones, cross struts, and slow unevenness.
      let streaks = noise(x * tissue.grain.x + ox, y * tissue.grain.y + oy)
      let finer = noise(x * tissue.grain.x * 1.9 + y * 0.6 + oy, y * tissue.grain.y * 1.7 - x * 0.5 + ox)
      let struts = noise(x * 0.8 + y * 0.35 + oy, y * 1.9 - x * 0.4 + ox)
      bone += spongy * max(0.15, 1 + 0.42 * streaks + 0.3 * finer + 0.28 * struts + 0.14 * wobble) * marrow
    }
    let rim = 1 - (d - 0.4) * (d - 0.4) * 4
    if rim > 0 { bone += plate * rim }
    let band = 1 - (d - 1.7) * (d - 1.7) * 1.2
    if band > 0 { bone += dish * band }
    return max(0, bone)
  }
}

extension RenderedBone.Bite {
  /// The share of bone that bites leave at a point.
  static func remainder(after bites: [Self], _ x: Float, _ y: Float, noise: borrowing Noise) -> Float {
    var share: Float = 1
    for bite in bites {
      let dx = x - bite.centre.x, dy = y - bite.centre.y
      let square = dx * dx + dy * dy
      let reach = bite.radius + 1.6
      guard square < reach * reach else { continue }
      let unevenness = noise(x * 0.45 + bite.centre.y * 3.1, y * 0.45 + bite.centre.x * 2.3) + 0.5 * noise(x * 1.1 + 40, y * 1.1 + bite.centre.x)
      let outside = (square.squareRoot() - bite.radius - 0.5 * unevenness) * 1.1 + 0.2
      share *= outside <= 0 ? 0.06 : outside >= 1 ? 1 : 0.06 + 0.94 * outside * outside * (3 - 2 * outside)
    }
    return share
  }
}
