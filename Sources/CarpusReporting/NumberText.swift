import Foundation

/// Numbers for people: rounded, the same in every country.
package enum NumberText {
  /// With `places` digits behind the point, halves away from zero; never `-0.00`.
  package static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return notFinite(value) }
    let scaled = (abs(value) * pow(10, Double(places))).rounded()
    guard scaled < 1e15 else { return scientific(value, digits: 4) }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + padded.dropLast(places) + (places > 0 ? "." + padded.suffix(places) : "")
  }

  /// With `digits` significant digits, without zeros at the end: `0.01234`, `1.5e-07`, `280`.
  package static func significant(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : notFinite(value) }
    guard (1e-4..<1e6).contains(abs(value)) else { return scientific(value, digits: digits) }
    return trimmed(fixed(value, places: max(0, digits - 1 - exponent(of: value))))
  }

  private static func scientific(_ value: Double, digits: Int) -> String {
    var exponent = exponent(of: value)
    // In two steps: 10^-320 alone has lost its digits.
    var mantissa = value / pow(10, Double(exponent / 2)) / pow(10, Double(exponent - exponent / 2))
    if abs(mantissa) >= 10 - 5 * pow(10, -Double(digits)) {
      mantissa /= 10
      exponent += 1
    }
    let places = abs(exponent) < 10 ? "0\(abs(exponent))" : String(abs(exponent))
    return trimmed(fixed(mantissa, places: digits - 1)) + "e" + (exponent < 0 ? "-" : "+") + places
  }

  static func exponent(of value: Double) -> Int { Int(log10(abs(value)).rounded(.down)) }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  private static func notFinite(_ value: Double) -> String { value.isNaN ? "not a number" : value < 0 ? "-infinite" : "infinite" }

  /// A share 0…1, three places.
  static func share(_ value: Double?) -> String? { value.map { fixed($0, places: 3) } }

  /// A ratio, two places.
  static func ratio(_ value: Double?) -> String? { value.map { fixed($0, places: 2) } }
}

/// Points of one report, all with the same number of places, so that columns can be compared and added.
struct PointsText {
  /// `nil`: four significant digits each.
  private let places: Int?

  /// Four digits of the largest value, at least two places.
  init(largest values: [Double]) {
    let magnitude = values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    let exponent = magnitude > 0 ? NumberText.exponent(of: magnitude) : 0
    places = (-5...9).contains(exponent) ? max(2, 3 - exponent) : nil
  }

  func callAsFunction(_ value: Double) -> String {
    guard let places else { return NumberText.significant(value, digits: 4) }
    return NumberText.fixed(value, places: places)
  }
}
