/// A line of strokes that lead letters and burned-in text are drawn with.
struct Stroke {
  var points: [SIMD2<Double>]
}

/// Capital letters, digits and a few signs as strokes in a cell 4 wide and 6 high, origin at its lower left corner.
enum StrokeFont {
  /// Width of a letter in cell heights, without the gap to the next.
  static let aspect = 4.0 / 6
  /// From one letter's left to the next one's, in cell heights.
  static let advance = 6.0 / 6

  /// The strokes of a line of text, 1 high; `x` runs from 0 to `width(of:)`. A character that the font lacks leaves a space.
  static func strokes(of text: String) -> [Stroke] {
    var result: [Stroke] = []
    for (place, character) in text.enumerated() {
      for line in (glyphs[character] ?? "").split(separator: " ") {
        let digits = line.utf8.map { Double($0) - 48 }
        let left = Double(place) * advance
        var points: [SIMD2<Double>] = []
        for k in stride(from: 0, to: digits.count - 1, by: 2) { points.append(SIMD2(left + digits[k] / 6, digits[k + 1] / 6)) }
        result.append(Stroke(points: points))
      }
    }
    return result
  }

  static func width(of text: String) -> Double { max(0, Double(text.count - 1) * advance + aspect) }

  /// Each word is a stroke, each pair of digits a point's x and y.
  private static let glyphs: [Character: String] = [
    "A": "002640 1232", "B": "00063645443303 3342413000", "C": "4536160501103041", "D": "00062645412000", "E": "46060040 0333",
    "F": "460600 0333", "G": "45361605011030414323", "H": "0006 4046 0343", "I": "1030 1636 2026", "J": "4641301001",
    "K": "0006 460340", "L": "060040", "M": "0006234640", "N": "00064046", "O": "100105163645413010", "P": "00063645443303",
    "Q": "100105163645413010 2240", "R": "00063645443303 2340", "S": "453616050413334241301001", "T": "0646 2026",
    "U": "060110304146", "V": "062046", "W": "0610233046", "X": "0046 0640", "Y": "062346 2320", "Z": "06460040",
    "0": "100105163645413010", "1": "152620 1030", "2": "05163645440040", "3": "0516364544334241301001 1333", "4": "30360242",
    "5": "460603334241301001", "6": "4536160501103041423303", "7": "064610", "8": "13040516364544331302011030414233",
    "9": "43130405163645413010 1001", ".": "2020", "-": "1333", ":": "2121 2424", "/": "0046",
  ]
}
