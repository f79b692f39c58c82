/// A value of a JSON file and where it stands in it, such as `annotations[17].bbox`.
struct JSONNode {
  let value: JSONValue
  let place: String

  init(_ bytes: [UInt8]) throws(RegionError) {
    value = try JSONReader.read(bytes)
    place = ""
  }

  private init(_ value: JSONValue, _ place: String) {
    self.value = value
    self.place = place
  }

  func error(_ problem: String) -> RegionError { .malformed(at: place, problem) }

  private func members() throws(RegionError) -> [String: JSONValue] {
    guard case .object(let members) = value else { throw error("an object is needed") }
    return members
  }

  /// The member of an object; `nil` where it is missing or `null`.
  func optional(_ key: String) throws(RegionError) -> JSONNode? {
    switch try members()[key] {
    case nil, .null?: nil
    case let value?: JSONNode(value, place.isEmpty ? key : "\(place).\(key)")
    }
  }

  func required(_ key: String) throws(RegionError) -> JSONNode {
    guard let member = try optional(key) else { throw error("‘\(key)’ is missing") }
    return member
  }

  /// Throws where the object has a key that is none of `keys`.
  func refuseKeys(except keys: Set<String>) throws(RegionError) {
    if let other = try members().keys.filter({ !keys.contains($0) }).min() {
      throw error("the schema has no key ‘\(RegionName.cleaned(other))’")
    }
  }

  var isObject: Bool {
    if case .object = value { true } else { false }
  }

  func elements() throws(RegionError) -> [JSONNode] {
    let values: [JSONValue]
    switch value {
    case .array(let elements): values = elements
    case .numbers(let numbers): values = numbers.map { .number($0) }
    default: throw error("a list is needed")
    }
    return values.enumerated().map { JSONNode($0.element, "\(place)[\($0.offset)]") }
  }

  func string() throws(RegionError) -> String {
    guard case .string(let text) = value else { throw error("a text is needed") }
    return text
  }

  func integer() throws(RegionError) -> Int {
    guard case .number(let number) = value, let integer = Int(exactly: number) else { throw error("a whole number is needed") }
    return integer
  }

  func numbers() throws(RegionError) -> [Double] {
    if case .numbers(let numbers) = value { return numbers }
    guard case .array(let elements) = value, elements.isEmpty else { throw error("a list of numbers is needed") }
    return []
  }

  func integers() throws(RegionError) -> [Int] {
    var integers: [Int] = []
    for (index, number) in try numbers().enumerated() {
      guard let integer = Int(exactly: number) else { throw .malformed(at: "\(place)[\(index)]", "a whole number is needed") }
      integers.append(integer)
    }
    return integers
  }
}
