/// What a bone is made of along its axis.
struct BoneTissue: Sendable {
  /// Half the width and half the depth of the cross-section, the cortex's thickness, all in millimetres; the trabecular share of the marrow's
  /// room; the articular plate's and the dished plate's strength in millimetres of compact bone.
  struct Profile: Sendable {
    let width, depth, cortex, spongy, plate, dish: Float

    @inline(__always)
    func mixed(with other: Profile, _ t: Float) -> Profile {
      Profile(
        width: width + (other.width - width) * t, depth: depth + (other.depth - depth) * t, cortex: cortex + (other.cortex - cortex) * t,
        spongy: spongy + (other.spongy - spongy) * t, plate: plate + (other.plate - plate) * t, dish: dish + (other.dish - dish) * t)
    }
  }

  /// Every half millimetre from the field's lower edge.
  let profiles: [Profile]
  static let step: Float = 0.5
  let noiseOffset: Point
  /// Lattice steps of the texture per millimetre, across and along.
  let grain: Point

  init(_ shape: BoneShape, field: DistanceField, mineral: Float, scale: Float, number: Int) {
    let length = Float(field.rows - 1) * field.step
    let count = Int(length / Self.step) + 2
    let widest = (0..<field.rows).map { field.greatest(inRow: $0) }
    let whole = widest.max() ?? 1
    func half(at y: Float) -> Float {
      let row = min(max((y - field.minimum.y) / field.step, 0), Float(field.rows - 1))
      let low = Int(row)
      return widest[low] + (widest[min(low + 1, field.rows - 1)] - widest[low]) * (row - Float(low))
    }
    let thinning = 0.55 + 0.45 * mineral
    profiles = (0..<count).map { index in
      let y = field.minimum.y + Float(index) * Self.step
      var w = whole * 0.85, h = w * 1.0
      var cortex = 0.42 * scale, trabecular: Float = 0.37, plate: Float = 0.22, dish: Float = 0
      if let size = shape.size {
        w = max(half(at: min(max(y, 0.62 * size.base), size.length - 0.8 * size.head)), 0.5)
        h = w * 0.88
        let fromBase = y / size.length, fromHead = 1 - fromBase
        let middle = smoothStep(fromBase, from: 0.08, to: 0.42) * smoothStep(fromHead, from: 0.12, to: 0.40)
        let marrow = smoothStep(fromBase, from: 0.14, to: 0.34) * smoothStep(fromHead, from: 0.18, to: 0.36)
        cortex = cortex + (0.46 * size.shaft * thinning - cortex) * middle
        trabecular = 0.28 - 0.25 * marrow
        let isDistal = if case .distalPhalanx = shape.bone { true } else { false }
        let isMetacarpal = if case .metacarpal = shape.bone { true } else { false }
        let nearBase = max(0, 1 - y / (0.55 * size.base)), nearHead = max(0, 1 - (size.length - y) / (0.8 * size.head))
        plate = 0.35 * nearBase + (isDistal ? 0 : 0.35 * nearHead)
        dish = isMetacarpal ? 0.4 * nearBase : 1.9 * min(1, 1.6 * nearBase)
      } else if shape.isShaft {
        let end = shape.outline.map(\.y).max() ?? 0
        let fromEnd = end - y
        let isRadius = shape.bone == .radius
        w = min(half(at: min(y, end - (isRadius ? 16 : 12) * scale)), 9 * scale)
        h = w * 0.86
        let middle = smoothStep(fromEnd, from: 10 * scale, to: 46 * scale)
        cortex = cortex + (0.37 * w * thinning - cortex) * middle
        trabecular = 0.27 - 0.23 * smoothStep(fromEnd, from: 14 * scale, to: 46 * scale)
        plate = smoothStep(fromEnd, from: 22 * scale, to: 12 * scale) * 0.2
        dish = isRadius ? smoothStep(fromEnd, from: 17 * scale, to: 12 * scale) * 2.2 : 0.3 * smoothStep(fromEnd, from: 9, to: 4)
      }
      h = max(h, 0.4)
      w = max(w, 0.4)
      cortex = min(cortex, 0.9 * min(w, h))
      return Profile(width: w, depth: h, cortex: cortex, spongy: trabecular * mineral * mineral, plate: plate * mineral, dish: dish * mineral)
    }
    noiseOffset = Point(Float(number * 37 % 128) + 0.37, Float(number * 71 % 128) + 0.61)
    grain = shape.size != nil || shape.isShaft ? Point(2.1, 0.62) : Point(1.5, 1.1)
  }
}
