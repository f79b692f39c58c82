/// A bone before any damage.
struct BoneShape: Sendable {
  let bone: HandBone
  let axes: Axes
  /// Closed, in the bone's own axes.
  var outline: [Point]
  /// In the bone's axes, for tubular bones.
  let size: TubularSize?
  /// The outline runs on below y = 0.
  var isShaft = false
  /// Seen as a bone of its own; a bone's process is a shape without a region.
  var hasRegion = true

  var outlineInHand: [Point] { outline.map(axes.hand) }
}

/// The undamaged bones of one hand, in its frame.
struct Skeleton: Sendable {
  private(set) var shapes: [BoneShape] = []
  let scale: Float

  init(of person: Person, pose: HandPose, deviation: [Float]) {
    scale = Float(person.scale)
    addRays(person, pose, deviation)
    addWrist(person, pose)
  }

  func index(of bone: HandBone) -> Int { shapes.firstIndex { $0.bone == bone && $0.hasRegion } ?? 0 }
  func shape(_ bone: HandBone) -> BoneShape { shapes[index(of: bone)] }

  /// Where the metacarpals' bases lie in the mean hand.
  private static let bases = [Point(24.3, 17.5), Point(14.4, 20.9), Point(3.0, 22.7), Point(-8.4, 22.3), Point(-18.2, 21.3)]
  private static let tilts: [Float] = [0, 0.12, 0.06, 0, -0.27]

  private mutating func addRays(_ person: Person, _ pose: HandPose, _ deviation: [Float]) {
    let width = scale * Float(person.breadth)
    for ray in 0..<5 {
      func size(_ mean: TubularSize, _ segment: Int) -> TubularSize {
        let trait = person.traits[ray * 4 + segment] * 0.018 + person.traits[20 + ray] * 0.012
        return mean.scaled(length: scale * (1 + trait + deviation[ray * 4 + segment] * 0.003), width: width * (1 + person.traits[25 + ray] * 0.015))
      }
      func add(_ bone: HandBone, _ axes: Axes, _ points: [Point], _ size: TubularSize) {
        let bow = person.traits[30 + ray] * 0.004
        let bent = points.map { point in
          let t = min(max(point.y / size.length, 0), 1)
          return Point(point.x + bow * size.length * 4 * t * (1 - t), point.y)
        }
        shapes.append(BoneShape(bone: bone, axes: axes, outline: Outline.smooth(bent, steps: 3), size: size))
      }
      let directions = pose.directions[ray]
      var axes = Axes(origin: Self.warped(Self.bases[ray], person) * scale, degrees: directions[0])
      if ray == 0 { axes.origin += axes.axis * 2.0 * scale }
      let metacarpal = size(TubularSize.metacarpals[ray], 0)
      add(.metacarpal(ray + 1), axes, TubularOutline.metacarpal(metacarpal, tilt: Self.tilts[ray]), metacarpal)
      let head = axes.hand(Point(0, metacarpal.length - 0.9 * metacarpal.head))
      let radius = 0.9 * metacarpal.head

      let proximal = size(TubularSize.proximal[ray], 1)
      let dish = 0.16 * proximal.base
      axes = Axes(origin: head, degrees: directions[1])
      axes.origin += axes.axis * (radius + 1.75 * scale - dish)
      add(.proximalPhalanx(ray + 1), axes, TubularOutline.proximalPhalanx(proximal), proximal)
      var last = (size: proximal, axes: axes)
      if ray > 0 {
        let middle = size(TubularSize.middle[ray - 1], 2)
        add(.middlePhalanx(ray + 1), Self.next(last, degrees: directions[2], gap: 1.15 * scale), TubularOutline.middlePhalanx(middle), middle)
        last = (middle, shapes[shapes.count - 1].axes)
      }
      let distal = size(TubularSize.distal[ray], 3)
      add(.distalPhalanx(ray + 1), Self.next(last, degrees: directions[ray == 0 ? 2 : 3], gap: 0.95 * scale), TubularOutline.distalPhalanx(distal), distal)
    }
  }

  /// The axes of the phalanx beyond: turned about the middle of the condyles.
  private static func next(_ last: (size: TubularSize, axes: Axes), degrees: Double, gap: Float) -> Axes {
    let radius = 0.6 * last.size.head
    var axes = Axes(origin: last.axes.hand(Point(0, last.size.length - radius)), degrees: degrees)
    axes.origin += axes.axis * (radius - 0.13 * last.size.head + gap)
    return axes
  }

  /// A wrist of the person's own proportions: the mean one, sheared and stretched a little.
  private static func warped(_ point: Point, _ person: Person) -> Point {
    let t = person.traits
    return Point(
      point.x * (1 + 0.022 * t[36]) + point.y * 0.018 * t[37],
      point.y * (1 + 0.022 * t[38]) + point.x * 0.012 * t[39] + point.x * point.x * 0.0004 * t[40])
  }

  private mutating func addWrist(_ person: Person, _ pose: HandPose) {
    func add(_ bone: HandBone, _ points: [Point], degrees: Double = 0, hasRegion: Bool = true) {
      let outline = Outline.dilated(Outline.smooth(points.map { Self.warped($0, person) * scale }), by: hasRegion ? 0.35 * scale : 0)
      let axes = Axes(origin: Outline.centre(outline), degrees: degrees)
      shapes.append(BoneShape(bone: bone, axes: axes, outline: outline.map(axes.local), size: nil, hasRegion: hasRegion))
    }
    add(.capitate, CarpalOutlines.capitate)
    add(.hamate, CarpalOutlines.hamate, degrees: -20)
    add(.hamate, CarpalOutlines.hook, hasRegion: false)
    add(.lunate, CarpalOutlines.lunate, degrees: 20)
    add(.triquetrum, CarpalOutlines.triquetrum, degrees: -50)
    add(.pisiform, CarpalOutlines.pisiform)
    add(.scaphoid, CarpalOutlines.scaphoid, degrees: 40)
    add(.trapezoid, CarpalOutlines.trapezoid)
    add(.trapezium, CarpalOutlines.trapezium, degrees: 40)
    let first = shape(.metacarpal(1))
    for (bone, x, y, radius) in [(HandBone.radialSesamoid, 0.25, 1.1, 2.1), (.ulnarSesamoid, -1.08, 0.95, 2.5)] {
      guard let size = first.size else { continue }
      let centre = first.axes.hand(Point(Float(x) * size.head, size.length - Float(y) * size.head))
      let circle = (0..<8).map { index in
        let (sine, cosine) = sineAndCosine(Double(index) * Double.pi / 4)
        return Point(Float(cosine * radius), Float(sine * radius * 1.2)) * scale
      }
      shapes.append(BoneShape(bone: bone, axes: Axes(origin: centre, degrees: 30), outline: Outline.smooth(circle), size: nil))
    }
    for (bone, points) in [(HandBone.radius, CarpalOutlines.radius), (.ulna, CarpalOutlines.ulna)] {
      // The forearm turns about the capitate's head; its bones' axes start below the picture's wrist.
      var axes = Axes(origin: Point(0, 0), degrees: pose.forearm)
      axes.origin = axes.axis * (-60 * scale)
      let piece = 4
      let open = points.map { Self.warped($0, person) * scale + Point(0, 60 * scale) }
      let first = open[0].x, last = open[open.count - 1].x
      var curve = Outline.smooth([Point(first, -20)] + open + [Point(last, -20)], steps: piece)
      curve.removeLast(piece - 1)
      curve += [Point(last, -400), Point(first, -400)]
      shapes.append(BoneShape(bone: bone, axes: axes, outline: curve, size: nil, isShaft: true))
    }
  }
}
