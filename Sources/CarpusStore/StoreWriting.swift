import Foundation
internal import GRDB

/// Rows into tables.
enum StoreWriting {
  static func write(_ study: StoredStudy, to database: Database) throws {
    for (name, value) in study.settings.sorted(by: { $0.key < $1.key }) {
      try insert(into: "setting", [name, value], database)
    }
    try insert(into: "setting", [imageCount, String(study.imageCount)], database)
    for (index, model) in study.models.enumerated() {
      try insert(into: "model", [index, model.name, model.file, model.sha256, model.cardSHA256], database)
    }
  }

  /// The name of a setting that is a number of its own.
  static let imageCount = "imageCount"

  static func write(_ image: StoredImage, to database: Database) throws {
    let id = image.index
    try insert(
      into: "image", [id, image.file, image.sha256, image.patient, image.visit, image.total, image.width, image.height], database)
    for (place, grade) in image.grades.enumerated() { try insert(into: "grade", [id, place, grade.item, grade.grade], database) }
    for (place, mark) in image.landmarks.enumerated() { try insert(into: "landmark", [id, place, mark.key, mark.x, mark.y], database) }
    for (model, prediction) in image.predictions.enumerated() {
      try insert(
        into: "prediction", [id, model, prediction.score, prediction.classIndex, prediction.className, prediction.memberAgreement], database)
      for (place, map) in prediction.maps.enumerated() {
        try insert(
          into: "map",
          [
            id, model, place, map.method, map.layer, map.height, map.width, map.intercept, map.inRegions, map.elsewhere, map.residual,
            map.sumPositive, map.sumNegative, map.slope, map.entropy, map.spread, map.gini, map.paddingMass, map.centreEnrichment,
            data(map.cells), map.frame.x, map.frame.y, map.frame.width, map.frame.height,
          ], database)
        for (number, region) in map.regions.enumerated() { try write(region, [id, model, place, number], to: database) }
      }
      for (place, covering) in prediction.coverings.enumerated() {
        try insert(into: "covering", [id, model, place, covering.key, covering.pixels, covering.score], database)
      }
    }
  }

  static func write(_ checks: [StoredCheck], of model: Int, to database: Database) throws {
    for (place, check) in checks.enumerated() {
      try insert(into: "model_check", [model, place, check.name, check.member, check.value, check.images, check.sentence], database)
    }
  }

  private static func write(_ region: StoredRegion, _ key: [(any DatabaseValueConvertible)?], to database: Database) throws {
    try insert(
      into: "region",
      key + [
        region.key, region.kind, region.pixels, region.points, region.pointsPositive, region.pointsNegative, region.mass, region.areaShare,
        region.enrichment, region.rankAccuracy, region.topShare, region.auc, region.auprc, region.iou, region.ceiling, region.reach,
        region.peakInside.map { $0 ? 1 : 0 }, region.chance, region.chanceDeviation, region.p, region.draws.map(data),
      ], database)
  }

  /// Four bytes each, little-endian.
  private static func data(_ numbers: [Float]) -> Data {
    Data(numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(8 * $0)) } })
  }

  /// Eight bytes each, little-endian.
  private static func data(_ numbers: [Double]) -> Data {
    Data(numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(8 * $0)) } })
  }

  private static func insert(into table: String, _ values: [(any DatabaseValueConvertible)?], _ database: Database) throws {
    let places = [String](repeating: "?", count: values.count).joined(separator: ", ")
    let statement = try database.cachedStatement(sql: "INSERT INTO \(table) VALUES (\(places))")
    try statement.execute(arguments: StatementArguments(values))
  }
}
