import CarpusGraphs
import CarpusImaging
public import CarpusScoring
import CarpusTensors
import Synchronization

/// Scores radiographs with a model or an ensemble.
public struct Scorer: Sendable {
  /// Name of the file without its folder.
  public let name: String
  /// Names of an ensemble's members; none of a single model.
  public let members: [String]
  /// What should be known of all scores.
  public let warnings: [String]
  let networks: [Network]
  /// `nil` for a single model.
  let combination: Combination?
  /// How the score is put into classes, where that is known.
  let severity: SeverityScale?

  /// Where the classes come from, in a sentence; `nil` where there are none, or they have names of their own.
  public var classOrigin: String? {
    combination == nil ? networks[0].reading.classOrigin : severity?.origin
  }

  /// - Parameter path: of an ONNX file, or of an ensemble file (`.json`).
  /// - Throws: `CarpusError`.
  public init(path: String, use: ModelUse = ModelUse()) throws(CarpusError) {
    name = lastComponent(path)
    if EnsembleFile.isNamedAsOne(path) {
      let ensemble = try Ensemble(path: path, use: use)
      combination = ensemble.file.combination
      members = ensemble.file.members.map(\.name)
      networks = try ensemble.members.map { member throws(CarpusError) in try Network(member) }
    } else {
      combination = nil
      members = []
      networks = [try Network(try ModelReading(Model(path: path), use))]
    }
    // Of members that are put into classes in different ways, the score is in none.
    let scales = networks.map { $0.reading.score?.points.severity }
    severity = scales.allSatisfy { $0 == scales[0] } ? scales[0] : nil
    warnings = networks.flatMap { $0.reading.model.warnings + $0.reading.warnings }
  }

  /// Scores radiographs, in their order. They are read and prepared on several threads, a few ahead of the network.
  ///
  /// - Parameters:
  ///   - images: paths of files.
  ///   - progress: gets the number of radiographs that are done.
  /// - Throws: `CarpusError` for the first that cannot be scored.
  public func scores(of images: [String], threads: Int = 1, progress: (Int) -> Void = { _ in }) throws(CarpusError) -> [RadiographScore] {
    let runners = networks.map { NetworkRunner($0, threads: threads) }
    let ahead = min(max(threads, 1), 8)
    var scores: [RadiographScore] = []
    for start in stride(from: 0, to: images.count, by: ahead) {
      let paths = Array(images[start..<min(start + ahead, images.count)])
      for (path, prepared) in zip(paths, inputs(of: paths, threads: threads)) {
        var readings: [RawScore] = []
        let tensors = try prepared.get()
        for (runner, tensor) in zip(runners, tensors) {
          do { readings.append(try runner.score(tensor)) } catch { throw error.about(lastComponent(path)) }
        }
        scores.append(try score(image: lastComponent(path), readings))
        progress(scores.count)
      }
    }
    return scores
  }

  /// For each radiograph the inputs of all networks.
  private func inputs(of paths: [String], threads: Int) -> [Result<[Tensor], CarpusError>] {
    let results = Mutex([Result<[Tensor], CarpusError>?](repeating: nil, count: paths.count))
    ThreadTeam(count: threads).run(tasks: paths.count) { index, _ in
      let result = Result { () throws(CarpusError) in try input(of: paths[index]) }
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  private func input(of path: String) throws(CarpusError) -> [Tensor] {
    let name = lastComponent(path)
    let radiograph: Radiograph
    do { radiograph = try Radiograph.read(at: path) } catch { throw CarpusError(error, file: name) }
    return try networks.map { network throws(CarpusError) in try network.preprocessing.prepared(radiograph, name: name).tensor }
  }

  private func score(image: String, _ readings: [RawScore]) throws(CarpusError) -> RadiographScore {
    var warnings: [String] = []
    func warnIfOutside(_ score: Double?, _ scale: ClosedRange<Double>?, of name: String) {
      guard let score, let scale, !scale.contains(score) else { return }
      warnings.append("\(image): the score \(score) of \(name) lies outside its scale, \(scale.lowerBound) to \(scale.upperBound)")
    }
    for (network, reading) in zip(networks, readings) { warnIfOutside(reading.score, network.reading.score?.points.scale, of: network.reading.model.name) }
    guard let combination else {
      let reading = readings[0]
      return RadiographScore(
        image: image, score: reading.score, severity: reading.severity ?? .init(of: reading.score, in: severity), probabilities: reading.probabilities,
        members: [], spread: nil, warnings: warnings)
    }
    let scores = readings.compactMap(\.score)
    let score = combination.score(of: scores)
    let scales = Set(networks.map { $0.reading.score?.points.scale })
    warnIfOutside(score, scales.count == 1 ? scales.first ?? nil : nil, of: name)
    return RadiographScore(
      image: image, score: score, severity: .init(of: score, in: severity), probabilities: nil,
      members: zip(members, scores).map { RadiographScore.Member(name: $0, score: $1) }, spread: Spread(of: scores), warnings: warnings)
  }
}

/// What is said of one radiograph.
public struct RadiographScore: Sendable, Hashable {
  public struct Severity: Sendable, Hashable {
    /// From 0.
    public let index: Int
    public let name: String
  }

  public struct Member: Sendable, Hashable {
    public let name: String
    public let score: Double
  }

  /// Name of the file without its folder.
  public let image: String
  /// In points; absent where the network gives classes only.
  public let score: Double?
  public let severity: Severity?
  /// Of the classes, where the network gives them.
  public let probabilities: [Double]?
  /// Of an ensemble.
  public let members: [Member]
  public let spread: Spread?
  public let warnings: [String]
}
