import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusONNX
import CarpusScoring
import CarpusStore
import CarpusTensors

/// A model or an ensemble that is prepared once and then scores and explains one radiograph after the other.
struct AuditedModel: Sendable {
  let name: String
  let stored: StoredStudy.Model
  let warnings: [String]
  /// The model itself, or the ensemble's.
  let members: [AuditedMember]
  /// `nil` for a single model.
  private let combination: Combination?

  /// - Parameter path: of an ONNX file, or of an ensemble file (`.json`).
  init(path: String, card: CardChoice, name: String?) throws(CarpusError) {
    let file = lastComponent(path)
    var use = ModelUse()
    use.card = card
    if EnsembleFile.isNamedAsOne(path) {
      let ensemble = try Ensemble(path: path, use: use)
      self.name = name ?? String(file.dropLast(5))
      combination = ensemble.file.combination
      var members: [AuditedMember] = [], hashes: [String] = []
      for (entry, reading) in zip(ensemble.file.members, ensemble.members) {
        members.append(try AuditedMember(reading, name: entry.name))
        hashes += [try Hash.sha256(ofFile: reading.model.path), reading.cardFile?.sha256 ?? ""]
      }
      self.members = members
      // What the ensemble is made of stands in other files.
      stored = StoredStudy.Model(
        name: self.name, file: file, sha256: ensemble.sha256, cardSHA256: Hash.sha256([UInt8](hashes.joined(separator: " ").utf8)))
      warnings = zip(ensemble.file.members, ensemble.members).flatMap { entry, reading in
        (reading.model.survey.warnings + reading.warnings).map { "\(entry.name): \($0)" }
      }
      return
    }
    let reading = try ModelReading(try Model(path: path), use)
    self.name = name ?? (file.lowercased().hasSuffix(".onnx") ? String(file.dropLast(5)) : file)
    combination = nil
    members = [try AuditedMember(reading, name: self.name)]
    stored = StoredStudy.Model(
      name: self.name, file: file, sha256: try Hash.sha256(ofFile: path), cardSHA256: reading.cardFile?.sha256 ?? "")
    warnings = reading.model.survey.warnings + reading.warnings
  }

  var isEnsemble: Bool { combination != nil }

  /// A score with its maps, in points, each on its grid.
  struct Explained {
    let score: Double
    let severity: RadiographScore.Severity?
    let target, intercept, slope: Double
    let maps: [(map: AttributionMap, grid: MapGrid)]
    /// Of an ensemble: the mean of Spearman's correlations of its members' maps of the first method, pair by pair.
    let memberAgreement: Double?
  }

  /// The ensemble's score, intercept and map are the members', weighted: `score = intercept + Σ wᵢ · sᵢ`.
  ///
  /// - Parameters:
  ///   - name: of the radiograph, for what goes wrong.
  ///   - memory: of the members, in their order.
  func explained(
    _ radiograph: Radiograph, name: String, methods: [any AttributionMethod.Type], in memory: [AuditedMember.Memory]
  ) throws(CarpusError) -> Explained {
    var inputs: [ModelInput] = [], parts: [AuditedMember.Explained] = []
    for (member, memory) in zip(members, memory) {
      let input = try member.preprocessing.prepared(radiograph, name: name)
      inputs.append(input)
      do throws(CarpusError) { parts.append(try member.explained(input, methods: methods, in: memory)) } catch { throw error.about(name) }
    }
    guard let combination else {
      let part = parts[0], size = members[0].preprocessing.size
      return Explained(
        score: part.score, severity: part.severity, target: part.target, intercept: part.intercept, slope: part.slope,
        maps: part.maps.map { ($0, MapGrid(height: $0.height, width: $0.width, inputSize: size, transform: inputs[0].transform)) },
        memberAgreement: nil)
    }
    let scores = parts.map(\.score), weights = combination.weights(for: scores), score = combination.score(of: scores)
    let frames = zip(members, inputs).map { $1.transform.backward(PixelRectangle($0.preprocessing.size)) }
    let maps = methods.indices.map { method in
      let (map, grid) = CommonGrid.sum(of: zip(parts, frames).map { (map: $0.maps[method], frame: $1) }, weights: weights)
      return (map, MapGrid(height: grid.height, width: grid.width, inputSize: grid.size, transform: grid.transform))
    }
    let scales = Set(members.map(\.severity))
    return Explained(
      score: score, severity: .init(of: score, in: scales.count == 1 ? scales.first ?? nil : nil), target: score,
      intercept: zip(weights, parts).reduce(combination.intercept) { $0 + $1.0 * $1.1.intercept }, slope: parts.map(\.slope).min { abs($0) < abs($1) } ?? 1,
      maps: maps, memberAgreement: Self.agreement(parts.map { $0.maps[0] }))
  }

  private static func agreement(_ maps: [AttributionMap]) -> Double? {
    let cells = maps.map { MapCells($0.values, height: $0.height, width: $0.width) }
    var values: [Double] = []
    for first in cells.indices {
      for second in cells.indices.dropFirst(first + 1) {
        if case .success(let value) = MapAgreement(cells[first], cells[second]).spearman { values.append(value) }
      }
    }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The score alone, in points.
  func score(_ radiograph: Radiograph, name: String, in memory: [AuditedMember.Memory]) throws(CarpusError) -> Double {
    var scores: [Double] = []
    for (member, memory) in zip(members, memory) {
      let result = try memory.runner.score(try member.preprocessing.prepared(radiograph, name: name).tensor)
      guard let score = result.score else { throw CarpusError(.software, "\(member.name): no score for a radiograph") }
      scores.append(score)
    }
    return combination?.score(of: scores) ?? scores[0]
  }
}
