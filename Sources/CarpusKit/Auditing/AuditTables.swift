import CarpusImaging
import CarpusReporting
import CarpusStore

/// The store as tables for spreadsheets.
enum AuditTables {
  private static let imageColumns = [
    "image", "patient", "visit", "total", "model", "score", "error", "class", "method", "layer", "intercept", "in_regions", "elsewhere", "residual",
    "sites_enrichment", "sites_chance", "sites_p",
  ]
  private static let regionColumns = [
    "image", "model", "method", "region", "kind", "pixels", "points", "points_positive", "points_negative", "mass", "area_share", "enrichment",
    "chance", "chance_deviation", "p", "rank_accuracy", "top_share", "auc", "auprc", "iou", "ceiling", "peak_inside",
  ]

  /// `images.csv`: a row for each image, model and method. `regions.csv`: a row for each region of these.
  static func write(_ store: AuditStore, to folder: OutputFolder) throws(CarpusError) {
    let models = store.study.models.map { CSVText.field(foreign: $0.name) }
    try table("images.csv", imageColumns, store, folder) { image in
      rows(of: image, models) { prediction, map in
        let sites = map.regions.first { $0.key == "sites" }
        return [[
          CSVText.field(prediction.score), CSVText.field(image.total.map { prediction.score - $0 }), CSVText.field(foreign: prediction.className ?? ""),
          map.method, CSVText.field(foreign: map.layer), CSVText.field(map.intercept), CSVText.field(map.inRegions), CSVText.field(map.elsewhere),
          CSVText.field(map.residual), CSVText.field(sites?.enrichment), CSVText.field(sites?.chance), CSVText.field(sites?.p),
        ]]
      }.map { model, row in
        [
          CSVText.field(foreign: image.file), CSVText.field(foreign: image.patient ?? ""), CSVText.field(foreign: image.visit ?? ""),
          CSVText.field(image.total), model,
        ] + row
      }
    }
    try table("regions.csv", regionColumns, store, folder) { image in
      rows(of: image, models) { _, map in map.regions.map { [map.method] + fields($0) } }.map { model, row in
        [CSVText.field(foreign: image.file), model] + row
      }
    }
  }

  private static func rows(
    of image: StoredImage, _ models: [String], _ rows: (StoredPrediction, StoredMap) -> [[String]]
  ) -> [(String, [String])] {
    zip(models, image.predictions).flatMap { model, prediction in
      prediction.maps.flatMap { map in rows(prediction, map).map { (model, $0) } }
    }
  }

  private static func fields(_ region: StoredRegion) -> [String] {
    let numbers: [Double?] = [
      region.points, region.pointsPositive, region.pointsNegative, region.mass, region.areaShare, region.enrichment, region.chance,
      region.chanceDeviation, region.p, region.rankAccuracy, region.topShare, region.auc, region.auprc, region.iou, region.ceiling,
    ]
    return [region.key, region.kind, String(region.pixels)] + numbers.map { CSVText.field($0) } + [region.peakInside.map { $0 ? "1" : "0" } ?? ""]
  }

  /// Writes a table image by image.
  private static func table(
    _ name: String, _ columns: [String], _ store: AuditStore, _ folder: OutputFolder, _ rows: (StoredImage) -> [[String]]
  ) throws(CarpusError) {
    var failure: CarpusError?
    do throws(FileWritingError) {
      try AtomicWriting.write(to: folder.path(of: name)) { (file) throws(FileWritingError) in
        try file.write(Array(CSVText.text([columns]).utf8))
        do throws(CarpusError) {
          for index in try Audit.located({ () throws(StoreError) in try store.images() }) {
            let image = try Audit.located { () throws(StoreError) in try store.image(index) }
            do throws(FileWritingError) { try file.write(Array(CSVText.text(rows(image)).utf8)) } catch { throw CarpusError(error, file: name) }
          }
        } catch {
          failure = error
          throw .ioError(reason: "there are no more rows")
        }
      }
    } catch { throw failure ?? CarpusError(error, file: name) }
  }
}
