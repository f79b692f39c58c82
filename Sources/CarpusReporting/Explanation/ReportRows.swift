import CarpusAnatomy
import CarpusExplanation

/// A region with its statistics and its number on pictures and in tables.
struct NumberedRegion {
  /// 1 for the region with the most points, whichever their sign; those that are not outlined come last.
  let number: Int
  let region: Region
  let statistics: FocusStatistics
  let chance: ExplanationReport.Chance?
  let term: HandTerm?
  /// Whether it is drawn on pictures. Bones and zones are not where the places in them are: they would cover what is asked about.
  let isOutlined: Bool

  /// `L:mcp2`, or the id alone where the side is not known.
  var label: String {
    switch region.laterality {
    case .left, .right, .unpaired: "\(region.laterality.rawValue):\(region.id)"
    case .unknown, .unspecified: region.id
    }
  }

  /// For readers: as in the file, or the place's own name where the file has only an id.
  var title: String { region.name == region.id ? term?.site?.rawValue ?? region.name : region.name }

  /// Something that is no part of the patient's hand.
  var isConfounder: Bool { term?.kind == .confounder }

  var resolution: FocusResolution { FocusResolution(of: statistics) }

  var isResolvable: Bool { if case .resolvable = resolution { true } else { false } }
}

/// A part of the score; all parts of an image add up to it.
struct BudgetPart {
  enum Kind: String {
    case intercept, sites, confounders, hand, rest, inRegions, elsewhere, padding, residual
  }

  let kind: Kind
  let title: String
  let points: Double
}

extension ExplanationReport {
  /// By the size of their points, the largest first; equal ones in the order of the file.
  var numberedRegions: [NumberedRegion] {
    guard let measurement else { return [] }
    let set = measurement.regions
    let terms = set.regions.map(set.vocabulary.term)
    let zonesOfSites = Set(terms.compactMap { $0?.kind == .site ? $0?.zone : nil })
    func isBackdrop(_ term: HandTerm?) -> Bool {
      switch term?.kind {
      case .bone: !zonesOfSites.isEmpty
      // The hand, what is outside of it, and zones whose places are there themselves.
      case .zone: term?.zone.map { $0 == .background || $0 == .softTissue || zonesOfSites.contains($0) } ?? true
      default: false
      }
    }
    let isBackdropAll = terms.allSatisfy(isBackdrop)
    let rows = zip(set.regions, measurement.focus.regions).enumerated().map { index, pair in
      let term = terms[index]
      let isOutlined = isBackdropAll || !isBackdrop(term)
      return (index: index, region: pair.0, statistics: pair.1, term: term, isOutlined: isOutlined)
    }.sorted {
      guard $0.isOutlined == $1.isOutlined else { return $0.isOutlined }
      let (a, b) = (abs($0.statistics.points), abs($1.statistics.points))
      return a == b ? $0.index < $1.index : a > b
    }
    return rows.enumerated().map { place, row in
      NumberedRegion(
        number: place + 1, region: row.region, statistics: row.statistics,
        chance: measurement.chance.indices.contains(row.index) ? measurement.chance[row.index] : nil, term: row.term, isOutlined: row.isOutlined)
    }
  }

  /// The parts of the score of image `index`. Where landmarks are known, these are what the radiograph is divided into; otherwise regions and the rest, and padding
  /// where that was measured.
  func budgetParts(ofImage index: Int) -> [BudgetPart] {
    let budget = budgets[index]
    var parts = [BudgetPart(kind: .intercept, title: "Intercept", points: budget.intercept)]
    if let landmarks {
      parts += landmarks.parts.map { part in
        switch part.kind {
        case .sites: BudgetPart(kind: .sites, title: "Scored joints and bones", points: part.points)
        case .confounders: BudgetPart(kind: .confounders, title: "Markers, borders, other objects", points: part.points)
        case .hand: BudgetPart(kind: .hand, title: landmarks.has(.sites) ? "Rest of the hand" : "Hand", points: part.points)
        case .rest: BudgetPart(kind: .rest, title: landmarks.has(.hand) ? "Background" : "Rest of the radiograph", points: part.points)
        case .padding: BudgetPart(kind: .padding, title: "Padding", points: part.points)
        }
      }
    } else if let focus = measurement?.focus {
      parts.append(BudgetPart(kind: .inRegions, title: "In regions (overlaps once)", points: budget.inRegions))
      parts.append(BudgetPart(kind: .elsewhere, title: "Elsewhere on the radiograph", points: focus.elsewhere.points))
      if focus.padding.areaShare > 0 { parts.append(BudgetPart(kind: .padding, title: "Padding", points: focus.padding.points)) }
    } else {
      parts.append(BudgetPart(kind: .elsewhere, title: "The map", points: budget.elsewhere))
    }
    return parts + [BudgetPart(kind: .residual, title: "Residual", points: budget.residual)]
  }

  /// How the points of this report are written.
  var pointsText: PointsText {
    PointsText(largest: scores.map(\.value) + budgets.flatMap { [$0.intercept, $0.inRegions, $0.elsewhere, $0.residual] })
  }

  /// The radiograph with the map that can be shown on it.
  var pictured: (picture: Picture, map: AttributionMap)? {
    guard let picture, let map = maps.first, !map.values.isEmpty else { return nil }
    return (picture, map)
  }

  /// How many images the report is about.
  var imageCount: Int { min(scores.count, maps.count, budgets.count) }
}

extension ExplanationReport.Landmarks {
  func has(_ kind: Part.Kind) -> Bool { parts.contains { $0.kind == kind } }
}
