import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import Foundation

/// The page's picture: the radiograph, the map in three views, and the regions' outlines, one over the other.
enum PictureSection {
  private static let longestSide = 1200
  /// The enlarged map is smooth; a browser can enlarge it further.
  private static let longestSideOfMap = 600
  /// Characters of all outlines together.
  private static let outlineLength = 600_000

  static func context(
    _ report: ExplanationReport, _ picture: ExplanationReport.Picture, _ map: AttributionMap
  ) throws(PNGError) -> [String: Any] {
    let view = RadiographView(picture.radiograph, longestSide: longestSide)
    let divisor = (max(view.size.width, view.size.height) + longestSideOfMap - 1) / longestSideOfMap
    let mapSize = PixelSize(width: max(1, view.size.width / divisor), height: max(1, view.size.height / divisor))
    let values = MapView.values(of: map, in: picture, size: mapSize)
    let (signed, magnitude) = (MapColors(.signed, of: map.values), MapColors(.magnitude, of: map.values))
    let cells = cellsRectangle(picture, view: view.size)
    func number(_ value: Double) -> String { ExplanationPage.readable(NumberText.significant(value, digits: 3)) }
    let shown = min(780 / Double(view.size.width), 900 / Double(view.size.height))
    return [
      "width": view.size.width, "height": view.size.height,
      "shownWidth": Int(Double(view.size.width) * shown), "shownHeight": Int(Double(view.size.height) * shown),
      "radiograph": dataAddress(try PNG.encode(view.grey, layout: .grey, size: view.size)),
      "smooth": dataAddress(try PNG.encode(signed.samples(of: values), layout: .rgba, size: mapSize)),
      "magnitude": dataAddress(try PNG.encode(magnitude.samples(of: values), layout: .rgba, size: mapSize)),
      "cells": dataAddress(
        try PNG.encode(signed.samples(of: map.values), layout: .rgba, size: PixelSize(width: map.width, height: map.height))),
      "cellsX": ExplanationPage.coordinate(cells.minX), "cellsY": ExplanationPage.coordinate(cells.minY),
      "cellsWidth": ExplanationPage.coordinate(cells.maxX - cells.minX), "cellsHeight": ExplanationPage.coordinate(cells.maxY - cells.minY),
      "outlines": outlines(report, view.size), "isZero": signed.limit == 0,
      "largest": number(signed.limit), "smallest": number(-signed.limit), "minimum": number(map.minimum), "maximum": number(map.maximum),
      "opacity": MapColors.largestOpacity, "magnitudeOpacity": MapColors.magnitudeOpacity,
      "signedStops": [(0, 1), (0.5, 0), (0.5, -Double.ulpOfOne), (1, -1)].map { stop($0, MapColors.signed($1)) },
      "magnitudeStops": (0...16).map { step in
        stop(Double(step) / 16, LayerColor(color: ColorMap.viridis.color(at: 1 - Double(step) / 16), alpha: MapColors.magnitudeAlpha))
      },
      "signedTicks": ticks(ScaleTicks.signed(limit: signed.limit)), "magnitudeTicks": ticks(ScaleTicks.magnitude(limit: signed.limit)),
    ]
  }

  /// Where the whole map lies in the view, padding included.
  private static func cellsRectangle(_ picture: ExplanationReport.Picture, view: PixelSize) -> PixelRectangle {
    let map = picture.transform.backward(PixelRectangle(picture.inputSize))
    let scaleX = Double(view.width) / Double(picture.radiograph.size.width)
    let scaleY = Double(view.height) / Double(picture.radiograph.size.height)
    return PixelRectangle(minX: map.minX * scaleX, minY: map.minY * scaleY, maxX: map.maxX * scaleX, maxY: map.maxY * scaleY)
  }

  private static func outlines(_ report: ExplanationReport, _ view: PixelSize) -> [[String: Any]] {
    let points = report.pointsText
    let regions = report.numberedRegions
    let fontSize = max(8, max(view.width, view.height) / 45)
    let outlines = regions.map { RegionOutline($0.region.mask, on: view) }
    let labels = zip(regions, outlines).map {
      (outline: $1, width: fontSize * (String($0.number).count * 5 + 4) / 8, height: fontSize * 10 / 8)
    }
    let boxes = LabelPlacement.boxes(for: labels, gap: 2, in: view)
    return zip(regions, zip(outlines, boxes)).map { region, shape in
      let (outline, box) = shape
      let mass = NumberText.share(region.statistics.mass).map { ", mass \($0)" } ?? ""
      return [
        "number": region.number, "path": outline.path(length: max(400, outlineLength / regions.count)),
        "title": "\(region.number): \(region.region.name), \(ExplanationPage.readable(points(region.statistics.points))) points\(mass)",
        "x": box.x, "y": box.y, "boxWidth": box.width, "boxHeight": box.height, "fontSize": fontSize,
        "textX": ExplanationPage.coordinate(Double(box.x) + Double(box.width) / 2), "textY": box.y + fontSize,
      ]
    }
  }

  private static func stop(_ offset: Double, _ layer: LayerColor) -> [String: Any] {
    ["offset": offset, "color": layer.color.hexadecimal, "opacity": NumberText.fixed(Double(layer.alpha) / 255, places: 3)]
  }

  /// Beside a bar from 26 to 246.
  private static func ticks(_ ticks: [ScaleTicks.Tick]) -> [[String: Any]] {
    ticks.map { tick in
      let y = 26 + 220 * tick.fraction
      return ["y": ExplanationPage.coordinate(y), "textY": ExplanationPage.coordinate(y + 4), "text": ExplanationPage.readable(tick.text)]
    }
  }

  static func dataAddress(_ png: [UInt8]) -> String { "data:image/png;base64," + Data(png).base64EncodedString() }
}

extension RGBColor {
  /// `#b2182b`.
  fileprivate var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
