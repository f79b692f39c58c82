import CarpusImaging
import CarpusScoring

/// An ensemble file with its members' models and cards.
struct Ensemble: Sendable {
  let name: String
  let path: String
  let sha256: String
  let file: EnsembleFile
  /// In the order of the file; each gives points.
  let members: [ModelReading]

  /// - Throws: `CarpusError`, with the member's name.
  init(path: String, use: ModelUse) throws(CarpusError) {
    name = lastComponent(path)
    self.path = path
    guard use.card == .beside else {
      throw CarpusError(.usage, "\(name) is an ensemble: each member has its card beside it, or named in the ensemble file; --card is for a single model")
    }
    let bytes: [UInt8]
    do { bytes = try FileReading.read(path, maximumByteCount: EnsembleFile.maximumByteCount) } catch { throw CarpusError(error, file: name) }
    do { file = try EnsembleFile.read(bytes) } catch { throw CarpusError(.badData, "\(name): \(error)") }
    sha256 = Hash.sha256(bytes)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var members: [ModelReading] = []
    for (index, member) in file.members.enumerated() {
      do throws(CarpusError) {
        var use = use
        if let card = member.card { use.card = .file(folder + card) }
        let reading = try ModelReading(Model(path: folder + member.model), use, output: member.output)
        guard reading.score != nil else {
          throw CarpusError(.badData, "\(reading.model.name) gives no score in points; members of an ensemble must, which their cards say")
        }
        members.append(reading)
      } catch { throw error.about("\(name), members[\(index)]") }
    }
    self.members = members
  }
}
