import CarpusReporting

/// The pages of an audit.
enum CohortFiles {
  static let index = "index.html", card = "audit-card.md"

  /// The texts by the names of their files.
  static func texts(_ report: CohortReport) throws(CarpusError) -> [(name: String, text: String)] {
    do { return [(card, AuditCard.markdown(of: report)), (index, try CohortPage.html(of: report))] } catch {
      throw CarpusError(.software, "a picture of \(index): \(error)")
    }
  }

  static func write(_ report: CohortReport, to folder: OutputFolder) throws(CarpusError) {
    for (name, text) in try texts(report) { try folder.write(Array(text.utf8), to: name) }
  }
}
