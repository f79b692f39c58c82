/// A chart made of simple shapes: drawn once, then a part of a page, a file of SVG or a file of pixels.
struct Drawing {
  /// What a shape stands for; colours belong to the style sheet of the page, or to `Drawing.paints`.
  enum Paint: String, CaseIterable {
    case positive, negative, total, chance, none, bone, axis, rule, ink, soft
  }

  enum Anchor: String {
    case start, middle, end
  }

  indirect enum Shape {
    case rectangle(x: Double, y: Double, width: Double, height: Double, Paint)
    /// A rectangle that is striped where it is negative: meaning never by colour alone.
    case bar(x: Double, y: Double, width: Double, height: Double, Paint)
    case circle(x: Double, y: Double, radius: Double, Paint)
    /// A square on its corner; `radius` is half of its diagonal.
    case diamond(x: Double, y: Double, radius: Double, Paint)
    case line(x1: Double, y1: Double, x2: Double, y2: Double, Paint)
    /// A line with round ends, `width` thick.
    case capsule(x1: Double, y1: Double, x2: Double, y2: Double, width: Double)
    case text(String, x: Double, y: Double, size: Double, Anchor, Paint, isBold: Bool)
    /// Shapes that belong to a numbered region, and lead to its row.
    case link(number: Int, label: String, [Shape])
  }

  var width, height: Double
  /// For readers of screens: what it shows.
  var label: String
  var shapes: [Shape] = []

  mutating func text(_ text: String, _ x: Double, _ y: Double, size: Double = 12, _ anchor: Anchor = .start, _ paint: Paint = .ink, isBold: Bool = false) {
    shapes.append(.text(text, x: x, y: y, size: size, anchor, paint, isBold: isBold))
  }
}

// MARK: - SVG

extension Drawing {
  /// For a page: colours come from its style sheet.
  ///
  /// - Parameter kind: further classes of the element.
  func inlineSVG(kind: String = "") -> String {
    let links = shapes.contains { if case .link = $0 { true } else { false } }
    return "<svg class=\"chart\(kind.isEmpty ? "" : " " + kind)\" viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" role=\"\(links ? "group" : "img")\" "
      + "aria-label=\"\(Self.escaped(label))\">\(shapes.map { svg($0, isLinked: true) }.joined())</svg>"
  }

  /// A file of its own, with the light page's colours.
  var fileSVG: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(height))" viewBox="0 0 \(Self.number(width)) \(Self.number(height))">
    <title>\(Self.escaped(label))</title>
    <style>\(Self.fileStyle)</style>
    <rect width="\(Self.number(width))" height="\(Self.number(height))" fill="#fff"/>
    \(shapes.map { svg($0, isLinked: false) }.joined(separator: "\n"))
    </svg>

    """
  }

  private func svg(_ shape: Shape, isLinked: Bool) -> String {
    func n(_ value: Double) -> String { Self.number(value) }
    switch shape {
    case .rectangle(let x, let y, let width, let height, let paint):
      return "<rect class=\"\(paint)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"/>"
    case .bar(let x, let y, let width, let height, let paint):
      let plain = svg(.rectangle(x: x, y: y, width: width, height: height, paint), isLinked: isLinked)
      guard paint == .negative, width > 4 else { return plain }
      let stripes = stride(from: x + 5, to: x + width - 1, by: 7).map { "M\(n($0)) \(n(y + height))L\(n(min($0 + height / 2, x + width))) \(n(y))" }.joined()
      return plain + (stripes.isEmpty ? "" : "<path class=\"stripe\" d=\"\(stripes)\"/>")
    case .circle(let x, let y, let radius, let paint):
      return "<circle class=\"\(paint)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\"/>"
    case .diamond(let x, let y, let radius, let paint):
      return "<path class=\"\(paint)\" d=\"M\(n(x)) \(n(y - radius))L\(n(x + radius)) \(n(y))L\(n(x)) \(n(y + radius))L\(n(x - radius)) \(n(y))z\"/>"
    case .line(let x1, let y1, let x2, let y2, let paint):
      return "<line class=\"\(paint)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>"
    case .capsule(let x1, let y1, let x2, let y2, let width):
      let line = "x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke-linecap=\"round\""
      return "<line class=\"rim\" \(line) stroke-width=\"\(n(width))\"/><line class=\"core\" \(line) stroke-width=\"\(n(width - 3))\"/>"
    case .text(let text, let x, let y, let size, let anchor, let paint, let isBold):
      return "<text class=\"\(paint)\" x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\"\(anchor == .start ? "" : " text-anchor=\"\(anchor)\"")\(isBold ? " font-weight=\"650\"" : "")>\(Self.escaped(text))</text>"
    case .link(let number, let label, let shapes):
      let inner = shapes.map { svg($0, isLinked: isLinked) }.joined()
      guard isLinked else { return "<g><title>\(Self.escaped(label))</title>\(inner)</g>" }
      return "<a href=\"#row-\(number)\" data-number=\"\(number)\" aria-label=\"\(Self.escaped(label))\"><title>\(Self.escaped(label))</title>\(inner)</a>"
    }
  }

  /// At most two places, none that say nothing.
  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value, places: 2)
    guard text.contains(".") else { return text }
    var digits = Substring(text)
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
    return digits == "-0" ? "0" : String(digits)
  }

  /// For XML.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped += " "
      case "\0"..<" ", "\u{fffe}", "\u{ffff}": break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static let fileStyle = """
    text{font-family:system-ui,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}.ink{fill:#1b1f24}.soft{fill:#4c5661}.positive{fill:#b2182b}.negative{fill:#2166ac}.total{fill:#56616d}\
    .chance{fill:none;stroke:#7a5c00;stroke-width:2}.none{fill:#fff;stroke:#4c5661;stroke-width:1.2}.axis{stroke:#4c5661;stroke-width:1;fill:none}.rule{stroke:#d3d9df;stroke-width:1;fill:none}\
    .rim{stroke:#d3d9df}.core{stroke:#f4f6f8}.stripe{stroke:#fff;stroke-width:1.5;fill:none}.hit{fill:none}
    """
}
