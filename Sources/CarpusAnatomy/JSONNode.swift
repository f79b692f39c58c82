/// A value of a JSON file and where it stands in it, such as `annotations[17].bbox`.
package struct JSONNode<Failure: JSONFailure> {
  package let value: JSONValue
  package let place: String

  package init(_ bytes: [UInt8]) throws(Failure) {
    value = try JSONReader<Failure>.read(bytes)
    place = ""
  }

  private init(_ value: JSONValue, _ place: String) {
    self.value = value
    self.place = place
  }

  package func error(_ problem: String) -> Failure { .malformed(at: place, problem) }

  private func members() throws(Failure) -> [String: JSONValue] {
    guard case .object(let members) = value else { throw error("an object is needed") }
    return members
  }

  /// The member of an object; `nil` where it is missing or `null`.
  package func optional(_ key: String) throws(Failure) -> JSONNode? {
    switch try members()[key] {
    case nil, .null?: nil
    case let value?: JSONNode(value, place.isEmpty ? key : "\(place).\(key)")
    }
  }

  package func required(_ key: String) throws(Failure) -> JSONNode {
    guard let member = try optional(key) else { throw error("‘\(key)’ is missing") }
    return member
  }

  /// Throws where the object has a key that is none of `keys`.
  package func refuseKeys(except keys: Set<String>) throws(Failure) {
    if let other = try members().keys.filter({ !keys.contains($0) }).min() {
      throw error("there is no key ‘\(RegionName.cleaned(other))’ here; there are \(keys.sorted().map { "‘\($0)’" }.joined(separator: ", "))")
    }
  }

  package var isObject: Bool {
    if case .object = value { true } else { false }
  }

  package func elements() throws(Failure) -> [JSONNode] {
    let values: [JSONValue]
    switch value {
    case .array(let elements): values = elements
    case .numbers(let numbers): values = numbers.map { .number($0) }
    default: throw error("a list is needed")
    }
    return values.enumerated().map { JSONNode($0.element, "\(place)[\($0.offset)]") }
  }

  package func string() throws(Failure) -> String {
    guard case .string(let text) = value else { throw error("a text is needed") }
    return text
  }

  package func integer() throws(Failure) -> Int {
    guard case .number(let number) = value, let integer = Int(exactly: number) else { throw error("a whole number is needed") }
    return integer
  }

  package func numbers() throws(Failure) -> [Double] {
    if case .numbers(let numbers) = value { return numbers }
    guard case .array(let elements) = value, elements.isEmpty else { throw error("a list of numbers is needed") }
    return []
  }

  package func integers() throws(Failure) -> [Int] {
    var integers: [Int] = []
    for (index, number) in try numbers().enumerated() {
      guard let integer = Int(exactly: number) else { throw .malformed(at: "\(place)[\(index)]", "a whole number is needed") }
      integers.append(integer)
    }
    return integers
  }
}
