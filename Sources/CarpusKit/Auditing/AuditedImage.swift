import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusScoring
import CarpusStore
import CarpusTensors

/// A radiograph with its regions, read once for all models.
struct AuditedImage {
  private let plan: AuditPlan
  private let index: Int
  private let image: Study.Image
  private let name: String
  private let sha256: String
  private let radiograph: Radiograph
  private let regions: AuditedRegions?

  init(_ index: Int, of plan: AuditPlan) throws(CarpusError) {
    self.plan = plan
    self.index = index
    image = plan.study.images[index]
    let path = plan.folder + image.path
    name = lastComponent(path)
    let bytes: [UInt8]
    do { bytes = try FileReading.read(path) } catch { throw CarpusError(error, file: name) }
    sha256 = Hash.sha256(bytes)
    do { radiograph = try Radiograph(pngBytes: bytes) } catch { throw CarpusError(error, file: name) }
    regions = try plan.regions(of: image, radiograph, sha256: sha256).map { AuditedRegions($0, image: index, seed: plan.study.seed, draws: plan.study.draws) }
  }

  /// Everything that is measured.
  ///
  /// - Parameter memory: of each model's members.
  func measured(in memory: [[AuditedMember.Memory]]) throws(CarpusError) -> StoredImage {
    var predictions: [StoredPrediction] = []
    var grids: [MapGrid: AuditedRegions.OnGrid] = [:]
    let coverings = regions?.coverings(of: radiograph, asked: plan.study.checks) ?? []
    for (model, memory) in zip(plan.models, memory) {
      let explained = try model.explained(radiograph, name: name, methods: plan.methods, in: memory)
      var maps: [StoredMap] = []
      for (map, grid) in explained.maps {
        if grids[grid] == nil { grids[grid] = try located { () throws(FocusError) in try regions?.on(grid) } }
        maps.append(try stored(map, grid, explained, grids[grid]))
      }
      var scores: [StoredCovering] = []
      for covering in coverings {
        scores.append(
          StoredCovering(key: covering.key, pixels: covering.pixels, score: try model.score(covering.radiograph, name: name, in: memory)))
      }
      predictions.append(
        StoredPrediction(
          score: explained.score, classIndex: explained.severity?.index, className: explained.severity?.name, maps: maps, coverings: scores,
          memberAgreement: explained.memberAgreement))
    }
    return StoredImage(
      index: index, file: image.path, sha256: sha256, patient: image.patient, visit: image.visit, total: image.total,
      width: radiograph.size.width, height: radiograph.size.height,
      grades: plan.grades(of: image).map { StoredImage.Grade(item: $0.description, grade: $1) }, landmarks: regions?.landmarks ?? [],
      predictions: predictions)
  }

  private func stored(
    _ map: AttributionMap, _ grid: MapGrid, _ explained: AuditedModel.Explained, _ onGrid: AuditedRegions.OnGrid?
  ) throws(CarpusError) -> StoredMap {
    let frame = grid.frame
    var stored = StoredMap(
      method: map.method, layer: map.layer, height: map.height, width: map.width, intercept: explained.intercept, inRegions: 0, elsewhere: map.sum,
      residual: explained.target - (explained.intercept + map.sum), sumPositive: map.sumPositive, sumNegative: map.sumNegative,
      slope: explained.slope, cells: map.values.map { Float($0) },
      frame: StoredMap.Frame(x: frame.minX, y: frame.minY, width: frame.maxX - frame.minX, height: frame.maxY - frame.minY), regions: [])
    guard let onGrid else { return stored }
    try located { () throws(FocusError) in
      let tensor = Tensor(map.values, shape: [map.height, map.width])
      let focus = try Focus(of: tensor, in: onGrid.coverage)
      let budget = focus.budget(score: explained.target, intercept: explained.intercept)
      (stored.inRegions, stored.elsewhere, stored.residual) = (budget.inRegions, budget.elsewhere, budget.residual)
      (stored.entropy, stored.spread, stored.gini) = (focus.concentration.entropy, focus.concentration.spread, focus.concentration.gini)
      stored.paddingMass = focus.padding.mass
      stored.centreEnrichment = onGrid.centreEnrichment
      stored.regions = try onGrid.rows(focus, tensor)
    }
    return stored
  }

  private func located<Value>(_ body: () throws(FocusError) -> Value) throws(CarpusError) -> Value {
    do throws(FocusError) { return try body() } catch { throw CarpusError(.software, "\(name): \(error)") }
  }
}
