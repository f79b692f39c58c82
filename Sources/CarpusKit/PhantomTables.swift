import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusReporting
import CarpusScoring

/// A phantom of which the image has been written, and what is said about it.
struct DrawnPhantom: Sendable {
  let patient: PhantomPatient
  let imageName: String
  let regions: COCOEntry
  let settings: PhantomSettings

  /// - Throws: `CarpusError` 73 or 74 when the image cannot be written.
  init(_ patient: PhantomPatient, into folder: OutputFolder) throws(CarpusError) {
    let digits = String(patient.number)
    let imageName = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".png"
    let image = patient.image()
    let bytes: [UInt8]
    do { bytes = try image.png() } catch { throw CarpusError(.software, "\(imageName): \(error)") }
    do {
      regions = try COCOEntry(fileName: imageName, size: image.size, regions: image.regions.map { ($0.kind.rawValue, $0.region) })
    } catch { throw CarpusError(.software, "\(imageName): \(error)") }
    try folder.write(bytes, to: imageName)
    self.patient = patient
    self.imageName = imageName
    settings = image.settings
  }
}

extension PhantomImage {
  /// 8 bits a sample, or 16; of 9 to 15 bits the uppermost are repeated below, as PNG's specification advises for scaling, so that
  /// white is 65535.
  fileprivate func png() throws(PNGError) -> [UInt8] {
    guard bitDepth > 8 else { return try PNG.encode(samples.map { UInt8(truncatingIfNeeded: $0) }, layout: .grey, size: size) }
    let shift = UInt16(16 - bitDepth), back = UInt16(2 * bitDepth - 16)
    return try PNG.encode(grey: shift == 0 ? samples : samples.map { $0 << shift | $0 >> back }, size: size)
  }
}

/// What the files beside the images say.
struct PhantomTables {
  private let options: PhantomOptions
  /// The rows of `scores.csv`.
  private(set) var scores: [[String]]
  /// The rows of `settings.csv`.
  private(set) var settings: [[String]]
  private var images: [JSONText] = []

  init(_ options: PhantomOptions) {
    self.options = options
    scores = [["image", "patient", "visit", "hands", "total", "class"] + SvdHItem.all.map(\.description)]
    settings = [["image"] + PhantomTables.settingColumns]
  }

  mutating func append(_ phantom: DrawnPhantom) {
    let patient = phantom.patient
    let key = "P" + phantom.imageName.dropLast(4), visit = "1"
    let shown = Set(options.hands.items)
    scores.append(
      [phantom.imageName, key, visit, options.hands.rawValue, String(patient.total), patient.severity]
        + SvdHItem.all.map { shown.contains($0) ? String(patient.grades[$0]) : "" })
    settings.append([phantom.imageName] + PhantomTables.settingFields(of: phantom))
    images.append(
      .object([
        ("file", .string("images/\(phantom.imageName)")), ("patient", .string(key)), ("visit", .string(visit)),
        ("reference", .object([("total", .integer(patient.total))])),
      ]))
  }

  private static let settingColumns = Nuisance.allCases.map(\.rawValue)
    + ["marker_sides", "marker_style", "marker_height_mm", "age", "sex", "pixels_per_mm", "dose", "gamma"]

  private static func settingFields(of phantom: DrawnPhantom) -> [String] {
    let settings = phantom.settings, person = phantom.patient.person
    return Nuisance.allCases.map { settings.nuisances.contains($0) ? "1" : "0" } + [
      settings.markers.map(\.letter).joined(separator: " "), settings.markers.first?.style.rawValue ?? "",
      CSVText.field(settings.markers.first?.height), CSVText.field(person.age), person.isFemale ? "F" : "M",
      CSVText.field(settings.pixelsPerMillimetre), CSVText.field(settings.dose), CSVText.field(settings.gamma),
    ]
  }

  /// `study.json`, schema `carpus-study/1`; paths are relative to it.
  func study(of cohort: PhantomCohort) -> JSONText {
    .object([
      ("schema", .string("carpus-study/1")),
      ("title", .string("Synthetic hand radiographs, seed \(options.seed)")),
      ("models", .array([])),
      ("regions", .string(PhantomCohort.regionFile)),
      ("scores", .string(PhantomCohort.scoreFile)),
      ("images", .array(images)),
      ("phantom", .object([
        ("seed", .string(String(options.seed))), ("first", .integer(cohort.numbers.lowerBound)), ("count", .integer(cohort.numbers.count)),
        ("hands", .string(options.hands.rawValue)), ("width", .integer(options.size.width)), ("height", .integer(options.size.height)),
        ("bits", .integer(options.bitDepth)), ("inverted", .bool(options.isInverted)),
        ("nuisances", .array(Nuisance.allCases.filter(options.nuisances.contains).map { .string($0.rawValue) })),
        ("markerHabit", .string(options.markerHabit.rawValue)),
        ("set", .object(SvdHItem.all.compactMap { item in options.grades[item].map { (item.description, .integer($0)) } })),
      ])),
    ])
  }
}
