import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import Foundation

/// The page's picture: the radiograph, the map in three views, and the regions' outlines, one over the other.
enum PictureSection {
  private static let longestSide = 1200
  /// The enlarged map is smooth; a browser can enlarge it further.
  private static let longestSideOfMap = 600
  /// Of the maps beside each other.
  private static let longestSideOfSmall = 300
  /// Characters of all outlines together.
  private static let outlineLength = 600_000

  static func context(
    _ report: ExplanationReport, _ picture: ExplanationReport.Picture, _ map: AttributionMap
  ) throws(PNGError) -> [String: Any] {
    let view = RadiographView(picture.radiograph, longestSide: longestSide)
    let mapSize = reduced(view.size, longestSideOfMap)
    let values = MapView.values(of: map, in: picture, size: mapSize)
    let (signed, magnitude) = (MapColors(.signed, of: map.values), MapColors(.magnitude, of: map.values))
    let cells = cellsRectangle(picture, view: view.size)
    func number(_ value: Double) -> String { readable(NumberText.significant(value, digits: 3)) }
    return [
      "width": view.size.width, "height": view.size.height, "figureWidth": view.size.width * 6 / 5 + 24,
      "barScale": NumberText.fixed(Double(view.size.width) / 600, places: 3),
      "radiograph": dataAddress(try PNG.encode(view.grey, layout: .grey, size: view.size)),
      "smooth": dataAddress(try PNG.encode(signed.samples(of: values), layout: .rgba, size: mapSize)),
      "magnitude": dataAddress(try PNG.encode(magnitude.samples(of: values), layout: .rgba, size: mapSize)),
      "cells": dataAddress(
        try PNG.encode(signed.samples(of: map.values), layout: .rgba, size: PixelSize(width: map.width, height: map.height))),
      "cellsX": coordinate(cells.minX), "cellsY": coordinate(cells.minY),
      "cellsWidth": coordinate(cells.maxX - cells.minX), "cellsHeight": coordinate(cells.maxY - cells.minY),
      "values": encoded(map.values), "gridWidth": map.width, "gridHeight": map.height,
      "outlines": outlines(report, view.size), "isZero": signed.limit == 0, "limit": signed.limit.description,
      "largest": number(signed.limit), "smallest": number(-signed.limit), "minimum": number(map.minimum), "maximum": number(map.maximum),
      "sumPositive": readable(report.pointsText(map.sumPositive)), "sumNegative": readable(report.pointsText(map.sumNegative)),
      "opacity": MapColors.largestOpacity, "magnitudeOpacity": MapColors.magnitudeOpacity,
      "signedStops": signedStops, "magnitudeStops": stops(.viridis), "cividisStops": stops(.cividis),
      "signedTicks": ticks(ScaleTicks.signed(limit: signed.limit)), "magnitudeTicks": ticks(ScaleTicks.magnitude(limit: signed.limit)),
    ]
  }

  /// A map on the radiograph, small, each on its own scale.
  static func small(_ map: AttributionMap, _ picture: ExplanationReport.Picture) throws(PNGError) -> [String: Any] {
    let view = RadiographView.size(of: picture.radiograph.size, longestSide: longestSide)
    let size = reduced(view, longestSideOfSmall)
    let colors = MapColors(.signed, of: map.values)
    return [
      "width": view.width, "height": view.height, "limit": readable(NumberText.significant(colors.limit, digits: 3)),
      "map": dataAddress(try PNG.encode(colors.samples(of: MapView.values(of: map, in: picture, size: size)), layout: .rgba, size: size)),
    ]
  }

  private static func reduced(_ size: PixelSize, _ longest: Int) -> PixelSize {
    let divisor = (max(size.width, size.height) + longest - 1) / longest
    return PixelSize(width: max(1, size.width / divisor), height: max(1, size.height / divisor))
  }

  /// Where the whole map lies in the view, padding included.
  private static func cellsRectangle(_ picture: ExplanationReport.Picture, view: PixelSize) -> PixelRectangle {
    let map = picture.transform.backward(PixelRectangle(picture.inputSize))
    let scaleX = Double(view.width) / Double(picture.radiograph.size.width)
    let scaleY = Double(view.height) / Double(picture.radiograph.size.height)
    return PixelRectangle(minX: map.minX * scaleX, minY: map.minY * scaleY, maxX: map.maxX * scaleX, maxY: map.maxY * scaleY)
  }

  private static func outlines(_ report: ExplanationReport, _ view: PixelSize) -> [[String: Any]] {
    let points = report.pointsText, unit = report.unit.name
    let regions = report.numberedRegions.filter(\.isOutlined)
    let fontSize = max(8, max(view.width, view.height) / 52)
    let outlines = regions.map { RegionOutline($0.region.mask, on: view) }
    let labels = zip(regions, outlines).map {
      (outline: $1, width: fontSize * (String($0.number).count * 5 + 4) / 8, height: fontSize * 10 / 8)
    }
    let boxes = LabelPlacement.boxes(for: labels, gap: 2, in: view)
    // Large ones first: what lies upon them can still be pointed at.
    let order = regions.indices.sorted { (regions[$1].statistics.pixels, $0) < (regions[$0].statistics.pixels, $1) }
    return order.map { index in
      let (region, box) = (regions[index], boxes[index])
      let mass = NumberText.share(region.statistics.mass).map { ", mass \($0)" } ?? ""
      let side = RegionSection.side(region.region.laterality)
      return [
        "number": region.number, "path": outlines[index].path(length: max(400, outlineLength / regions.count)),
        "title": "\(region.number): \(side == "–" ? "" : side + " ")\(region.title), \(readable(points(region.statistics.points))) \(unit)\(mass)",
        "suspect": region.isConfounder, "minor": region.number > Overlay.numberedCount,
        "x": box.x, "y": box.y, "boxWidth": box.width, "boxHeight": box.height, "fontSize": fontSize,
        "textX": coordinate(Double(box.x) + Double(box.width) / 2), "textY": box.y + fontSize,
      ]
    }
  }

  /// With the opacity that grows with the square root: in steps.
  private static var signedStops: [[String: Any]] {
    (0...16).map { step in stop(Double(step) / 16, MapColors.signed(1 - Double(step) / 8)) }
  }

  private static func stops(_ colors: ColorMap) -> [[String: Any]] {
    (0...16).map { step in
      stop(Double(step) / 16, LayerColor(color: colors.color(at: 1 - Double(step) / 16), alpha: MapColors.magnitudeAlpha))
    }
  }

  private static func stop(_ offset: Double, _ layer: LayerColor) -> [String: Any] {
    ["offset": offset, "color": layer.color.hexadecimal, "opacity": NumberText.fixed(Double(layer.alpha) / 255, places: 3)]
  }

  /// Beside a bar from 26 to 246.
  private static func ticks(_ ticks: [ScaleTicks.Tick]) -> [[String: Any]] {
    ticks.map { tick in
      let y = 26 + 220 * tick.fraction
      return ["y": coordinate(y), "textY": coordinate(y + 4), "text": readable(tick.text)]
    }
  }

  /// For SVG's attributes.
  private static func coordinate(_ value: Double) -> String { NumberText.fixed(value, places: 2) }

  /// float32, little end first, in Base64.
  private static func encoded(_ values: [Double]) -> String {
    Data(values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: Float(value).bitPattern >> (8 * $0)) } }).base64EncodedString()
  }

  static func dataAddress(_ png: [UInt8]) -> String { "data:image/png;base64," + Data(png).base64EncodedString() }
}

extension RGBColor {
  /// `#b2182b`.
  var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
