import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusScoring
import CarpusStore
import Foundation

/// A study with its models loaded and its files found.
struct AuditPlan: Sendable {
  let study: Study
  /// With a slash at its end, or empty.
  let folder: String
  let models: [AuditedModel]
  /// Where each model and its card are.
  let sources: [(path: String, card: CardChoice)]
  let methods: [any AttributionMethod.Type]
  /// The regions of all radiographs, where one file has them.
  let regions: RegionOrigin?
  /// Grades of single places, where a table has them.
  private let table: StudyGrades?
  let stored: StoredStudy

  init(_ request: AuditRequest) throws(CarpusError) {
    let name = lastComponent(request.study), bytes: [UInt8]
    do { bytes = try FileReading.read(request.study, maximumByteCount: Study.maximumByteCount) } catch { throw CarpusError(error, file: name) }
    let study: Study
    do { study = try Study.read(bytes) } catch { throw CarpusError(.badData, "\(name): \(error)") }
    self.study = study
    let folder = request.study.lastIndex(of: "/").map { String(request.study[...$0]) } ?? ""
    self.folder = folder
    var methods: [any AttributionMethod.Type] = []
    for method in study.methods.isEmpty ? [MethodCatalog.all[0].name] : study.methods {
      do { methods.append(try MethodCatalog.method(named: method)) } catch { throw CarpusError(.badData, "\(name): \(error)") }
    }
    self.methods = methods
    var entries = study.models.map { (path: folder + $0.path, card: $0.card.map { CardChoice.file(folder + $0) } ?? .beside, name: $0.name) }
    entries += request.models.map { (path: $0, card: .beside, name: nil) }
    guard !entries.isEmpty else { throw CarpusError(.usage, "\(name) names no model: name one or more with --model") }
    var models: [AuditedModel] = []
    for entry in entries {
      let model = try AuditedModel(path: entry.path, card: entry.card, name: entry.name)
      guard !models.contains(where: { $0.name == model.name }) else {
        throw CarpusError(.usage, "two models are called ‘\(model.name)’; their files' names must differ, or the study gives them names")
      }
      models.append(model)
    }
    self.models = models
    sources = entries.map { ($0.path, $0.card) }
    let regions = try study.regions.map { file throws(CarpusError) in try RegionOrigin(file, folder: folder) }
    self.regions = regions
    if let file = regions?.file, !file.namesImages {
      throw CarpusError(
        .badData,
        "\(lastComponent(study.regions ?? "")): the regions of a whole study are a file that names its radiographs (COCO, CheXlocalize, a table of boxes with a column ‘image’), or ‘find’; this is \(file.format.title). A radiograph's own ‘regions’ may be of any format")
    }
    let regionsDigest = regions?.file.map { Hash.sha256($0.bytes) } ?? study.regions
    let tableBytes = try study.scores.map { file throws(CarpusError) -> [UInt8] in
      do throws(FileReadingError) { return try FileReading.read(folder + file, maximumByteCount: CSVTable.maximumByteCount) } catch { throw CarpusError(error, file: lastComponent(file)) }
    }
    table = try tableBytes.map { bytes throws(CarpusError) in
      do throws(CSVError) { return try StudyGrades(CSVTable(bytes)) } catch { throw CarpusError(.badData, "\(lastComponent(study.scores ?? "")): \(error)") }
    }
    stored = StoredStudy(
      settings: Self.settings(
        study, methods: methods.map { $0.name }, regions: regionsDigest ?? "", scores: tableBytes.map { Hash.sha256($0) } ?? ""),
      models: models.map(\.stored), imageCount: study.images.count)
  }

  /// The radiograph's own regions, or those of the study's file.
  ///
  /// - Parameter sha256: of the radiograph's file, where it is known.
  func regions(of image: Study.Image, _ radiograph: Radiograph, sha256: String? = nil) throws(CarpusError) -> RegionSet? {
    let own = try image.regions.map { file throws(CarpusError) in try RegionOrigin(file, folder: folder) }
    return try (own ?? regions)?.regionsIfAny(of: radiograph, named: image.path, sha256: sha256)
  }

  /// The image's own, or those of the table; in the order of `SvdHItem.all`.
  func grades(of image: Study.Image) -> [(SvdHItem, Int)] {
    let grades = image.grades.isEmpty ? table?.grades(of: image.path) ?? [:] : image.grades
    return SvdHItem.all.compactMap { item in grades[item].map { (item, $0) } }
  }

  /// All that results depend on beside models and images' files.
  private static func settings(_ study: Study, methods: [String], regions: String, scores: String) -> [String: String] {
    let images = study.images.map { image in
      ([image.path, image.patient ?? "", image.visit ?? "", image.total.map(\.description) ?? "", image.regions ?? ""]
        + image.grades.map { "\($0)=\($1)" }.sorted()).joined(separator: "\u{1f}")
    }
    return [
      "carpus": Version.number, "title": study.title, "images": Hash.sha256([UInt8](images.joined(separator: "\u{1e}").utf8)), "regions": regions,
      "scores": scores,
      "methods": methods.joined(separator: ","), "checks": study.checks.map(\.rawValue).sorted().joined(separator: ","),
      "seed": String(study.seed), "draws": String(study.draws), "resamples": String(study.resamples), "rules": study.rules.text,
    ]
  }
}

extension VerdictRules {
  /// `agreement=0.0,sites=0.05`.
  var text: String { VerdictRule.allCases.compactMap { rule in self[rule].map { "\(rule.rawValue)=\($0)" } }.joined(separator: ",") }

  /// - Returns: `nil` for what is no such text.
  init?(text: String) {
    self.init()
    for rule in VerdictRule.allCases { self[rule] = nil }
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let rule = VerdictRule(rawValue: String(sides[0])), let limit = Double(sides[1]), limit.isFinite else { return nil }
      self[rule] = limit
    }
  }
}
