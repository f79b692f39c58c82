public import CarpusTensors

/// A value of a graph: an input, a constant, or a result of a node.
public struct Value: Hashable, Sendable {
  package let index: Int
}

/// An operator applied to values.
public struct Node: Sendable {
  public let `operator`: any Operator
  /// `nil` where an optional operand is absent.
  public let operands: [Value?]
  public let results: [Value]
  /// The name in the file; empty for nodes that were added later.
  public let name: String
  /// How the file names it; `nil` for nodes that were added later.
  public let source: NodeSource?
  /// The modules that it stands in; `nil` where the file does not say it, and for nodes that were added later.
  public internal(set) var scope: ModuleScope?
  /// The operator's name, with its domain unless that is ai.onnx.
  public var operatorName: String {
    let signature = `operator`.signature
    return signature.domain.isEmpty ? signature.name : "\(signature.domain).\(signature.name)"
  }
}

/// A value with the name it has outside.
public struct NamedValue: Hashable, Sendable {
  public let name: String
  public let value: Value

  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}

/// A typed, acyclic computation. Nodes stand in an order in which every operand comes before its use.
///
/// A graph cannot be ill-typed: `GraphBuilder` runs the shape rule of each operator when a node is inserted.
public struct Graph: Sendable {
  struct Record: Sendable {
    var type: ValueType
    /// The value of a constant, or one that was folded.
    var constant: Tensor?
    /// Index of the node whose result it is.
    var producer: Int?
  }

  public internal(set) var inputs: [NamedValue]
  public internal(set) var outputs: [NamedValue]
  public internal(set) var nodes: [Node]
  var records: [Record]
  /// Every name of the file, also of values that were folded or forwarded away.
  public internal(set) var names: [String: Value]
  /// Bytes that all constants together may take: folding stops there.
  let constantLimit: Int
  /// Whether nodes of a file that stand for others are replaced by them.
  let composes: Bool
  var constantByteCount: Int { records.reduce(0) { $0 + ($1.constant?.byteCount ?? 0) } }

  public func type(of value: Value) -> ValueType { records[value.index].type }
  /// The value, if it does not depend on an input.
  public func constant(_ value: Value) -> Tensor? { records[value.index].constant }
  public func producer(of value: Value) -> Node? { records[value.index].producer.map { nodes[$0] } }
  func info(_ value: Value?) -> OperandInfo {
    guard let value else { return .absent }
    return OperandInfo(type: type(of: value), value: constant(value))
  }

  /// A value by the name that the file gave it.
  ///
  /// - Throws: `GraphError.unknownValue` with names that look alike.
  public func value(named name: String) throws(GraphError) -> Value {
    guard let value = names[name] else {
      throw .unknownValue(name, similar: Similarity.nearest(to: name, among: names.keys, limit: 3))
    }
    return value
  }

  /// One name of each value; the shortest where it has several.
  public var preferredNames: [Value: String] {
    var result: [Value: String] = [:]
    for (name, value) in names {
      if let other = result[value], (other.utf8.count, other) <= (name.utf8.count, name) { continue }
      result[value] = name
    }
    return result
  }
}
