public import CarpusAnatomy
public import CarpusImaging

/// A radiograph with regions drawn on it: what was understood of a file.
///
/// Each region is outlined in the colour of its kind, tinted unless it is the background, and bears a number; the list beside the picture has its number, its side
/// and id, and what it is scored for.
public enum RegionPicture {
  private static let longestSide = 1600
  private static let paper = RGBColor(grey: 255)
  private static let ink = RGBColor(grey: 20)
  private static let casing = RGBColor(grey: 0)
  /// Of 255.
  private static let tint: UInt8 = 40

  /// The bytes of the file: 8-bit RGB without text chunks, the same for the same regions.
  ///
  /// - Precondition: the regions lie on the radiograph's grid.
  /// - Throws: `PNGError` when it cannot be written.
  public static func png(of set: RegionSet, on radiograph: Radiograph) throws(PNGError) -> [UInt8] {
    let canvas = canvas(of: set, on: radiograph)
    return try PNG.encode(canvas.samples, layout: .rgb, size: canvas.size)
  }

  static func canvas(of set: RegionSet, on radiograph: Radiograph) -> Canvas {
    precondition(set.size == radiograph.size, "regions on a grid of \(set.size) on a radiograph of \(radiograph.size)")
    let view = RadiographView(radiograph, longestSide: longestSide)
    let scale = max(1, max(view.size.width, view.size.height) / 600)
    let list = RegionList(set, rowHeight: (Glyphs.height + 3) * scale, scale: scale, height: view.size.height)
    var canvas = Canvas(size: PixelSize(width: view.size.width + list.width, height: max(view.size.height, list.height)), color: paper)
    for (pixel, grey) in view.grey.enumerated() { canvas[pixel % view.size.width, pixel / view.size.width] = RGBColor(grey: grey) }
    let outlines = set.regions.map { RegionOutline($0.mask, on: view.size) }
    let colors = set.regions.map { color(of: set.vocabulary.term(of: $0)?.kind) }
    for (index, outline) in outlines.enumerated() where set.vocabulary.term(of: set.regions[index])?.zone != .background {
      paint(outline, LayerColor(color: colors[index], alpha: tint), on: &canvas)
    }
    for (outline, color) in zip(outlines, colors) {
      for pixel in outline.border {
        let (width, height) = (min(scale, view.size.width - pixel.x), min(scale, view.size.height - pixel.y))
        canvas.fill(x: pixel.x, y: pixel.y, width: width, height: height, color)
      }
    }
    let labels = outlines.indices.map {
      (outline: outlines[$0], width: (Glyphs.width(of: String($0 + 1)) + 4) * scale, height: (Glyphs.height + 1) * scale)
    }
    for (index, box) in LabelPlacement.boxes(for: labels, gap: scale, in: view.size).enumerated() {
      canvas.fill(x: box.x, y: box.y, width: box.width, height: box.height, casing)
      canvas.draw(String(index + 1), x: box.x + 2 * scale, y: box.y + 3 * scale / 2, scale: scale, colors[index])
    }
    list.draw(on: &canvas, left: view.size.width, colors: colors, ink: ink)
    return canvas
  }

  private static func paint(_ outline: RegionOutline, _ layer: LayerColor, on canvas: inout Canvas) {
    for y in 0..<outline.height {
      for x in 0..<outline.width where outline[x, y] {
        let place = (x: outline.left + x, y: outline.top + y)
        canvas[place.x, place.y] = layer.over(canvas[place.x, place.y])
      }
    }
  }

  /// Okabe and Ito's colours, which most people tell apart; grey for what the vocabulary does not know.
  static func color(of kind: HandTerm.Kind?) -> RGBColor {
    switch kind {
    case .site: RGBColor(red: 240, green: 228, blue: 66)
    case .joint: RGBColor(red: 230, green: 159, blue: 0)
    case .bone: RGBColor(red: 86, green: 180, blue: 233)
    case .lesion: RGBColor(red: 213, green: 94, blue: 0)
    case .zone: RGBColor(red: 0, green: 158, blue: 115)
    case .confounder: RGBColor(red: 204, green: 121, blue: 167)
    case nil: RGBColor(grey: 190)
    }
  }
}

/// The rows beside the picture.
private struct RegionList {
  let rows: [String]
  let rowHeight, scale: Int
  let width, height: Int

  init(_ set: RegionSet, rowHeight: Int, scale: Int, height: Int) {
    (self.rowHeight, self.scale) = (rowHeight, scale)
    let digits = String(set.regions.count).count
    var rows = set.regions.enumerated().map { index, region in
      let number = String(index + 1)
      let side = region.laterality == .left || region.laterality == .right ? "\(region.laterality.rawValue):" : ""
      let term = set.vocabulary.term(of: region)
      let damages = term.map { $0.damages.map(\.rawValue).joined(separator: ", ") } ?? "not in the vocabulary"
      return String(repeating: " ", count: digits - number.count) + "\(number) \(side)\(region.id)" + (damages.isEmpty ? "" : " (\(damages))")
    }
    let room = max(8, (height - 8 * scale) / rowHeight)
    if rows.count > room { rows = rows.prefix(room - 1) + ["and \(rows.count - room + 1) more"] }
    self.rows = rows
    self.height = rows.count * rowHeight + 8 * scale
    width = ((rows.map { Glyphs.width(of: $0) }.max() ?? 0) + 4 + 8 + 4 + 4) * scale
  }

  func draw(on canvas: inout Canvas, left: Int, colors: [RGBColor], ink: RGBColor) {
    for (index, row) in rows.enumerated() {
      let y = 4 * scale + index * rowHeight
      if index < colors.count, rows.count == colors.count || index < rows.count - 1 {
        canvas.fill(x: left + 4 * scale, y: y, width: 8 * scale, height: 8 * scale, ink)
        canvas.fill(x: left + 5 * scale, y: y + scale, width: 6 * scale, height: 6 * scale, colors[index])
      }
      canvas.draw(row, x: left + 16 * scale, y: y, scale: scale, ink)
    }
  }
}
