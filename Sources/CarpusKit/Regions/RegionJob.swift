public import CarpusAnatomy
public import CarpusImaging
import Foundation

/// The regions of one or many radiographs, each made when it is asked for.
public struct RegionJob {
  /// Regions and whose they are.
  public struct Item {
    /// File name of the radiograph, without its folder.
    public let imageName: String
    public let set: RegionSet
    /// Where it was given.
    public let radiograph: Radiograph?
  }

  private enum Subject {
    /// The text as it was typed.
    case image(String)
    case listed(RegionCohort.Image)
  }

  private let origin: RegionOrigin
  private let subjects: [Subject]
  private let keypointRadius: Double?
  private let isInverted: Bool

  /// The word for regions that are found by image analysis.
  public static let finding = RegionOrigin.finding

  /// The name for readers of where the regions come from.
  public var source: String { origin.title }
  public var count: Int { subjects.count }
  /// `nil` where the regions are found.
  public var format: RegionFormat? { origin.file?.format }

  /// - Parameters:
  ///   - regions: a file of regions, or `find`.
  ///   - images: radiographs (PNG). Where one is no file, the file of regions must know it and its size. Without any, all radiographs that the
  ///     file of regions knows.
  ///   - keypointRadius: radius of the disc around a marked point, in pixels.
  ///   - isInverted: bones are dark on a bright ground, which finding must know.
  /// - Throws: `CarpusError` 64 where there is nothing to do, 66 and 65 as the files are.
  public init(_ regions: String, images: [String], keypointRadius: Double? = nil, isInverted: Bool = false) throws(CarpusError) {
    origin = try RegionOrigin(regions)
    self.keypointRadius = keypointRadius
    self.isInverted = isInverted
    subjects = images.isEmpty ? (origin.file?.images ?? []).map { .listed($0) } : images.map { .image($0) }
    guard !subjects.isEmpty else {
      throw origin.file == nil
        ? CarpusError(.usage, "regions are found in a radiograph: name it") : CarpusError(.badData, "\(origin.title): the regions name no image")
    }
  }

  /// What it is called in messages: its name, or the place in the file.
  public func title(of index: Int) -> String {
    switch subjects[index] {
    case .image(let path): lastComponent(path)
    case .listed(let image): image.name.map { RegionName.cleaned(lastComponent($0)) } ?? origin.title
    }
  }

  /// - Returns: `nil` where the file knows the radiograph and has no region of it.
  /// - Throws: `CarpusError`.
  public func item(_ index: Int) throws(CarpusError) -> Item? {
    switch subjects[index] {
    case .image(let path):
      let bytes: [UInt8]
      do { bytes = try FileReading.read(path) } catch {
        // A name that the file of regions knows will do.
        guard error == .notFound, let file = origin.file, let image = try? file.image(named: path), image.name != nil, image.size != nil else {
          throw CarpusError(error, file: lastComponent(path))
        }
        return try item(image)
      }
      return try item(path, bytes)
    case .listed(let image): return try item(image)
    }
  }

  private func item(_ path: String, _ bytes: [UInt8]) throws(CarpusError) -> Item? {
    let name = lastComponent(path), radiograph: Radiograph
    do { radiograph = try Radiograph(pngBytes: bytes) } catch { throw CarpusError(error, file: name) }
    let set = try origin.regionsIfAny(
      of: radiograph, named: path, sha256: Hash.sha256(bytes), keypointRadius: keypointRadius, isInverted: isInverted)
    return set.map { Item(imageName: name, set: $0, radiograph: radiograph) }
  }

  private func item(_ image: RegionCohort.Image) throws(CarpusError) -> Item? {
    guard let file = origin.file else { return nil }
    guard let size = image.size else {
      let name = image.name.map { " ‘\(RegionName.cleaned(lastComponent($0)))’" } ?? ""
      throw CarpusError(.usage, "\(origin.title): this file does not say how large the radiograph\(name) is; give it with --image")
    }
    guard (1...RegionJob.largestSide).contains(size.width), (1...RegionJob.largestSide).contains(size.height) else {
      throw CarpusError(.badData, "\(origin.title): a radiograph of \(size) pixels; up to \(RegionJob.largestSide) a side are read")
    }
    do throws(RegionError) {
      let set = try file.regions(of: image.name, imageSize: size, keypointRadius: keypointRadius)
      return Item(imageName: image.name.map(Self.plain) ?? stemmed(origin.title) + ".png", set: set, radiograph: nil)
    } catch {
      if error == .noRegions { return nil }
      throw CarpusError(error, file: origin.title)
    }
  }

  /// The last component, if it can be a file's name.
  private static func plain(_ name: String) -> String {
    let last = lastComponent(name)
    return last.isEmpty || last.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? RegionName.cleaned(last) : last
  }

  /// Of a radiograph that is known by the file of regions only.
  private static let largestSide = 16384
}

/// A file's name without its extension.
func stemmed(_ name: String) -> String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }
