import CarpusAnatomy
import CarpusImaging

/// Files of regions: COCO, or a label map with its sidecar.
enum RegionFiles {
  /// - Parameters:
  ///   - path: a `.json` file of COCO, a `carpus-regions/1` sidecar, or the label map's PNG, whose sidecar lies beside it.
  ///   - image: name of the radiograph's file without its folder.
  /// - Throws: `CarpusError` 66 when there is no such file, 65 when it does not fit the radiograph.
  static func read(_ path: String, image: String, size: PixelSize, keypointRadius: Double?) throws(CarpusError) -> RegionSet {
    let name = lastComponent(path)
    return try path.lowercased().hasSuffix(".png")
      ? labelMap(path, name: name, size: size)
      : coco(path, name: name, image: image, size: size, keypointRadius: keypointRadius)
  }

  private static func coco(
    _ path: String, name: String, image: String, size: PixelSize, keypointRadius: Double?
  ) throws(CarpusError) -> RegionSet {
    let bytes: [UInt8]
    do { bytes = try FileReading.read(path, maximumByteCount: RegionLimits.bytes) } catch { throw CarpusError(error, file: name) }
    do {
      return try COCORegions.read(bytes, imageName: image, imageSize: size, keypointRadius: keypointRadius)
    } catch { throw CarpusError(.badData, "\(name): \(error)") }
  }

  /// The sidecar has the label map's name with `.json` in place of, or behind, `.png`.
  private static func labelMap(_ path: String, name: String, size: PixelSize) throws(CarpusError) -> RegionSet {
    let labels: LabelImage
    do { labels = try LabelImage.read(at: path) } catch { throw CarpusError(error, file: name) }
    let stem = String(path.dropLast(4))
    for sidecar in [stem + ".json", path + ".json"] {
      let bytes: [UInt8]
      do { bytes = try FileReading.read(sidecar, maximumByteCount: RegionLimits.bytes) } catch {
        if error == .notFound { continue }
        throw CarpusError(error, file: lastComponent(sidecar))
      }
      do { return try LabelMapRegions.read(labels: labels.labels, size: labels.size, sidecar: bytes, imageSize: size) } catch {
        throw CarpusError(.badData, "\(lastComponent(sidecar)): \(error)")
      }
    }
    throw CarpusError(.noInput, "\(name): a label map needs its sidecar \(lastComponent(stem)).json beside it, which names the labels")
  }
}
