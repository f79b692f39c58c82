import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusScoring
import Foundation

/// Which images of an audit get a page of their own.
public enum PageChoice: Hashable, Sendable {
  case none, all
  /// So many: of the deceptive ones at most half, then those with the largest errors.
  case worst(Int)

  /// From `none`, `all` or a number.
  ///
  /// - Returns: `nil` for anything else.
  public init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "all": self = .all
    default:
      guard let count = Int(text), (0...1_000_000).contains(count) else { return nil }
      self = .worst(count)
    }
  }
}

/// The pages of single images, as `carpus explain` writes them, in the folder `images`.
enum ImagePages {
  static let folder = "images"

  /// Makes pages one after the other; nothing of them is kept.
  ///
  /// - Parameter isRenewed: whether pages that are there are made again.
  static func write(_ choice: PageChoice, of report: CohortReport, _ plan: AuditPlan, to folder: OutputFolder, isRenewed: Bool) throws(CarpusError) {
    let wanted = chosen(choice, of: report)
    guard !wanted.isEmpty else { return }
    let target = try OutputFolder(folder.path(of: self.folder)), names = names(of: report)
    var images: [String: Study.Image] = [:]
    for image in plan.study.images { images[image.path] = image }
    for row in wanted {
      guard let image = images[row.file], let name = names[Key(row)] else { continue }
      guard isRenewed || !FileManager.default.fileExists(atPath: target.path(of: name)) else { continue }
      let explained = try explained(image, row, plan), page: String
      do { page = try ExplanationPage.html(of: explained) } catch { throw CarpusError(.software, "a picture of \(name): \(error)") }
      try target.write(Array(page.utf8), to: name)
    }
  }

  private static func explained(_ image: Study.Image, _ row: CohortReport.Row, _ plan: AuditPlan) throws(CarpusError) -> ExplanationReport {
    let source = plan.sources[row.model]
    var use = ModelUse()
    use.card = source.card
    var detail = ExplanationDetail()
    (detail.draws, detail.seed) = (plan.study.draws, plan.study.seed)
    detail.reference = row.total.map { ExplanationReport.Reference(score: $0) }
    let regions = (image.regions ?? plan.study.regions).map { $0 == RegionOrigin.finding ? $0 : plan.folder + $0 }
    // One thread and no command: the page says both, and its bytes shall not depend on them.
    var request = ExplanationRequest(
      subject: .image(path: plan.folder + image.path, regions: regions), method: plan.methods[0].name, use: use, threads: 1, detail: detail)
    do throws(CarpusError) { return try Explanation.report(ofModelAt: source.path, request) } catch {
      // The file knows no region of this radiograph; the audit measured it without.
      guard regions != nil, error.code == .badData else { throw error }
      request.subject = .image(path: plan.folder + image.path, regions: nil)
      return try Explanation.report(ofModelAt: source.path, request)
    }
  }

  /// Says of each row where its page is, if it is there.
  static func link(_ report: inout CohortReport, in folder: OutputFolder) {
    let there = Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path(of: self.folder))) ?? [])
    guard !there.isEmpty else { return }
    let names = names(of: report)
    for index in report.rows.indices {
      guard let name = names[Key(report.rows[index])], there.contains(name) else { continue }
      report.rows[index].page = "\(self.folder)/\(name)"
    }
  }

  private struct Key: Hashable {
    let file: String
    let model: Int

    init(_ row: CohortReport.Row) { (file, model) = (row.file, row.model) }
  }

  /// A name of letters that no system and no address has to change; a number is added where two would be the same.
  private static func names(of report: CohortReport) -> [Key: String] {
    var names: [Key: String] = [:], taken: Set<String> = []
    for row in report.rows {
      let stem = plain(String(lastComponent(row.file).prefix(while: { $0 != "." }))) + "." + plain(report.models[row.model].name)
      var name = stem + ".html", number = 2
      // Some systems do not tell A from a.
      while !taken.insert(name.lowercased()).inserted {
        name = "\(stem).\(number).html"
        number += 1
      }
      names[Key(row)] = name
    }
    return names
  }

  private static func plain(_ text: String) -> String {
    let kept = text.unicodeScalars.prefix(80).map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_": Character(scalar)
      default: "_"
      }
    }
    return kept.isEmpty ? "_" : String(kept)
  }

  private static func chosen(_ choice: PageChoice, of report: CohortReport) -> [CohortReport.Row] {
    let trust = report.models.map(\.trust)
    let ordered = CohortReport.outliersFirst(report.rows, trust)
    guard case .worst(let count) = choice else { return choice == .all ? ordered : [] }
    let deceptive = ordered.prefix { $0.kind(trust[$0.model]) == .deceptive }
    let first = deceptive.prefix(max(count / 2, count - (ordered.count - deceptive.count)))
    return Array((first + ordered.dropFirst(deceptive.count)).prefix(count))
  }
}
