import CarpusAnatomy
import CarpusImaging
public import CarpusPhantom
import CarpusReporting
import CarpusScoring
import CarpusTensors
import Synchronization

/// A folder of synthetic hand radiographs, each of its own patient.
public struct PhantomCohort: Sendable {
  public let options: PhantomOptions
  /// The numbers of the patients.
  public let numbers: ClosedRange<Int>

  /// - Throws: `CarpusError` 64 for what cannot be drawn.
  public init(count: Int, first: Int = 1, options: PhantomOptions) throws(CarpusError) {
    let highest = 999_999
    guard (1...highest).contains(count) else { throw CarpusError(.usage, "--count is a number of images, 1 to \(highest), not \(count)") }
    guard (1...highest - count + 1).contains(first) else {
      throw CarpusError(.usage, "--first is 1 to \(highest - count + 1) for \(count) images, since images are numbered up to \(highest); it is not \(first)")
    }
    try options.check()
    self.options = options
    numbers = first...first + count - 1
  }

  /// Names of files in the folder.
  package static let regionFile = "regions.coco.json", scoreFile = "scores.csv", settingFile = "settings.csv", studyFile = "study.json"

  /// Draws and writes the images, then what is said about them. The bytes do not depend on the number of threads.
  ///
  /// What an earlier run said about its images is deleted first and `study.json` is written last: a folder with a `study.json` is complete.
  ///
  /// - Parameters:
  ///   - threads: how many images are drawn at a time.
  ///   - isStopped: is asked before each image whether to stop.
  ///   - progress: is told now and then how many images are done.
  /// - Returns: warnings, or `nil` when it was stopped before the end.
  /// - Throws: `CarpusError` 73 when files cannot be made, 74 when the disk fails.
  public func write(
    to folder: OutputFolder, threads: Int, isStopped: @Sendable () -> Bool = { false }, progress: (Int) -> Void = { _ in }
  ) throws(CarpusError) -> [String]? {
    for name in [Self.studyFile, Self.scoreFile, Self.settingFile, Self.regionFile] { try folder.removeFile(name) }
    let images = try OutputFolder(folder.path(of: "images"))
    var tables = PhantomTables(options)
    var stop: Stop?
    var byteCount = 0
    do throws(FileWritingError) {
      try AtomicWriting.write(to: folder.path(of: Self.regionFile)) { (file) throws(FileWritingError) in
        var regions = COCOWriter()
        try file.write(Array(regions.start.utf8))
        for batch in batches(of: 4 * threads) {
          let phantoms: [DrawnPhantom]
          do throws(Stop) { phantoms = try draw(batch, into: images, team: ThreadTeam(count: threads), isStopped: isStopped) } catch {
            stop = error
            throw .ioError(reason: "there are no more images")
          }
          for phantom in phantoms {
            tables.append(phantom)
            try file.write(Array(regions.append(phantom.regions).utf8))
          }
          progress(batch.upperBound - numbers.lowerBound + 1)
        }
        try file.write(Array(regions.end.utf8))
        byteCount = file.byteCount
      }
    } catch {
      switch stop {
      case .asked: return nil
      case .failed(let reason): throw reason
      case nil: throw CarpusError(error, file: Self.regionFile)
      }
    }
    try folder.write(Array(CSVText.text(tables.settings).utf8), to: Self.settingFile)
    try folder.write(Array(CSVText.text(tables.scores).utf8), to: Self.scoreFile)
    try folder.write(Array((tables.study(of: self).text + "\n").utf8), to: Self.studyFile)
    return byteCount <= RegionLimits.bytes ? [] : [
      "\(Self.regionFile) has \(byteCount >> 20) MiB, and Carpus reads regions up to \(RegionLimits.bytes >> 20) MiB: with --first the cohort can be split into smaller ones"
    ]
  }

  private func batches(of size: Int) -> [ClosedRange<Int>] {
    stride(from: numbers.lowerBound, through: numbers.upperBound, by: size).map { $0...min(numbers.upperBound, $0 + size - 1) }
  }

  /// Why there are no more images.
  private enum Stop: Error {
    case asked
    case failed(CarpusError)
  }

  /// Draws some images and writes their files.
  ///
  /// - Returns: the images in order.
  private func draw(
    _ batch: ClosedRange<Int>, into folder: OutputFolder, team: ThreadTeam, isStopped: @Sendable () -> Bool
  ) throws(Stop) -> [DrawnPhantom] {
    let drawn = Mutex<[Int: Result<DrawnPhantom, Stop>]>([:])
    team.run(tasks: batch.count) { task, _ in
      let result = Result { () throws(Stop) in
        guard !isStopped() else { throw .asked }
        let patient = PhantomPatient(batch.lowerBound + task, options: options)
        do throws(CarpusError) { return try DrawnPhantom(patient, into: folder) } catch { throw .failed(error) }
      }
      drawn.withLock { $0[task] = result }
    }
    let results = drawn.withLock { $0 }
    var phantoms: [DrawnPhantom] = []
    for task in 0..<batch.count { if let result = results[task] { phantoms.append(try result.get()) } }
    return phantoms
  }
}

extension PhantomOptions {
  /// - Throws: `CarpusError` 64 for what cannot be drawn.
  fileprivate func check() throws(CarpusError) {
    let sides = 64...8192
    guard sides.contains(size.width), sides.contains(size.height), size.count <= PNG.maximumPixelCount else {
      throw CarpusError(
        .usage, "--size: each side has \(sides.lowerBound) to \(sides.upperBound) pixels, and there are \(PNG.maximumPixelCount / 1_000_000) million at most; it is not \(size)")
    }
    guard (8...16).contains(bitDepth) else { throw CarpusError(.usage, "--bits is 8 to 16, not \(bitDepth)") }
    guard markerHabit == .independent || nuisances.contains(.marker) else {
      throw CarpusError(.usage, "--marker-habit \(markerHabit.rawValue) needs the nuisance 'marker', which --nuisances leaves out")
    }
    let shown = Set(hands.items)
    if let hidden = grades.keys.filter({ !shown.contains($0) }).map(\.description).min() {
      throw CarpusError(.usage, "--set \(hidden): the picture has the \(hands.rawValue) hand only; take --hands both, or a site of that hand")
    }
    if let (item, grade) = grades.first(where: { !(0...$0.key.damage.maximum).contains($0.value) }) {
      throw CarpusError(.usage, "--set \(item): the grade is 0 to \(item.damage.maximum), not \(grade)")
    }
  }
}
