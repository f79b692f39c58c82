import Foundation

/// What the maps of a cohort say of one region, or of one group of regions. Takes images one after the other.
public struct RegionEvidence: Sendable {
  /// A region of one map.
  public struct Reading: Hashable, Sendable {
    public var points: Double
    /// Absent without positive evidence.
    public var mass: Double?
    public var areaShare: Double
    public var enrichment: Double?
    public var ceiling: Double?
    /// Enrichment of the region moved at random within its hand: mean and standard deviation, and every draw where they are kept.
    public var chance, chanceDeviation: Double?
    public var draws: [Double]?
    /// Whether the highest cell of the map lies on the region, and the probability of that for a peak anywhere.
    public var peakInside: Bool?
    public var reach: Double?

    public init(
      points: Double, mass: Double?, areaShare: Double, enrichment: Double?, ceiling: Double? = nil, chance: Double? = nil,
      chanceDeviation: Double? = nil, draws: [Double]? = nil, peakInside: Bool? = nil, reach: Double? = nil
    ) {
      self.points = points
      self.mass = mass
      self.areaShare = areaShare
      self.enrichment = enrichment
      self.ceiling = ceiling
      self.chance = chance
      self.chanceDeviation = chanceDeviation
      self.draws = draws
      self.peakInside = peakInside
      self.reach = reach
    }
  }

  /// Images that have the region.
  public private(set) var imageCount = 0
  /// Of these, images without positive evidence, or whose network does not see the region.
  public private(set) var absentCount = 0
  private var points = RunningMean(), mass = RunningMean(), areaShare = RunningMean(), ceiling = RunningMean(), chance = RunningMean()
  /// Enrichment of each image that has one, and whose image it is.
  public private(set) var enrichments: [Double] = []
  public private(set) var patients: [String] = []
  /// Of each image: whether the highest cell lies on the region, with the probability by chance.
  public private(set) var peaks: [(isHit: Bool?, chance: Double?)] = []
  private var ofPatients: [String: (place: Int, observed: Double, draws: [Double], count: Int)] = [:]
  private var excesses: [String: (sum: Double, deviation: Double, count: Int)] = [:]

  public init() {}

  /// - Parameter patient: a key; images of one patient have the same.
  public mutating func add(_ reading: Reading, patient: String) {
    imageCount += 1
    points.add(reading.points)
    mass.add(reading.mass)
    areaShare.add(reading.areaShare)
    ceiling.add(reading.ceiling)
    peaks.append((isHit: reading.peakInside, chance: reading.reach))
    guard let enrichment = reading.enrichment else {
      absentCount += 1
      return
    }
    enrichments.append(enrichment)
    patients.append(patient)
    chance.add(reading.chance)
    if let chance = reading.chance, let deviation = reading.chanceDeviation {
      let known = excesses[patient] ?? (0, 0, 0)
      // Images of one patient resemble each other: their deviations add up as if they were one.
      excesses[patient] = (known.sum + enrichment - chance, known.deviation + deviation, known.count + 1)
    }
    guard let draws = reading.draws, !draws.isEmpty else { return }
    guard var own = ofPatients[patient] else {
      ofPatients[patient] = (ofPatients.count, enrichment, draws, 1)
      return
    }
    guard own.draws.count == draws.count else { return }
    own.observed += enrichment
    for (index, draw) in draws.enumerated() { own.draws[index] += draw }
    own.count += 1
    ofPatients[patient] = own
  }

  public var meanPoints: Double? { points.mean }
  public var meanMass: Double? { mass.mean }
  public var meanAreaShare: Double? { areaShare.mean }
  public var meanCeiling: Double? { ceiling.mean }
  public var meanEnrichment: Double? { enrichments.isEmpty ? nil : enrichments.reduce(0, +) / Double(enrichments.count) }
  /// Mean over images of the mean enrichment of moved regions; absent where the region is not moved.
  public var chanceLevel: Double? { chance.mean }

  /// One-sided p-value of the mean over patients of enrichment less chance: its sum over the square root of the summed variances of the draws is nearly
  /// standard normal in many patients. Absent below 10 patients, and where regions were not moved.
  public var normalP: Double? {
    guard excesses.count >= 10 else { return nil }
    var sum = 0.0, variance = 0.0
    for excess in excesses.values.map({ ($0.sum / Double($0.count), $0.deviation / Double($0.count)) }).sorted(by: { $0 < $1 }) {
      sum += excess.0
      variance += excess.1 * excess.1
    }
    guard variance > 0 else { return nil }
    return min(1, max(.leastNormalMagnitude, erfc(sum / (2 * variance).squareRoot()) / 2))
  }

  /// The cohort's mean enrichment, each patient once, against the means of the draws. Absent where there are no draws.
  public var test: PermutationTest? {
    let patients = ofPatients.values.sorted { $0.place < $1.place }
    guard let first = patients.first else { return nil }
    var cohort = CohortChance(drawCount: first.draws.count)
    for patient in patients where patient.draws.count == first.draws.count {
      cohort.add(observed: patient.observed / Double(patient.count), draws: patient.draws.map { $0 / Double(patient.count) })
    }
    return cohort.test()
  }
}
