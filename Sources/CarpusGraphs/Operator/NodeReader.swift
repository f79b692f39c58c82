public import CarpusTensors

/// Hands the attributes of a node to the operator that is made from it, and remembers which were taken.
public struct NodeReader: Sendable {
  /// Version of the operator set that the node was written for.
  public let opset: Int
  /// Number of operand places, absent ones among them; without the values that graphs in attributes take from outside.
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

  public mutating func strings(_ name: String) throws(OperatorError) -> [String]? {
    switch take(name) {
    case nil: return nil
    case .strings(let value)?: return value
    case .ints(let value)? where value.isEmpty: return []
    case .floats(let value)? where value.isEmpty: return []
    case let other?: throw mismatch(name, "a list of texts", other)
    }
  }

  public mutating func tensor(_ name: String) throws(OperatorError) -> Tensor? {
    switch take(name) {
    case nil: return nil
    case .tensor(let value)?: return value
    case let other?: throw mismatch(name, "a tensor", other)
    }
  }

  public mutating func tensors(_ name: String) throws(OperatorError) -> [Tensor]? {
    switch take(name) {
    case nil: return nil
    case .tensors(let value)?: return value
    case let other?: throw mismatch(name, "a list of tensors", other)
    }
  }

  public mutating func graph(_ name: String) throws(OperatorError) -> UntypedGraph? {
    switch take(name) {
    case nil: return nil
    case .graph(let value)?: return value
    case let other?: throw mismatch(name, "a graph", other)
    }
  }

  public mutating func type(_ name: String) throws(OperatorError) -> ValueType? {
    switch take(name) {
    case nil: return nil
    case .type(let value)?: return value
    case let other?: throw mismatch(name, "a type", other)
    }
  }

  /// The element type that a number of `TensorProto.DataType` names.
  public mutating func elementType(_ name: String) throws(OperatorError) -> ElementType? {
    guard let number = try int(name) else { return nil }
    guard let type = ElementType(dataType: number) else {
      throw .unsupported("attribute \(name) is \(ElementType.name(ofDataType: number)), which is not supported")
    }
    return type
  }

  /// An integer attribute that must be 0 or 1.
  public mutating func flag(_ name: String, default fallback: Bool) throws(OperatorError) -> Bool {
    guard let value = try int(name) else { return fallback }
    guard value == 0 || value == 1 else { throw .attribute("attribute \(name) must be 0 or 1, not \(value)") }
    return value == 1
  }

  /// A text attribute that must be one of the names of `Choice`.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default fallback: Choice
  ) throws(OperatorError) -> Choice {
    guard let text = try string(name) else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue)
      throw .attribute("attribute \(name) must be \(names.dropLast().joined(separator: ", ")) or \(names.last ?? ""), not '\(text)'")
    }
    return choice
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

/// Attributes that must be there.
extension NodeReader {
  mutating func int(required name: String) throws(OperatorError) -> Int { try Self.present(int(name), name) }
  mutating func ints(required name: String) throws(OperatorError) -> [Int] { try Self.present(ints(name), name) }
  mutating func float(required name: String) throws(OperatorError) -> Float { try Self.present(float(name), name) }
  mutating func string(required name: String) throws(OperatorError) -> String { try Self.present(string(name), name) }

  private static func present<Value>(_ value: Value?, _ name: String) throws(OperatorError) -> Value {
    guard let value else { throw .attribute("attribute \(name) is missing") }
    return value
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
    case .tensors: "a list of tensors"
    case .graph: "a graph"
    case .type: "a type"
    case .unsupported(let kind): kind
    }
  }
}
