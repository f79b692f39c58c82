import CarpusImaging
import CarpusReporting
public import CarpusScoring
import CarpusStore
import Foundation

/// Audits models on a cohort.
public enum Audit {
  static let storeFile = "audit.sqlite"
  private static let temporaryFile = ".carpus-audit.sqlite"

  /// What came out.
  public struct Outcome: Sendable {
    /// Lines for the eye.
    public let lines: [String]
    public let warnings: [String]
    /// `nil` for a shard, which is judged when all are merged.
    public let verdicts: [ModelVerdicts]?

    /// Names of the rules that failed, of any model.
    public var failed: Set<VerdictRule> {
      Set((verdicts ?? []).flatMap(\.verdicts).filter { $0.outcome == .failed }.map(\.rule))
    }
  }

  /// The verdicts on one model.
  public struct ModelVerdicts: Sendable {
    public let model: String
    public let verdicts: [Verdict]
  }

  /// Measures what is not yet measured, then writes `images.csv`, `regions.csv`, `junit.xml`, `verdicts.sarif` and, last of all, `summary.json`.
  ///
  /// - Parameters:
  ///   - isStopped: is asked before each image whether to stop; called on several threads.
  ///   - progress: is told how many images are done, of how many.
  /// - Returns: `nil` when it was stopped; it can be resumed.
  /// - Throws: `CarpusError`.
  public static func run(
    _ request: AuditRequest, isStopped: @Sendable () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(CarpusError) -> Outcome? {
    let plan = try AuditPlan(request)
    let folder = try OutputFolder(request.output)
    let path = folder.path(of: storeFile)
    guard request.resumes || !FileManager.default.fileExists(atPath: path) else {
      throw CarpusError(.cannotCreate, "there is an audit in \(lastComponent(request.output)) already: continue it with --resume, or take another folder")
    }
    try folder.removeFile(AuditSummary.file)
    try measure(plan, path, request, isStopped: isStopped, progress: progress)
    guard !isStopped() else { return nil }
    let warnings = plan.models.flatMap { model in model.warnings.map { "\(model.name): \($0)" } }
    try located { () throws(StoreError) in
      try rewrite([try AuditStore(reading: path)], to: path, in: folder, isWhole: request.shard == nil)
    }
    guard request.shard == nil else {
      return Outcome(lines: ["shard measured; join all shards with carpus merge"], warnings: warnings, verdicts: nil)
    }
    return try finish(folder, pages: (plan, request.pages), warnings: warnings)
  }

  /// Joins the shards of an audit.
  ///
  /// - Parameter folders: of the shards, in any order.
  /// - Throws: `CarpusError` 65 where images are missing, 64 where the shards are of different audits.
  public static func merge(_ folders: [String], to output: String) throws(CarpusError) -> Outcome {
    let folder = try OutputFolder(output)
    try folder.removeFile(AuditSummary.file)
    var stores: [AuditStore] = []
    for shard in folders {
      let path = shard.hasSuffix("/") ? shard + storeFile : shard + "/" + storeFile
      do throws(StoreError) { stores.append(try AuditStore(reading: path)) } catch {
        throw CarpusError(error, file: "\(storeFile) of \(lastComponent(shard))")
      }
    }
    try located { [stores] () throws(StoreError) in try rewrite(stores, to: folder.path(of: storeFile), in: folder, isWhole: true) }
    return try finish(folder, warnings: [])
  }

  private static func rewrite(_ stores: [AuditStore], to path: String, in folder: OutputFolder, isWhole: Bool) throws(StoreError) {
    let temporary = folder.path(of: temporaryFile)
    do throws(CarpusError) { try folder.removeFile(temporaryFile) } catch { throw .cannotOpen(error.message) }
    try AuditStore.rewrite(stores, to: temporary, isWhole: isWhole)
    for store in stores { try store.close() }
    do throws(FileWritingError) { try AtomicWriting.move(temporary, to: path) } catch { throw .ioError(error.description) }
  }

  /// - Parameter pages: which images get a page, where the study's files are at hand.
  private static func finish(_ folder: OutputFolder, pages: (AuditPlan, PageChoice)? = nil, warnings: [String]) throws(CarpusError) -> Outcome {
    let store = try located { () throws(StoreError) in try AuditStore(reading: folder.path(of: storeFile)) }
    let summary = try AuditSummary(store)
    try AuditTables.write(store, to: folder)
    var report = try CohortReport(summary, store)
    try located { () throws(StoreError) in try store.close() }
    try folder.write(Array(summary.junit.utf8), to: "junit.xml")
    try folder.write(Array((summary.sarif + "\n").utf8), to: "verdicts.sarif")
    if let (plan, choice) = pages { try ImagePages.write(choice, of: report, plan, to: folder, isRenewed: false) }
    ImagePages.link(&report, in: folder)
    try CohortFiles.write(report, to: folder)
    try folder.write(Array((report.summary.text + "\n").utf8), to: AuditSummary.file)
    return Outcome(lines: summary.lines, warnings: warnings, verdicts: summary.verdicts)
  }

  static func located<Value>(_ body: () throws(StoreError) -> Value) throws(CarpusError) -> Value {
    do throws(StoreError) { return try body() } catch { throw CarpusError(error, file: storeFile) }
  }
}
