import CarpusAnatomy
import CarpusExplanation
public import CarpusImaging

/// `overlay.png`: the radiograph with the map over it, the regions' outlines and a colour bar with raw values.
///
/// A view for the eye: the map is enlarged between its cells and coloured symmetrically around 0; its opacity
/// grows with the square root of the size of the value, up to 0.8, so that the radiograph stays visible. Joints are outlined, bones and zones beside them are not;
/// the twelve with the most points have their numbers.
public enum Overlay {
  static let longestSide = 1600
  /// Numbers that stand on a picture from the beginning.
  static let numberedCount = 12

  private static let paper = RGBColor(grey: 255)
  private static let ink = RGBColor(grey: 20)
  private static let casing = RGBColor(grey: 0)
  private static let core = RGBColor(red: 255, green: 236, blue: 110)

  /// The bytes of the file: 8-bit RGB without text chunks, the same for the same report.
  ///
  /// - Throws: `PNGError` when it cannot be written; also for a report without a picture.
  public static func png(of report: ExplanationReport) throws(PNGError) -> [UInt8] {
    guard let canvas = canvas(of: report) else { throw .notWritten(reason: "there is no radiograph to draw on") }
    return try PNG.encode(canvas.samples, layout: .rgb, size: canvas.size)
  }

  /// The picture lies at the upper left, the colour bar right of it, the notice below.
  static func canvas(of report: ExplanationReport) -> Canvas? {
    guard let (picture, map) = report.pictured else { return nil }
    let view = RadiographView(picture.radiograph, longestSide: longestSide)
    let scale = max(1, max(view.size.width, view.size.height) / 450)
    let bar = ColorBar(map: map, scale: scale)
    let notice = "research use, not for diagnosis"
    let footer = (Glyphs.height + 4) * scale
    let size = PixelSize(
      width: max(view.size.width + bar.width, (Glyphs.width(of: notice) + 8) * scale),
      height: max(view.size.height, bar.smallestHeight) + footer)
    var canvas = Canvas(size: size, color: paper)
    paint(view, map, picture, on: &canvas)
    outline(report.numberedRegions.filter(\.isOutlined), on: view.size, scale: scale, canvas: &canvas)
    bar.draw(on: &canvas, left: view.size.width, height: size.height - footer, ink: ink)
    canvas.draw(notice, x: 4 * scale, y: size.height - footer + 3 * scale, scale: scale, ink)
    return canvas
  }

  private static func paint(_ view: RadiographView, _ map: AttributionMap, _ picture: ExplanationReport.Picture, on canvas: inout Canvas) {
    let values = MapView.values(of: map, in: picture, size: view.size)
    let colors = MapColors(.signed, of: map.values)
    for y in 0..<view.size.height {
      for x in 0..<view.size.width {
        let index = y * view.size.width + x
        canvas[x, y] = colors[values[index]].over(RGBColor(grey: view.grey[index]))
      }
    }
  }

  /// Light lines in dark casings, then the numbers.
  private static func outline(_ regions: [NumberedRegion], on view: PixelSize, scale: Int, canvas: inout Canvas) {
    let outlines = regions.map { RegionOutline($0.region.mask, on: view) }
    for (width, color) in [(scale + 2, casing), (scale, core)] {
      for pixel in outlines.lazy.flatMap(\.border) {
        let (x, y) = (pixel.x - width / 2, pixel.y - width / 2)
        canvas.fill(x: x, y: y, width: min(width, view.width - x), height: min(width, view.height - y), color)
      }
    }
    let labels = zip(regions, outlines).map {
      (outline: $1, width: (Glyphs.width(of: String($0.number)) + 4) * scale, height: (Glyphs.height + 1) * scale)
    }
    for (region, box) in zip(regions, LabelPlacement.boxes(for: labels, gap: scale, in: view)).prefix(numberedCount) {
      canvas.fill(x: box.x, y: box.y, width: box.width, height: box.height, casing)
      canvas.draw(String(region.number), x: box.x + 2 * scale, y: box.y + 3 * scale / 2, scale: scale, core)
    }
  }
}

/// The colours of a map with raw values beside them, over the same grey everywhere.
private struct ColorBar {
  let colors: MapColors
  let scale: Int
  /// From the upper to the lower end.
  private let ticks: [(fraction: Double, text: String)]
  private static let titles = ["points", "per cell"]
  private static let grey = RGBColor(grey: 96)

  init(map: AttributionMap, scale: Int) {
    colors = MapColors(.signed, of: map.values)
    self.scale = scale
    ticks = ScaleTicks.signed(limit: colors.limit)
  }

  private var textWidth: Int { (ticks.map(\.text) + Self.titles).map { Glyphs.width(of: $0) }.max() ?? 0 }
  var width: Int { (4 + 12 + 6 + textWidth + 4) * scale }
  private var titleHeight: Int { (6 + 2 * (Glyphs.height + 2)) * scale }
  var smallestHeight: Int { titleHeight + (ticks.count * (Glyphs.height + 2) + 12) * scale }

  func draw(on canvas: inout Canvas, left: Int, height: Int, ink: RGBColor) {
    let x = left + 4 * scale
    for (line, title) in Self.titles.enumerated() {
      canvas.draw(title, x: x, y: (4 + line * (Glyphs.height + 2)) * scale, scale: scale, ink)
    }
    let top = titleHeight + 6 * scale
    let length = min(height - top - 6 * scale, 300 * scale)
    canvas.fill(x: x - 1, y: top - 1, width: 12 * scale + 2, height: length + 2, ink)
    for row in 0..<length {
      let value = colors.limit * (1 - 2 * (Double(row) + 0.5) / Double(length))
      canvas.fill(x: x, y: top + row, width: 12 * scale, height: 1, colors[value].over(Self.grey))
    }
    for tick in ticks {
      let y = top + Int((tick.fraction * Double(length)).rounded())
      canvas.fill(x: x + 12 * scale, y: y - scale / 2, width: 3 * scale, height: scale, ink)
      canvas.draw(tick.text, x: x + 18 * scale, y: y - 7 * scale / 2, scale: scale, ink)
    }
  }
}
