import CarpusImaging
public import CarpusReporting
import CarpusScoring

extension Explanation {
  /// The readers' score of a radiograph.
  ///
  /// - Parameters:
  ///   - text: a number of points; or the path of a table with columns `image` and `total`.
  ///   - image: path of the radiograph, whose name the table has.
  /// - Throws: `CarpusError` 66 when there is no such table, 65 when it does not have the radiograph, 64 for anything else.
  public static func reference(_ text: String, image: String) throws(CarpusError) -> ExplanationReport.Reference {
    if let score = Double(text) {
      guard score.isFinite else { throw CarpusError(.usage, "the readers' score is a number of points, not ‘\(text)’") }
      return ExplanationReport.Reference(score: score)
    }
    let name = lastComponent(text), wanted = lastComponent(image)
    let bytes: [UInt8]
    do { bytes = try FileReading.read(text, maximumByteCount: CSVTable.maximumByteCount) } catch { throw CarpusError(error, file: name) }
    do throws(CSVError) {
      let table = try CSVTable(bytes)
      guard let images = table.column("image"), let totals = table.column("total") else {
        throw .file("The readers' scores are in columns ‘image’ and ‘total’; this table has \(table.header.prefix(8).joined(separator: ", ")).")
      }
      for row in 0..<table.rowCount where lastComponent(try table.field(row, images)) == wanted {
        return ExplanationReport.Reference(score: try table.number(row, totals), source: name)
      }
      throw .file("No row has the image ‘\(wanted)’.")
    } catch { throw CarpusError(.badData, "\(name): \(error)") }
  }
}
