import CarpusTensors

/// Words, integers or texts, and the place of each in a list; that of the first of equals.
struct Vocabulary: Sendable {
  let places: [TableKey: Int]
  let count: Int
  /// int64 or text.
  let keyType: ElementType

  /// Takes one of two attributes.
  init(_ node: inout NodeReader, integers: String, texts: String) throws(OperatorError) {
    let numbers = try node.ints(integers) ?? [], words = try node.strings(texts) ?? []
    guard numbers.isEmpty != words.isEmpty else { throw .attribute("one of \(integers) and \(texts) must be given") }
    let keys = numbers.map(TableKey.integer) + words.map(TableKey.init)
    places = [TableKey: Int](zip(keys, keys.indices)) { first, _ in first }
    count = keys.count
    keyType = numbers.isEmpty ? .string : .int64
  }
}
