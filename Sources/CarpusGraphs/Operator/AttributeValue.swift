public import CarpusTensors

/// The value of an attribute of a node.
///
/// Source: ONNX IR specification, `AttributeProto`.
public enum AttributeValue: Sendable {
  case int(Int)
  case float(Float)
  case string(String)
  case tensor(Tensor)
  case ints([Int])
  case floats([Float])
  case strings([String])
  /// A kind that no operator here reads: a graph, a sparse tensor, a type, or lists of those. The text names it.
  case unsupported(kind: String)
}
