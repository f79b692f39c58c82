import CarpusAnatomy
public import CarpusScoring

extension SvdHGrades {
  /// The grades of a patient of a cohort with `seed`, both hands, whatever the cohort shows of them.
  ///
  /// The damage of kind d at site s of side h is w(s, d) · grow(z), rounded down and at most the highest grade, where grow(z) is close to eᶻ and
  /// z adds up, each part normal and drawn once for
  /// - the patient: severity, mean −0.30 and standard deviation 0.70; about one patient in six has 2 less and is all but spared;
  /// - the patient: erosion more than narrowing or the other way round, ±0.30; the left hand more than the right or the other way round, ±0.15;
  /// - fingers' joints, knuckles and wrist of the patient, 0.35;
  /// - the site in both hands, 0.45, which makes damage symmetrical more often than not;
  /// - the site of a side, 0.40, which both kinds of damage share, and each kind alone, 0.35.
  ///
  /// The numbers are chosen so that totals of both hands are spread as in cohorts of patients (`Docs/Phantom.md`); they are not fitted to any.
  public init(seed: UInt64, patient: Int) {
    self.init()
    var stream = RandomStream(seed: seed, index: patient, "grades")
    let isSpared = stream.chance(0.16)
    let severity = stream.normal(-0.30, 0.70) - (isSpared ? 2 : 0)
    let erosive = stream.normal(0, 0.30)
    let leftward = stream.normal(0, 0.15)
    var parts: [HandPart: Double] = [:]
    for part in HandPart.allCases { parts[part] = stream.normal(0, 0.35) }
    for site in SvdHSite.allCases {
      let shared = severity + parts[site.part, default: 0] + stream.normal(0, 0.45)
      for side in [Laterality.left, .right] {
        let local = shared + stream.normal(0, 0.40) + (side == .left ? leftward : -leftward)
        for damage in SvdHDamage.allCases {
          let exponent = local + stream.normal(0, 0.35) + (damage == .erosion ? erosive : -erosive)
          guard let item = SvdHItem(side: side, site: site, damage: damage) else { continue }
          self[item] = Int(min(Double(damage.maximum), site.frequency(of: damage) * Self.grow(exponent)))
        }
      }
    }
  }

  /// (1 + z/16)¹⁶, 0 below −16: close to eᶻ, and made of products alone, which are the same everywhere.
  private static func grow(_ exponent: Double) -> Double {
    var value = max(0, 1 + exponent / 16)
    for _ in 0..<4 { value *= value }
    return value
  }
}

/// Parts of a hand that are diseased together.
private enum HandPart: CaseIterable {
  case fingers, knuckles, wrist
}

extension SvdHSite {
  fileprivate var part: HandPart {
    switch self {
    case .ip1, .pip2, .pip3, .pip4, .pip5: .fingers
    case .mcp1, .mcp2, .mcp3, .mcp4, .mcp5: .knuckles
    default: .wrist
    }
  }

  /// How readily a site is damaged, about 1: most at the ulnar styloid, MCP 2-3, PIP 3 and the carpus.
  fileprivate func frequency(of damage: SvdHDamage) -> Double {
    let (erosion, narrowing): (Double, Double) = switch self {
    case .ip1: (0.70, 0)
    case .pip2: (0.85, 0.75)
    case .pip3: (1.10, 1.00)
    case .pip4: (0.80, 0.75)
    case .pip5: (0.75, 0.70)
    case .mcp1: (0.75, 0.60)
    case .mcp2: (1.35, 1.10)
    case .mcp3: (1.25, 1.10)
    case .mcp4: (0.80, 0.75)
    case .mcp5: (1.00, 0.75)
    case .cmc1: (0.60, 0)
    case .trapezium: (0.70, 0)
    case .scaphoid: (1.00, 0)
    case .lunate: (0.95, 0)
    case .radius: (0.90, 0)
    case .ulna: (1.50, 0)
    case .cmc3: (0, 1.00)
    case .cmc4: (0, 0.95)
    case .cmc5: (0, 0.85)
    case .stt: (0, 0.90)
    case .sc: (0, 1.20)
    case .sr: (0, 1.25)
    }
    return damage == .erosion ? erosion : narrowing
  }
}
