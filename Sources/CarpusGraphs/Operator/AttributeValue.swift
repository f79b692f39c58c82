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
  case tensors([Tensor])
  case graph(UntypedGraph)
  case type(ValueType)
  /// A kind that no operator here reads, such as a list of graphs. The text names it.
  case unsupported(kind: String)
}
