import CarpusTensors

/// What is looked up: a text by its bytes, so that only equal bytes are equal, or a number.
enum TableKey: Hashable, Sendable, CustomStringConvertible {
  case text([UInt8])
  case integer(Int)
  /// The bits of a float64.
  case number(UInt64)

  init(_ text: String) { self = .text(Array(text.utf8)) }

  /// - Parameter isByValue: all NaN are one key then, and so are 0 and -0; otherwise only NaN are.
  init(_ number: Double, isByValue: Bool) {
    self = .number(number.isNaN ? Double.nan.bitPattern : isByValue && number == 0 ? 0 : number.bitPattern)
  }

  /// The elements of a tensor of text, integers or floating-point numbers.
  static func keys(_ tensor: Tensor, isByValue: Bool) -> [TableKey] {
    if let texts = tensor.texts { return texts.map(TableKey.init) }
    if let integers = tensor.integers { return integers.map(TableKey.integer) }
    return tensor.doubles.map { TableKey($0, isByValue: isByValue) }
  }

  var description: String {
    switch self {
    case .text(let bytes): "\"\(String(decoding: bytes, as: UTF8.self))\""
    case .integer(let value): String(value)
    case .number(let bits): String(Double(bitPattern: bits))
    }
  }
}

/// Keys, the value of each, and a value for everything else.
struct LabelTable: Sendable {
  let keyType: ElementType
  private let places: [TableKey: Int]
  /// A vector; the last element is for everything else.
  private let values: Tensor
  private let isByValue: Bool

  var valueType: ElementType { values.elementType }

  /// - Parameters:
  ///   - keys, values: vectors of one length.
  ///   - other: a scalar of the type of `values`.
  ///   - lastWins: which one of equal keys counts.
  init(_ keys: Tensor, _ values: Tensor, other: Tensor, isByValue: Bool = true, lastWins: Bool) throws(OperatorError) {
    guard keys.shape.count == values.shape.count else {
      throw .attribute("\(keys.shape.count) keys and \(values.shape.count) values do not fit together")
    }
    guard other.elementType == values.elementType, other.shape.count == 1 else {
      throw .attribute("the default must be one element of \(values.elementType), not \(other.elementType) \(other.shape)")
    }
    keyType = keys.elementType
    let found = TableKey.keys(keys, isByValue: isByValue)
    places = [TableKey: Int](zip(found, found.indices)) { first, last in lastWins ? last : first }
    let count = values.shape.count
    if let texts = values.texts, let last = other.texts {
      self.values = Tensor(texts + last, shape: [count + 1])
    } else {
      self.values = Tensor(elementType: values.elementType, shape: [count + 1]) { bytes in
        for (index, byte) in (values.byteArray + other.byteArray).enumerated() { bytes.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
      }
    }
    self.isByValue = isByValue
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(valueType, try operands.tensor(0, of: [keyType]).shape)]
  }

  func look(up x: Tensor, into results: inout Results) throws(OperatorError) {
    let last = values.shape.count - 1
    let numbers = TableKey.keys(x, isByValue: isByValue).map { Int64(places[$0] ?? last) }
    if let texts = values.texts { return try results.setTexts(0, numbers.map { texts[Int($0)] }) }
    try SliceSelection(outer: 1, extent: last + 1, inner: 1, numbers: numbers).gather(values, into: &results)
  }
}
