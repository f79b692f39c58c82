import CarpusAnatomy
import CarpusExplanation
import CarpusGraphs
import CarpusImaging
import CarpusReporting
import CarpusTensors

/// What is explained, read from its files and checked.
struct Subject {
  /// File name without folder.
  let name: String
  let path: String
  let tensor: Tensor
  let picture: ExplanationReport.Picture?
  let regions: RegionSet?
  let regionFile: String?
  /// Of a radiograph: hands, background and what may mislead, also where these are not among the measured regions.
  let landmarks: LandmarkRegions?
  /// Of a radiograph, as the network was given it.
  let input: ModelInput?
  let warnings: [String]

  init(_ request: ExplanationRequest, _ reading: ModelReading) throws(CarpusError) {
    switch request.subject {
    case .tensor(let path):
      self.path = path
      name = lastComponent(path)
      tensor = try TensorFiles.read(path)
      (picture, regions, regionFile, input, landmarks, warnings) = (nil, nil, nil, nil, nil, [])
      guard tensor.shape.rank > 0, tensor.shape[0] > 0 else {
        throw CarpusError(.badData, "\(name): a batch of images is needed, not a tensor of shape \(tensor.shape)")
      }
    case .image(let path, let regionPath):
      let imageName = lastComponent(path)
      self.path = path
      name = imageName
      let bytes: [UInt8], radiograph: Radiograph
      do { bytes = try FileReading.read(path) } catch { throw CarpusError(error, file: name) }
      do { radiograph = try Radiograph(pngBytes: bytes) } catch { throw CarpusError(error, file: name) }
      let digest = regionPath == nil ? nil : Hash.sha256(bytes)
      let preprocessing = try reading.preprocessing()
      let prepared = try preprocessing.prepared(radiograph, name: imageName)
      input = prepared
      tensor = prepared.tensor
      picture = ExplanationReport.Picture(radiograph: radiograph, input: prepared, inputSize: preprocessing.size)
      let origin = try regionPath.map { path throws(CarpusError) in try RegionOrigin(path) }
      regionFile = origin?.title
      let all = try origin.map { origin throws(CarpusError) in
        try origin.regions(of: radiograph, named: path, sha256: digest, keypointRadius: request.keypointRadius, isInverted: preprocessing.isInverted)
      }
      landmarks = LandmarkRegions(of: radiograph, all)
      regions = try all.map { all throws(CarpusError) in
        do { return try request.selection.applied(to: all) } catch {
          throw CarpusError(.usage, "\(origin?.title ?? ""): none of its \(all.regions.count) regions is one of those that --only names")
        }
      }
      warnings = radiograph.warnings.map(\.description) + reading.warnings + (regions?.warnings.map(\.description) ?? [])
    }
    guard let elements = tensor.elementType.isFloatingPoint ? tensor.doubles : nil else { return }
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw CarpusError(.badData, "\(name): element \(index) is not a finite number")
    }
  }

  /// Statistics of the regions, and the budget of each image.
  func measured(
    _ maps: [AttributionMap], scores: [Double], intercepts: [Double]
  ) throws(CarpusError) -> (measurement: ExplanationReport.Measurement?, budgets: [ScoreBudget], warnings: [String]) {
    guard let regions, let picture, let regionFile, let map = maps.first else {
      let budgets = zip(maps, zip(scores, intercepts)).map { ScoreBudget(score: $1.0, intercept: $1.1, explained: $0.sum) }
      return (nil, budgets, [])
    }
    let (measurement, warnings) = try ExplanationReport.Measurement.of(map, in: regions, picture, source: regionFile)
    return (measurement, [measurement.focus.budget(score: scores[0], intercept: intercepts[0])], warnings)
  }
}

extension ExplanationReport.Measurement {
  /// Measures a map, and says which regions are too small for its cells.
  static func of(
    _ map: AttributionMap, in regions: RegionSet, _ picture: ExplanationReport.Picture, source: String
  ) throws(CarpusError) -> (measurement: ExplanationReport.Measurement, warnings: [String]) {
    let focus: Focus
    do {
      focus = try Focus(
        of: Tensor(map.values, shape: [map.height, map.width]), in: regions, inputSize: picture.inputSize, transform: picture.transform)
    } catch { throw CarpusError(.software, error.description) }
    let small = zip(regions.regions, focus.regions).filter { ($1.ceiling ?? 0) < 0.5 }.map(\.0.name)
    let warnings = small.isEmpty ? [] : [
      "these regions fill less than half of any cell of the map, so that their points cannot be told from those of their surroundings: \(small.joined(separator: ", "))"
    ]
    return (ExplanationReport.Measurement(regions: regions, focus: focus, source: source), warnings)
  }
}
