import CarpusImaging
import CarpusScoring
import CarpusTensors
import Foundation

/// The folder of an explanation, to be verified.
struct ExplanationFolder {
  static let json = "explanation.json"
  private typealias Object = [String: Any]

  private let folder: String
  private let bytes: [UInt8]
  private let root: Object

  /// - Throws: `CarpusError` 65 where its `explanation.json` is none.
  init(_ folder: String) throws(CarpusError) {
    self.folder = folder
    do { bytes = try FileReading.read(folder + "/" + Self.json, maximumByteCount: 1 << 28) } catch { throw CarpusError(error, file: Self.json) }
    guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? Object, root["schema"] as? String == "carpus-explanation/1" else {
      throw CarpusError(.badData, "\(Self.json): this is no carpus-explanation/1")
    }
    self.root = root
  }

  func findings(_ files: VerificationFiles) throws(CarpusError) -> [Verification.Finding] {
    var findings: [Verification.Finding] = []
    if let finding = budget() { findings.append(finding) }
    if let finding = try map() { findings.append(finding) }
    if let finding = try table() { findings.append(finding) }
    if let finding = page() { findings.append(finding) }
    let provenance = root["provenance"] as? Object ?? [:]
    for (name, path, key) in files.models.prefix(1).map({ ("model", $0, "model.sha256") }) + (files.image.map { [("radiograph", $0, "image.sha256")] } ?? []) {
      let found = try Hash.sha256(ofFile: path), stated = provenance[key] as? String
      findings.append(finding(name, found == stated, found == stated ? "its SHA-256 is the stated one" : "its SHA-256 is \(found), stated is \(stated ?? "none")"))
    }
    return findings
  }

  private func finding(_ subject: String, _ isSame: Bool, _ sentence: String) -> Verification.Finding {
    Verification.Finding(subject: subject, isSame: isSame, sentence: sentence)
  }

  /// Its four parts add up to the explained value.
  private func budget() -> Verification.Finding? {
    guard let budget = root["budget"] as? Object, let value = (root["target"] as? Object)?["value"] as? Double else { return nil }
    let parts = ["intercept", "inRegions", "elsewhere", "residual"].compactMap { budget[$0] as? Double }
    guard parts.count == 4 else { return finding("budget", false, "it does not have its four parts") }
    let sum = parts.reduce(0, +)
    let isSame = abs(sum - value) <= 1e-9 * max(1, abs(value), parts.map(abs).max() ?? 0)
    return finding("budget", isSame, isSame ? "its parts add up to the score" : "its parts add up to \(sum), the score is \(value)")
  }

  /// Extremes and sum of `map.npy`, which has single precision.
  private func map() throws(CarpusError) -> Verification.Finding? {
    guard let stated = root["map"] as? Object, let file = stated["file"] as? String, lastComponent(file) == file else { return nil }
    guard FileManager.default.fileExists(atPath: folder + "/" + file) else { return finding(file, false, "it is missing") }
    let values = try TensorFiles.read(folder + "/" + file).doubles
    let scale = max(values.map(abs).max() ?? 0, .leastNormalMagnitude)
    for (key, found, size) in [("minimum", values.min() ?? 0, 1.0), ("maximum", values.max() ?? 0, 1), ("sum", values.reduce(0, +), Double(values.count))] {
      guard let number = stated[key] as? Double else { continue }
      guard abs(number - found) <= 1e-6 * scale * size else { return finding(file, false, "its \(key) is \(found), stated is \(number)") }
    }
    return finding(file, true, "\(values.count) cells have the stated extremes and sum")
  }

  /// Each row of `regions.csv` has the numbers of its region.
  private func table() throws(CarpusError) -> Verification.Finding? {
    guard let regions = root["regions"] as? [Object], !regions.isEmpty else { return nil }
    let name = "regions.csv"
    guard let bytes = try? FileReading.read(folder + "/" + name, maximumByteCount: CSVTable.maximumByteCount), let table = try? CSVTable(bytes) else {
      return finding(name, false, "it is missing or no table")
    }
    guard table.rowCount >= regions.count else { return finding(name, false, "it has \(table.rowCount) rows for \(regions.count) regions") }
    for (row, region) in regions.enumerated() {
      for key in ["id", "points", "pointsPositive", "pointsNegative", "mass", "areaShare", "enrichment", "rankAccuracy", "auc", "ceiling", "pixels"] {
        guard let column = table.column(key), let text = try? table.field(row, column) else { return finding(name, false, "it has no column \(key)") }
        let isSame = if let number = region[key] as? Double { Double(text).map { abs($0 - number) <= 1e-14 * abs(number) } ?? false } else { text == (region[key] as? String ?? "") }
        guard isSame else { return finding(name, false, "row \(row + 1) has \(key) ‘\(text)’, \(Self.json) has another") }
      }
    }
    return finding(name, true, "\(regions.count) regions have the numbers of \(Self.json)")
  }

  /// The data of the page are the file.
  private func page() -> Verification.Finding? {
    let name = "report.html"
    guard let page = try? FileReading.read(folder + "/" + name, maximumByteCount: 1 << 28) else { return nil }
    let parts = String(decoding: page, as: UTF8.self).components(separatedBy: "<script type=\"application/json\" id=\"data\">")
    let own = parts.last?.components(separatedBy: "</script>").first?.trimmingCharacters(in: .whitespacesAndNewlines)
    let isSame = parts.count == 2 && own == String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return finding(name, isSame, isSame ? "its data are \(Self.json)" : "its data are not \(Self.json)")
  }
}
