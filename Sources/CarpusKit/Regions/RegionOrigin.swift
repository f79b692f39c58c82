import CarpusAnatomy
import CarpusImaging

/// Where the regions of radiographs come from: a file in any format that is read, or the radiographs themselves.
struct RegionOrigin: Sendable {
  /// The word that stands for the radiographs themselves; a file of this name is `./find`.
  static let finding = "find"

  /// For reports.
  let title: String
  private let cohort: RegionCohort?

  /// - Parameters:
  ///   - text: `find`, or a path.
  ///   - folder: that of the path, with a slash at its end; empty where the path stands for itself.
  /// - Throws: `CarpusError` 66 when there is no such file or one is missing beside it, 65 when it is no file of regions.
  init(_ text: String, folder: String = "") throws(CarpusError) {
    if text == RegionOrigin.finding {
      (title, cohort) = ("found by image analysis", nil)
    } else {
      title = lastComponent(text)
      cohort = try RegionFiles.open(folder + text)
    }
  }

  /// The file, taken apart; `nil` where there is none.
  var file: RegionCohort? { cohort }

  /// - Parameters:
  ///   - name: of the radiograph's file, or its path.
  ///   - isInverted: bones are dark on a bright ground, which finding must know.
  func regions(
    of radiograph: Radiograph, named name: String, sha256: String? = nil, keypointRadius: Double? = nil, isInverted: Bool = false
  ) throws(CarpusError) -> RegionSet {
    guard let set = try regionsIfAny(of: radiograph, named: name, sha256: sha256, keypointRadius: keypointRadius, isInverted: isInverted) else {
      throw CarpusError(.noRegions, file: title)
    }
    return set
  }

  /// As `regions`, but `nil` where the file knows the radiograph and has no region of it.
  func regionsIfAny(
    of radiograph: Radiograph, named name: String, sha256: String? = nil, keypointRadius: Double? = nil, isInverted: Bool = false
  ) throws(CarpusError) -> RegionSet? {
    do throws(RegionError) {
      guard let cohort else { return try HandFinding.regions(in: radiograph, isInverted: isInverted) }
      return try cohort.regions(of: name, imageSize: radiograph.size, imageSHA256: sha256, keypointRadius: keypointRadius)
    } catch {
      if error == .noRegions { return nil }
      throw CarpusError(error, file: cohort == nil ? lastComponent(name) : title)
    }
  }
}

/// Files of regions on the disk.
enum RegionFiles {
  /// - Throws: `CarpusError` 66 when there is no such file or one is missing beside it, 65 when it is no file of regions.
  static func open(_ path: String) throws(CarpusError) -> RegionCohort {
    let name = lastComponent(path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let bytes: [UInt8]
    do { bytes = try FileReading.read(path, maximumByteCount: RegionLimits.bytes) } catch { throw CarpusError(error, file: name) }
    let document = RegionDocument(name: name, bytes: bytes) { file throws(RegionError) in
      do throws(FileReadingError) { return try FileReading.read(folder + file, maximumByteCount: RegionLimits.bytes) } catch {
        if error == .notFound { return nil }
        throw .malformed(at: file, error.description)
      }
    }
    do { return try RegionCohort(document) } catch { throw CarpusError(error, file: name) }
  }
}

extension CarpusError {
  init(_ error: RegionError, file: String) {
    let code: Code =
      switch error {
      case .missingFile: .noInput
      case .notHeld: .usage
      default: .badData
      }
    self.init(code, "\(file): \(error)")
  }
}
