import CarpusTensors

/// Numbers as text and back, as `Cast` has it.
enum NumberText {
  // MARK: Reading

  /// The numbers that texts stand for, in a type that keeps what `target` can hold of them.
  ///
  /// - Throws: `OperatorError.operands` for a text that is no number. Its sentence does not repeat the text.
  static func numbers(_ texts: [String], as target: ElementType, shape: Shape) throws(OperatorError) -> Tensor {
    func read<T: TensorElement>(_ number: (String) -> T?) throws(OperatorError) -> Tensor {
      var numbers: [T] = []
      numbers.reserveCapacity(texts.count)
      for (index, text) in texts.enumerated() {
        guard let value = number(text) else { throw .operands("element \(index) is a text that is no number") }
        numbers.append(value)
      }
      return Tensor(numbers, shape: shape)
    }
    switch target {
    case .float32: return try read { Float($0) }
    case .uint64: return try read { UInt64($0) ?? whole($0, within: 0...UInt64.max) }
    case .int4, .uint4, .int2, .uint2: return try read { Int64($0) ?? whole($0, within: Int64.min...Int64.max) }
    case let type where type.isInteger:
      let range = type.integerType.map { Int64(clamping: $0.min)...Int64(clamping: $0.max) } ?? Int64.min...Int64.max
      return try read { Int64($0) ?? whole($0, within: range) }
    default: return try read { Double($0) }
    }
  }

  /// The whole part, or the nearest integer of a range.
  private static func whole<T: FixedWidthInteger>(_ text: String, within range: ClosedRange<T>) -> T? {
    guard let number = Double(text) else { return nil }
    guard !number.isNaN else { return 0 }
    let nearest = T(exactly: number.rounded(.towardZero)) ?? (number < 0 ? .min : .max)
    return min(max(nearest, range.lowerBound), range.upperBound)
  }

  // MARK: Writing

  /// - Precondition: numbers or truth values.
  static func texts(_ x: Tensor) -> [String] {
    switch x.elementType {
    case .float32: x.array(of: Float.self).map { text($0.description, isFinite: $0.isFinite) }
    case .float16: x.array(of: Float16.self).map { text($0.description, isFinite: $0.isFinite) }
    case .bfloat16: x.array(of: BFloat16.self).map { text(Float($0).description, isFinite: Float($0).isFinite) }
    case .uint64: x.array(of: UInt64.self).map(\.description)
    default: x.integers?.map(\.description) ?? x.doubles.map { text($0.description, isFinite: $0.isFinite) }
    }
  }

  /// A description as sign, digits and the power of ten that they are multiplied by.
  private static func parts(_ description: String, isNegative: Bool) -> (sign: String, digits: String, exponent: Int) {
    let halves = description.split(separator: "e")
    let number = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = number.count > 1 ? String(number[1]) : ""
    var digits = String((String(number[0]) + fraction).drop { $0 == "0" })
    var exponent = (halves.count > 1 ? Int(halves[1]) ?? 0 : 0) - fraction.count
    while digits.count > 1, digits.last == "0" {
      digits.removeLast()
      exponent += 1
    }
    return (isNegative ? "-" : "", digits.isEmpty ? "0" : digits, exponent)
  }

  /// What Swift writes with an exponent, written without.
  private static func text(_ description: String, isFinite: Bool) -> String {
    guard isFinite else { return description.contains("nan") ? "NaN" : description.hasPrefix("-") ? "-INF" : "INF" }
    guard description.contains("e") else { return description }
    let isNegative = description.hasPrefix("-")
    let (sign, digits, exponent) = parts(String(description.drop { $0 == "-" }), isNegative: isNegative)
    if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) + ".0" }
    let point = digits.count + exponent
    return point > 0
      ? sign + digits.prefix(point) + "." + digits.dropFirst(point)
      : sign + "0." + String(repeating: "0", count: -point) + digits
  }
}
