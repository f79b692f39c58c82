import CarpusImaging
import CarpusReporting
import CarpusScoring
import CarpusStore
import Foundation

/// What is at hand beside a folder that is to be verified.
public struct VerificationFiles: Sendable {
  /// Of an audit.
  public var study: String?
  /// Beside those of the study; or the model of an explanation.
  public var models: [String]
  /// Of an explanation.
  public var image: String?
  /// How many images are measured again.
  public var sample: Int

  public init(study: String? = nil, models: [String] = [], image: String? = nil, sample: Int = 3) {
    (self.study, self.models, self.image, self.sample) = (study, models, image, sample)
  }
}

/// Whether what stands in a folder is what its own numbers give.
public enum Verification {
  public struct Finding: Hashable, Sendable {
    public let subject: String
    public let isSame: Bool
    public let sentence: String
  }

  /// - Throws: `CarpusError` 66 where there is neither an audit nor an explanation.
  public static func findings(_ path: String, _ files: VerificationFiles) throws(CarpusError) -> [Finding] {
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    if exists(Audit.storeFile) { return try audit(path, files) }
    if exists(ExplanationFolder.json) { return try ExplanationFolder(path).findings(files) }
    throw CarpusError(.noInput, "\(lastComponent(path)): there is neither \(Audit.storeFile) nor \(ExplanationFolder.json) in it")
  }

  // MARK: - Audits

  /// More than that are not told one by one.
  private static let mostTold = 5

  private static func audit(_ path: String, _ files: VerificationFiles) throws(CarpusError) -> [Finding] {
    let folder = try OutputFolder(path), store = try AuditReport.store(in: folder)
    let count = try Audit.located { () throws(StoreError) in try store.images().count }
    guard count == store.study.imageCount else {
      return [Finding(subject: Audit.storeFile, isSame: false, sentence: "it has \(count) of \(store.study.imageCount) images")]
    }
    var findings = [try budgets(store)]
    let summary = try AuditSummary(store)
    var report = try CohortReport(summary, store)
    ImagePages.link(&report, in: folder)
    var expected: [(name: String, text: String)] = [
      (AuditSummary.file, report.summary.text + "\n"), ("junit.xml", summary.junit), ("verdicts.sarif", summary.sarif + "\n"),
    ]
    expected += try CohortFiles.texts(report)
    for (name, text) in expected { findings.append(compare(name, Array(text.utf8), folder)) }
    findings += try tables(store, folder)
    if let study = files.study { findings += try measured(AuditRequest(study: study, models: files.models, output: path), store, sample: files.sample) }
    try Audit.located { () throws(StoreError) in try store.close() }
    return findings
  }

  /// The parts of each score add up to it, and the cells of each map to its sums.
  private static func budgets(_ store: AuditStore) throws(CarpusError) -> Finding {
    var wrong: [String] = [], maps = 0
    try Audit.located { () throws(StoreError) in
      try store.forEachImage { image in
        for prediction in image.predictions {
          for map in prediction.maps {
            maps += 1
            let parts = [map.intercept, map.inRegions, map.elsewhere, map.residual]
            let scale = max(1, parts.map(abs).max() ?? 0, map.sumPositive - map.sumNegative)
            let cells = map.cells.reduce(0.0) { $0 + Double($1) }
            let sums = abs(cells - (map.sumPositive + map.sumNegative)) <= 1e-5 * scale
            if abs(parts.reduce(0, +) - prediction.score) > 1e-6 * scale || !sums { wrong.append(image.file) }
          }
        }
      }
    }
    return Finding(
      subject: "budgets", isSame: wrong.isEmpty,
      sentence: wrong.isEmpty ? "the parts of \(maps) scores add up, and the cells of their maps"
        : "\(wrong.count) of \(maps) do not add up to their score, or their cells not to their sums: \(told(wrong))")
  }

  private static func told(_ names: [String]) -> String {
    names.prefix(mostTold).joined(separator: ", ") + (names.count > mostTold ? ", …" : "")
  }

  private static func tables(_ store: AuditStore, _ folder: OutputFolder) throws(CarpusError) -> [Finding] {
    let temporary = FileManager.default.temporaryDirectory.appending(path: "carpus-verify-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: temporary) }
    let other = try OutputFolder(temporary.path)
    try AuditTables.write(store, to: other)
    var findings: [Finding] = []
    for name in ["images.csv", "regions.csv"] {
      do throws(FileReadingError) { findings.append(compare(name, try FileReading.read(other.path(of: name)), folder)) } catch {
        throw CarpusError(error, file: name)
      }
    }
    return findings
  }

  static func compare(_ name: String, _ expected: [UInt8], _ folder: OutputFolder) -> Finding {
    guard let found = try? FileReading.read(folder.path(of: name)) else { return Finding(subject: name, isSame: false, sentence: "it is missing or cannot be read") }
    guard found != expected else { return Finding(subject: name, isSame: true, sentence: "\(found.count) bytes as they are made from what is stored") }
    let place = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(found.count, expected.count)
    let line = 1 + found.prefix(place).count { $0 == UInt8(ascii: "\n") }
    func text(_ bytes: [UInt8]) -> String {
      let start = bytes.prefix(place).lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let end = bytes[min(place, bytes.count)...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let first = max(start, place - 40), last = min(end, place + 40)
      return first < last ? String(decoding: bytes[first..<last], as: UTF8.self) : ""
    }
    return Finding(subject: name, isSame: false, sentence: "line \(line) has ‘\(text(found))’, what is stored gives ‘\(text(expected))’")
  }

  /// Images and models are those that were measured, and a sample of them measures the same again.
  private static func measured(_ request: AuditRequest, _ store: AuditStore, sample: Int) throws(CarpusError) -> [Finding] {
    let plan = try AuditPlan(request)
    do throws(CarpusError) { try AuditReport.check(plan, store) } catch { return [Finding(subject: "study", isSame: false, sentence: error.message)] }
    var findings = [Finding(subject: "study", isSame: true, sentence: "models, cards, regions, grades and settings are those of the audit")]
    var changed: [String] = []
    for (index, image) in plan.study.images.enumerated() {
      let stored = try Audit.located { () throws(StoreError) in try store.image(index) }
      let digest = try Hash.sha256(ofFile: plan.folder + image.path)
      if digest != stored.sha256 { changed.append(image.path) }
    }
    findings.append(
      Finding(
        subject: "radiographs", isSame: changed.isEmpty,
        sentence: changed.isEmpty ? "\(plan.study.images.count) files have the hashes that they had" : "\(changed.count) have other hashes: \(told(changed))"))
    guard changed.isEmpty, sample > 0 else { return findings }
    let count = min(sample, plan.study.images.count)
    var different: [String] = []
    let memory = plan.models.map { model in model.members.map(AuditedMember.Memory.init) }
    // Spread over the study.
    for index in (0..<count).map({ $0 * plan.study.images.count / count }) {
      let stored = try Audit.located { () throws(StoreError) in try store.image(index) }
      if try AuditedImage(index, of: plan).measured(in: memory) != stored { different.append(stored.file) }
    }
    findings.append(
      Finding(
        subject: "measurements", isSame: different.isEmpty,
        sentence: different.isEmpty ? "\(count) radiographs measured again give the same numbers" : "\(different.count) of \(count) radiographs measured again give others: \(told(different))"))
    return findings
  }
}
