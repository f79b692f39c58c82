import CarpusAnatomy
import CarpusImaging
import CarpusReporting

/// Draws regions on their radiograph.
public enum RegionDrawing {
  /// - Parameter path: of the PNG to write.
  /// - Returns: what a reader should know about how the regions were read.
  /// - Throws: `CarpusError`, 64 where the radiograph itself is not there.
  public static func write(_ job: RegionJob, to path: String) throws(CarpusError) -> (regions: Int, warnings: [String]) {
    guard let item = try job.item(0) else { throw CarpusError(.noRegions, file: job.source) }
    guard let radiograph = item.radiograph else { throw CarpusError(.usage, "regions are drawn on a radiograph: give its file with --image") }
    let bytes: [UInt8]
    do { bytes = try RegionPicture.png(of: item.set, on: radiograph) } catch { throw CarpusError(.software, "a picture of the regions: \(error)") }
    do { try AtomicWriting.write(bytes, to: path) } catch { throw CarpusError(error, file: lastComponent(path)) }
    return (item.set.regions.count, item.set.warnings.map(\.description))
  }
}
