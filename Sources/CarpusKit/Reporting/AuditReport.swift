import CarpusReporting
import CarpusStore
import Foundation

/// The pages of an audit, made again from what is stored.
public enum AuditReport {
  /// Writes `index.html` and `audit-card.md` of an audit; with its study also pages of single images.
  ///
  /// - Parameters:
  ///   - path: the audit's folder.
  ///   - hasFigures: whether the charts are written as SVG and PNG, too, into the folder `figures`.
  ///   - request: the study and the models, where they are at hand; they must be those of the audit.
  /// - Returns: names of the files.
  /// - Throws: `CarpusError` 66 where there is no audit, 64 where the study is another, 65 where the audit is not whole.
  public static func write(_ path: String, pages request: AuditRequest?, hasFigures: Bool = false) throws(CarpusError) -> [String] {
    let folder = try OutputFolder(path), store = try store(in: folder)
    guard try Audit.located({ () throws(StoreError) in try store.images().count }) == store.study.imageCount else {
      throw CarpusError(.badData, "\(lastComponent(path)): images are missing; a report needs a whole audit")
    }
    var report = try CohortReport(try AuditSummary(store), store)
    if let request {
      let plan = try AuditPlan(request)
      try check(plan, store)
      try ImagePages.write(request.pages, of: report, plan, to: folder, isRenewed: true)
    }
    try Audit.located { () throws(StoreError) in try store.close() }
    ImagePages.link(&report, in: folder)
    try CohortFiles.write(report, to: folder)
    guard hasFigures else { return [CohortFiles.index, CohortFiles.card] }
    let figures: [ReportFigure]
    do { figures = try ReportFigure.all(of: report) } catch { throw CarpusError(.software, "a picture of the report: \(error)") }
    let target = try OutputFolder(folder.path(of: "figures"))
    for figure in figures { try target.write(figure.bytes, to: figure.name) }
    return [CohortFiles.index, CohortFiles.card] + figures.map { "figures/\($0.name)" }
  }

  static func store(in folder: OutputFolder) throws(CarpusError) -> AuditStore {
    let path = folder.path(of: Audit.storeFile)
    guard FileManager.default.fileExists(atPath: path) else {
      throw CarpusError(.noInput, "\(lastComponent(folder.path)): there is no \(Audit.storeFile) in it; it is not the folder of an audit")
    }
    return try Audit.located { () throws(StoreError) in try AuditStore(reading: path) }
  }

  static func check(_ plan: AuditPlan, _ store: AuditStore) throws(CarpusError) {
    let (found, wanted) = (store.study, plan.stored)
    for (name, value) in found.settings.sorted(by: { $0.key < $1.key }) where wanted.settings[name] != value {
      throw CarpusError(.usage, "the audit was made with another ‘\(name)’ (\(value) then, \(wanted.settings[name] ?? "none") now)")
    }
    guard found.models == wanted.models else {
      throw CarpusError(.usage, "the audit was made of other models (\(found.models.map(\.name).joined(separator: ", ")) then, \(wanted.models.map(\.name).joined(separator: ", ")) now, or other files of these names)")
    }
  }
}
