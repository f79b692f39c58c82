public import CarpusAnatomy
import CarpusImaging
import Foundation

/// Writes regions in any format.
public enum RegionWriting {
  /// What was done.
  public struct Outcome {
    /// Radiographs with regions, and regions altogether.
    public var images = 0, regions = 0
    /// Names of what was written: one file with those beside it, or a folder.
    public var files: [String] = []
    public var warnings: [String] = []
  }

  /// Writes one file, or one for each radiograph into a folder. Of the one-file formats only COCO holds several radiographs.
  ///
  /// - Parameters:
  ///   - path: of a file; of a folder where it ends in a slash or is one.
  ///   - format: without one what the file's name asks for: see `RegionFormat.init(forFileNamed:)`.
  /// - Throws: `CarpusError` 64 where the format cannot hold the regions or the name does not suit it, 65 and 66 as the files are, 73 and 74.
  public static func write(_ job: RegionJob, to path: String, format: RegionFormat?) throws(CarpusError) -> Outcome {
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    if path.hasSuffix("/") || type == .typeDirectory {
      guard let format else { throw CarpusError(.usage, "\(lastComponent(path)) is a folder; say with --to in which format its files are to be") }
      return try write(job, into: OutputFolder(path), format)
    }
    let name = lastComponent(path)
    let format = format ?? RegionFormat(forFileNamed: name)
    let needed = format == .labelMap ? ".png" : format == .masks ? ".json" : ""
    guard name.lowercased().hasSuffix(needed) else {
      throw CarpusError(.usage, "\(name): in this format (\(format.title)) the name of the file ends in \(needed)")
    }
    guard job.count == 1 || format == .coco else {
      throw CarpusError(
        .usage,
        "the regions are those of \(job.count) radiographs: only COCO holds several in a file; name one with --image, or a folder with --output \(name)/")
    }
    return try format == .coco ? writeCOCO(job, to: path) : writeOne(job, to: path, format)
  }

  private static func writeOne(_ job: RegionJob, to path: String, _ format: RegionFormat) throws(CarpusError) -> Outcome {
    guard let item = try job.item(0) else { throw CarpusError(.noRegions, file: job.source) }
    var outcome = Outcome()
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    try write(item, lastComponent(path), format, folder: folder, &outcome)
    return outcome
  }

  private static func write(_ job: RegionJob, into folder: OutputFolder, _ format: RegionFormat) throws(CarpusError) -> Outcome {
    var outcome = Outcome(), stems: Set<String> = []
    for index in 0..<job.count {
      guard let item = try item(index, of: job, &outcome) else { continue }
      let stem = stemmed(item.imageName)
      guard stems.insert(stem).inserted else {
        throw CarpusError(.badData, "\(job.source): two radiographs are called ‘\(RegionName.cleaned(stem))’; their files would have one name")
      }
      try write(item, "\(stem).\(format.fileExtension)", format, folder: folder.path(of: ""), &outcome)
    }
    outcome.files = [lastComponent(folder.path)]
    return outcome
  }

  /// Front to back, so that the regions of a large cohort need not fit into memory.
  private static func writeCOCO(_ job: RegionJob, to path: String) throws(CarpusError) -> Outcome {
    var outcome = Outcome(), writer = COCOWriter(), failure: CarpusError?, names: Set<String> = []
    do throws(FileWritingError) {
      try AtomicWriting.write(to: path) { (file) throws(FileWritingError) in
        try file.write(Array(writer.start.utf8))
        for index in 0..<job.count {
          do throws(CarpusError) {
            guard let item = try item(index, of: job, &outcome) else { continue }
            let regions = item.set.regions.map { (kind: item.set.vocabulary.term(of: $0)?.kind.rawValue ?? "region", region: $0) }
            let entry: COCOEntry
            do throws(RegionError) { entry = try COCOEntry(fileName: item.imageName, size: item.set.size, regions: regions) } catch {
              throw CarpusError(error, file: lastComponent(path))
            }
            guard names.insert(item.imageName).inserted else {
              throw CarpusError(.badData, "\(job.source): two radiographs are called ‘\(RegionName.cleaned(item.imageName))’; names in a file must differ")
            }
            count(item, &outcome)
            try write(writer.append(entry), to: &file)
          } catch {
            failure = error
            throw .ioError(reason: error.message)
          }
        }
        if outcome.images == 0 { failure = CarpusError(.noRegions, file: job.source) }
        guard failure == nil else { throw .ioError(reason: "there are no regions") }
        try file.write(Array(writer.end.utf8))
      }
    } catch { throw failure ?? CarpusError(error, file: lastComponent(path)) }
    outcome.files = [lastComponent(path)]
    return outcome
  }

  private static func write(_ text: String, to file: inout FileSink) throws(CarpusError) {
    do throws(FileWritingError) { try file.write(Array(text.utf8)) } catch { throw CarpusError(error, file: "the regions") }
  }

  private static func item(_ index: Int, of job: RegionJob, _ outcome: inout Outcome) throws(CarpusError) -> RegionJob.Item? {
    let item = try job.item(index)
    if item == nil { outcome.warnings.append("\(job.title(of: index)): there is no region of this radiograph in the file") }
    return item
  }

  private static func count(_ item: RegionJob.Item, _ outcome: inout Outcome) {
    outcome.images += 1
    outcome.regions += item.set.regions.count
    outcome.warnings += item.set.warnings.map { "\(item.imageName): \($0)" }
  }

  private static func write(
    _ item: RegionJob.Item, _ name: String, _ format: RegionFormat, folder: String, _ outcome: inout Outcome
  ) throws(CarpusError) {
    let classes = format == .yolo ? try classes(in: folder) : [], files: [RegionFile]
    do { files = try format.write(item.set, named: name, imageName: item.imageName, classes: classes) } catch { throw CarpusError(error, file: name) }
    // The file that is named last, because its presence says that the rest is there.
    for file in files.reversed() {
      do { try AtomicWriting.write(file.bytes, to: folder + file.name) } catch { throw CarpusError(error, file: file.name) }
    }
    count(item, &outcome)
    if format.holdsBoxesOnly, item.set.regions.contains(where: { $0.source != .box }) { outcome.warnings.append("\(name): \(RegionWarning.onlyBoxes)") }
    outcome.files += files.map(\.name)
  }

  /// YOLO's files of one folder share their classes.
  private static func classes(in folder: String) throws(CarpusError) -> [UInt8] {
    do { return try FileReading.read(folder + "classes.txt", maximumByteCount: 1 << 20) } catch {
      if error == .notFound { return [] }
      throw CarpusError(error, file: "classes.txt")
    }
  }
}
