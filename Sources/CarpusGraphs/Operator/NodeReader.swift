public import CarpusTensors

/// Hands the attributes of a node to the operator that is made from it, and remembers which were taken.
public struct NodeReader: Sendable {
  /// Version of the operator set that the node was written for.
  public let opset: Int
  /// Number of operand places, absent ones among them.
  public let operandCount: Int
  public let resultCount: Int
  private let attributes: [String: AttributeValue]
  private var unread: Set<String>

  public init(opset: Int, operandCount: Int, resultCount: Int = 1, attributes: [String: AttributeValue] = [:]) {
    self.opset = opset
    self.operandCount = operandCount
    self.resultCount = resultCount
    self.attributes = attributes
    unread = Set(attributes.keys)
  }

  /// Names of the attributes that nobody has taken, sorted.
  public var unreadAttributes: [String] { unread.sorted() }

  public mutating func int(_ name: String) throws(OperatorError) -> Int? {
    switch take(name) {
    case nil: return nil
    case .int(let value)?: return value
    case let other?: throw mismatch(name, "an integer", other)
    }
  }

  public mutating func ints(_ name: String) throws(OperatorError) -> [Int]? {
    switch take(name) {
    case nil: return nil
    case .ints(let value)?: return value
    // Writers disagree on how an empty list is typed.
    case .floats(let value)? where value.isEmpty: return []
    case .strings(let value)? where value.isEmpty: return []
    case let other?: throw mismatch(name, "a list of integers", other)
    }
  }

  public mutating func float(_ name: String) throws(OperatorError) -> Float? {
    switch take(name) {
    case nil: return nil
    case .float(let value)?: return value
    case let other?: throw mismatch(name, "a number", other)
    }
  }

  public mutating func floats(_ name: String) throws(OperatorError) -> [Float]? {
    switch take(name) {
    case nil: return nil
    case .floats(let value)?: return value
    case .ints(let value)? where value.isEmpty: return []
    case .strings(let value)? where value.isEmpty: return []
    case let other?: throw mismatch(name, "a list of numbers", other)
    }
  }

  public mutating func string(_ name: String) throws(OperatorError) -> String? {
    switch take(name) {
    case nil: return nil
    case .string(let value)?: return value
    case let other?: throw mismatch(name, "a text", other)
    }
  }

  public mutating func tensor(_ name: String) throws(OperatorError) -> Tensor? {
    switch take(name) {
    case nil: return nil
    case .tensor(let value)?: return value
    case let other?: throw mismatch(name, "a tensor", other)
    }
  }

  /// An integer attribute that must be 0 or 1.
  public mutating func flag(_ name: String, default fallback: Bool) throws(OperatorError) -> Bool {
    guard let value = try int(name) else { return fallback }
    guard value == 0 || value == 1 else { throw .attribute("attribute \(name) must be 0 or 1, not \(value)") }
    return value == 1
  }

  /// Takes an attribute that has no effect on the result.
  public mutating func ignore(_ name: String) { unread.remove(name) }

  private mutating func take(_ name: String) -> AttributeValue? {
    unread.remove(name)
    return attributes[name]
  }

  private func mismatch(_ name: String, _ wanted: String, _ value: AttributeValue) -> OperatorError {
    .attribute("attribute \(name) must be \(wanted), not \(value.kind)")
  }
}

extension AttributeValue {
  /// What the value is, for a sentence.
  var kind: String {
    switch self {
    case .int: "an integer"
    case .float: "a number"
    case .string: "a text"
    case .tensor: "a tensor"
    case .ints: "a list of integers"
    case .floats: "a list of numbers"
    case .strings: "a list of texts"
    case .unsupported(let kind): kind
    }
  }
}
