/// Values on a line from 0 to `length`, with 0 among them.
struct ChartAxis {
  private let low, scale: Double
  private let start: Double

  init(of values: [Double], length: Double, start: Double = 0) {
    low = min(0, values.min() ?? 0)
    let range = max(0, values.max() ?? 0) - low
    scale = range > 0 && range.isFinite ? length / range : 0
    self.start = start
  }

  subscript(value: Double) -> Double { start + (value - low) * scale }

  /// Of a bar; what is not 0 can be seen.
  func length(_ value: Double) -> Double { value == 0 ? 0 : max(0.75, abs(value) * scale) }
}

/// The parts of a score, one after the other: each bar begins where the one before ended; the last is the score, from 0.
enum Waterfall {
  static func drawing(_ parts: [BudgetPart], score: Double, unit: String, text: (Double) -> String) -> Drawing {
    var ends = [0.0]
    for part in parts { ends.append(ends[ends.count - 1] + part.points) }
    let rowHeight = 40.0
    var drawing = Drawing(
      width: 560, height: Double(parts.count + 1) * rowHeight + 6, label: "The parts of the score, one after the other; the numbers are in the table beside")
    let axis = ChartAxis(of: ends + [score], length: 552, start: 4)
    drawing.shapes.append(.line(x1: axis[0], y1: 0, x2: axis[0], y2: drawing.height, .axis))
    for (index, part) in (parts.map { ($0.title, $0.points) } + [("Score", score)]).enumerated() {
      let top = Double(index) * rowHeight, isTotal = index == parts.count
      let (from, to) = isTotal ? (0, score) : (ends[index], ends[index + 1])
      drawing.text("\(part.0)  \(part.1 > 0 && !isTotal ? "+" : "")\(readable(text(part.1)))", 8, top + 14, size: 13, isBold: isTotal)
      drawing.shapes.append(
        .bar(x: axis[min(from, to)], y: top + 20, width: axis.length(to - from), height: 15, isTotal ? .total : part.1 < 0 ? .negative : .positive))
      if !isTotal { drawing.shapes.append(.line(x1: axis[to], y1: top + 20, x2: axis[to], y2: top + rowHeight + 20, .axis)) }
    }
    return drawing
  }
}

/// Two numbers for each place, one bar under the other: what the map says, and what covering says.
enum PairedBars {
  struct Row {
    let title: String
    let number: Int?
    let first: Double?
    let second: Double
  }

  static func drawing(_ rows: [Row], titles: (String, String), label: String, text: (Double) -> String) -> Drawing {
    let left = 168.0, right = 70.0, width = 620.0, rowHeight = 34.0, top = 26.0
    var drawing = Drawing(width: width, height: top + Double(rows.count) * rowHeight + 4, label: label)
    let axis = ChartAxis(of: rows.flatMap { [$0.first ?? 0, $0.second] }, length: width - left - right, start: left)
    drawing.shapes += [
      .rectangle(x: left, y: 4, width: 12, height: 10, .positive), .text(titles.0, x: left + 18, y: 14, size: 12, .start, .soft, isBold: false),
      .rectangle(x: left + 130, y: 4, width: 12, height: 10, .total), .text(titles.1, x: left + 148, y: 14, size: 12, .start, .soft, isBold: false),
      .line(x1: axis[0], y1: top, x2: axis[0], y2: drawing.height, .axis),
    ]
    for (index, row) in rows.enumerated() {
      let y = top + Double(index) * rowHeight
      var shapes: [Drawing.Shape] = [.text(row.title, x: left - 10, y: y + 19, size: 12, .end, .ink, isBold: false)]
      for (value, paint, shift) in [(row.first, row.first ?? 0 < 0 ? Drawing.Paint.negative : .positive, 4.0), (row.second, .total, 16)] {
        guard let value, value.isFinite else { continue }
        shapes.append(.bar(x: min(axis[0], axis[value]), y: y + shift, width: axis.length(value), height: 11, paint))
        shapes.append(.text(readable(text(value)), x: max(axis[0], axis[value]) + 5, y: y + shift + 9.5, size: 10.5, .start, .soft, isBold: false))
      }
      if let number = row.number {
        drawing.shapes.append(.link(number: number, label: "\(row.title): \(titles.0) \(readable(text(row.first ?? .nan))), \(titles.1) \(readable(text(row.second)))", shapes))
      } else {
        drawing.shapes += shapes
      }
    }
    return drawing
  }
}
