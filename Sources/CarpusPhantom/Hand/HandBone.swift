/// A bone of one hand, with the ends of the forearm's bones and the thumb's two sesamoids.
enum HandBone: Hashable, Sendable {
  /// Ray 1 (thumb) … 5.
  case metacarpal(Int), proximalPhalanx(Int), middlePhalanx(Int), distalPhalanx(Int)
  case scaphoid, lunate, triquetrum, pisiform, trapezium, trapezoid, capitate, hamate
  case radius, ulna
  case radialSesamoid, ulnarSesamoid

  /// The id of the bone's region. The places that are scored have `scaphoid`, `radius`, … to themselves.
  var regionID: String {
    switch self {
    case .metacarpal(let ray): "metacarpal\(ray)"
    case .proximalPhalanx(let ray): "proximal-phalanx\(ray)"
    case .middlePhalanx(let ray): "middle-phalanx\(ray)"
    case .distalPhalanx(let ray): "distal-phalanx\(ray)"
    case .radialSesamoid: "sesamoid-radial"
    case .ulnarSesamoid: "sesamoid-ulnar"
    default: "bone-\(self)"
    }
  }

  /// The name for readers.
  var title: String {
    switch self {
    case .metacarpal(let ray): "metacarpal \(ray)"
    case .proximalPhalanx(let ray): "proximal phalanx \(ray)"
    case .middlePhalanx(let ray): "middle phalanx \(ray)"
    case .distalPhalanx(let ray): "distal phalanx \(ray)"
    case .radialSesamoid: "radial sesamoid of the thumb"
    case .ulnarSesamoid: "ulnar sesamoid of the thumb"
    default: "\(self)"
    }
  }
}
