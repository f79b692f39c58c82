import CarpusAnatomy

/// The grades of single places in a table such as `carpus phantom` writes: a row for each image, a column for each item, named `L:MCP2.erosion`.
public struct StudyGrades: Sendable {
  /// By the name of the file, without its folder.
  private let grades: [String: [SvdHItem: Int]]

  /// - Throws: `CSVError` for a table without images, and what is no grade. An empty field is a place that nobody graded.
  public init(_ table: CSVTable) throws(CSVError) {
    let images = try table.imageNames()
    let items = table.header.indices.compactMap { column in SvdHItem(table.header[column]).map { (column: column, item: $0) } }
    var grades: [String: [SvdHItem: Int]] = [:]
    for (row, image) in images.enumerated() {
      var own: [SvdHItem: Int] = [:]
      for (column, item) in items {
        let field = try table.field(row, column)
        guard !field.isEmpty else { continue }
        guard let grade = Int(field), (0...item.damage.maximum).contains(grade) else {
          throw table.error(row, column, "'\(CSVTable.shown(field))' is no grade; a whole number, 0 to \(item.damage.maximum), belongs here.")
        }
        own[item] = grade
      }
      grades[image] = own
    }
    self.grades = grades
  }

  /// - Parameter path: of the image in the study. Images are told apart by their files' names, as in every table of scores.
  public func grades(of path: String) -> [SvdHItem: Int] {
    grades[path.split(separator: "/").last.map(String.init) ?? path] ?? [:]
  }
}
