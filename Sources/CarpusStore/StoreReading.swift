internal import GRDB

/// Tables into rows.
enum StoreReading {
  static func study(from database: Database) throws -> StoredStudy {
    try StoreSchema.check(database)
    var settings: [String: String] = [:]
    for row in try rows("SELECT * FROM setting", [], database) { settings[try row.text("name")] = try row.text("value") }
    guard let count = settings.removeValue(forKey: StoreWriting.imageCount).flatMap({ Int($0) }), (1...1 << 31).contains(count) else {
      throw StoreError.damaged("the number of images")
    }
    var models: [StoredStudy.Model] = []
    for row in try rows("SELECT * FROM model ORDER BY model", [], database) {
      guard try row.integer("model") == models.count, models.count < 1024 else { throw StoreError.damaged("the numbers of the models") }
      models.append(
        StoredStudy.Model(
          name: try row.text("name"), file: try row.text("file"), sha256: try row.text("sha256"), cardSHA256: try row.text("card_sha256")))
    }
    return StoredStudy(settings: settings, models: models, imageCount: count)
  }

  static func image(_ index: Int, modelCount: Int, from database: Database) throws -> StoredImage {
    guard let row = try rows("SELECT * FROM image WHERE image = ?", [index], database).first else {
      throw StoreError.damaged("image \(index + 1) is not there")
    }
    var predictions: [StoredPrediction] = []
    for own in try rows("SELECT * FROM prediction WHERE image = ? ORDER BY model", [index], database) {
      guard try own.integer("model") == predictions.count else { throw StoreError.damaged("the predictions of image \(index + 1)") }
      let key = [index, predictions.count]
      predictions.append(
        StoredPrediction(
          score: try own.real("score"), classIndex: try own.optionalInteger("class"), className: try own.optionalText("class_name"),
          maps: try maps(key, from: database), coverings: try coverings(key, from: database),
          memberAgreement: try own.optionalReal("member_agreement")))
    }
    guard predictions.count == modelCount else { throw StoreError.damaged("the predictions of image \(index + 1)") }
    return StoredImage(
      index: index, file: try row.text("file"), sha256: try row.text("sha256"), patient: try row.optionalText("patient"),
      visit: try row.optionalText("visit"), total: try row.optionalReal("total"), width: try row.integer("width"),
      height: try row.integer("height"), grades: try grades(index, from: database), landmarks: try landmarks(index, from: database),
      predictions: predictions)
  }

  private static func grades(_ index: Int, from database: Database) throws -> [StoredImage.Grade] {
    try rows("SELECT * FROM grade WHERE image = ? ORDER BY place", [index], database).map { row in
      StoredImage.Grade(item: try row.text("item"), grade: try row.integer("grade"))
    }
  }

  private static func landmarks(_ index: Int, from database: Database) throws -> [StoredImage.Landmark] {
    try rows("SELECT * FROM landmark WHERE image = ? ORDER BY place", [index], database).map { row in
      StoredImage.Landmark(key: try row.text("key"), x: try row.real("x"), y: try row.real("y"))
    }
  }

  /// The checks of a model, in the order they were made.
  static func checks(of model: Int, from database: Database) throws -> [StoredCheck] {
    try rows("SELECT * FROM model_check WHERE model = ? ORDER BY place", [model], database).map { row in
      StoredCheck(
        name: try row.text("name"), member: try row.text("member"), value: try row.real("value"), images: try row.integer("images"),
        sentence: try row.text("sentence"))
    }
  }

  private static func maps(_ key: [Int], from database: Database) throws -> [StoredMap] {
    try rows("SELECT * FROM map WHERE image = ? AND model = ? ORDER BY place", key, database).enumerated().map { place, row in
      StoredMap(
        method: try row.text("method"), layer: try row.text("layer"), height: try row.integer("height"), width: try row.integer("width"),
        intercept: try row.real("intercept"), inRegions: try row.real("in_regions"), elsewhere: try row.real("elsewhere"),
        residual: try row.real("residual"), sumPositive: try row.real("sum_positive"), sumNegative: try row.real("sum_negative"),
        slope: try row.real("slope"), entropy: try row.optionalReal("entropy"), spread: try row.optionalReal("spread"),
        gini: try row.optionalReal("gini"), paddingMass: try row.optionalReal("padding_mass"), centreEnrichment: try row.optionalReal("centre_enrichment"),
        cells: try row.cells("cells", height: "height", width: "width"),
        frame: StoredMap.Frame(
          x: try row.real("grid_x"), y: try row.real("grid_y"), width: try row.real("grid_width"), height: try row.real("grid_height")),
        regions: try regions(key + [place], from: database))
    }
  }

  private static func regions(_ key: [Int], from database: Database) throws -> [StoredRegion] {
    try rows("SELECT * FROM region WHERE image = ? AND model = ? AND map = ? ORDER BY place", key, database).map { row in
      StoredRegion(
        key: try row.text("key"), kind: try row.text("kind"), pixels: try row.integer("pixels"), points: try row.real("points"),
        pointsPositive: try row.real("points_positive"), pointsNegative: try row.real("points_negative"), mass: try row.optionalReal("mass"),
        areaShare: try row.real("area_share"), enrichment: try row.optionalReal("enrichment"),
        rankAccuracy: try row.optionalReal("rank_accuracy"), topShare: try row.optionalReal("top_share"), auc: try row.optionalReal("auc"),
        auprc: try row.optionalReal("auprc"), iou: try row.optionalReal("iou"), ceiling: try row.optionalReal("ceiling"), reach: try row.real("reach"),
        peakInside: try row.optionalInteger("peak_inside").map { $0 != 0 }, chance: try row.optionalReal("chance"),
        chanceDeviation: try row.optionalReal("chance_deviation"), p: try row.optionalReal("p"), draws: try row.optionalNumbers("draws"))
    }
  }

  private static func coverings(_ key: [Int], from database: Database) throws -> [StoredCovering] {
    try rows("SELECT * FROM covering WHERE image = ? AND model = ? ORDER BY place", key, database).map { row in
      StoredCovering(key: try row.text("key"), pixels: try row.integer("pixels"), score: try row.real("score"))
    }
  }

  private static func rows(_ sql: String, _ arguments: [Int], _ database: Database) throws -> [StoreRow] {
    let statement = try database.cachedStatement(sql: sql)
    return try Row.fetchAll(statement, arguments: StatementArguments(arguments)).map(StoreRow.init)
  }
}
