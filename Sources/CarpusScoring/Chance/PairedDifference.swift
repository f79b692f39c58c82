/// One number beside another in the same image or patient: left and right, here and mirrored, a network and a baseline map.
public struct PairedDifference: Sendable {
  /// Mean of first − second, with the interval from resampled patients.
  public let difference: Estimate
  /// Pairs that count, and how many patients they are of.
  public let pairCount: Int, patientCount: Int
  /// Pairs left out because one of the two does not exist.
  public let leftOut: Int
  /// Against draws in which each patient's differences change sign together at random: exact where first and second are interchangeable
  /// under the null hypothesis. Absent without pairs. Source: Fisher, The Design of Experiments, 1935, section 21.
  public let test: PermutationTest?

  /// - Parameters:
  ///   - first, second: of each image; `nil` where the number does not exist.
  ///   - patients: of each image; `nil` where every image stands for itself.
  ///   - resamples: of patients, for the interval, and of signs, for the test.
  ///   - seed: of the streams "bootstrap" and "signs".
  public init(
    _ first: [Double?], _ second: [Double?], patients: [String]?, resamples: Int, seed: UInt64, tail: PermutationTest.Tail = .both
  ) {
    precondition(first.count == second.count && (patients?.count ?? first.count) == first.count)
    let kept = first.indices.filter { first[$0] != nil && second[$0] != nil }
    let differences = kept.map { (first[$0] ?? 0) - (second[$0] ?? 0) }
    let clusters = PatientClusters(patients.map { patients in kept.map { patients[$0] } }, count: kept.count)
    difference = MeanEstimate.estimate(differences, patients: clusters.keys, resamples: resamples, seed: seed)
    pairCount = kept.count
    patientCount = clusters.count
    leftOut = first.count - kept.count
    let n = Double(max(1, kept.count))
    let sums = clusters.sums(differences)
    let draws = (0..<max(0, resamples)).map { draw in
      var stream = RandomStream(seed: seed, index: draw, "signs")
      return sums.reduce(0) { $0 + (stream.chance(0.5) ? $1 : -$1) } / n
    }
    test = kept.isEmpty ? nil : PermutationTest(observed: differences.reduce(0, +) / n, draws: draws, tail: tail, centre: 0)
  }
}

/// The mean of a number over images, with the interval from resampled patients.
public enum MeanEstimate {
  /// - Parameters:
  ///   - values: of each image that has one.
  ///   - patients: of each of these images; `nil` where every image stands for itself.
  public static func estimate(_ values: [Double], patients: [String]?, resamples: Int, seed: UInt64) -> Estimate {
    ClusterBootstrap(keys: patients, imageCount: values.count, resamples: values.isEmpty ? 0 : resamples, seed: seed).estimates { weights in
      let count = weights.reduce(0, +)
      guard count > 0 else { return [.failure(.tooFewImages(needed: 1))] }
      return [.success(zip(values, weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(count))]
    }[0]
  }
}

/// The images of each patient.
struct PatientClusters {
  let keys: [String]?
  private(set) var count = 0
  private var cluster: [Int] = []

  init(_ keys: [String]?, count images: Int) {
    self.keys = keys
    var numbers: [String: Int] = [:]
    for image in 0..<images {
      let number = keys.flatMap { numbers[$0[image]] } ?? count
      if number == count { count += 1 }
      if let keys { numbers[keys[image]] = number }
      cluster.append(number)
    }
  }

  func sums(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for (value, cluster) in zip(values, cluster) { sums[cluster] += value }
    return sums
  }
}
