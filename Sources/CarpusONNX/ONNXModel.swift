package import CarpusGraphs
package import CarpusTensors

/// What an ONNX file says, field by field; nothing is interpreted yet.
///
/// Source: ONNX IR specification.
package struct ONNXModel: Sendable {
  package var irVersion: Int
  package var producerName: String
  package var producerVersion: String
  package var domain: String
  package var modelVersion: Int
  /// Version of each operator set that is used; `ai.onnx` is the empty domain.
  package var opsetImports: [String: Int]
  package var graph: ONNXGraph
  package var functions: [ONNXFunction]
  package var metadata: [String: String]
}

/// A function that belongs to the model.
package struct ONNXFunction: Sendable {
  package var name: String
  package var domain: String
  package var overload: String
  package var inputs: [String]
  package var outputs: [String]
  /// The attributes that a call may give and that have no default.
  package var attributes: [String]
  package var defaults: [String: ONNXAttribute]
  package var nodes: [ONNXNode]
  package var opsetImports: [String: Int]
}

package struct ONNXGraph: Sendable {
  package var name: String
  package var nodes: [ONNXNode]
  package var initializers: [String: Tensor]
  /// The names of the initializers, of those that could not be read too, as they stand in the file.
  package var initializerOrder: [String]
  /// Initializers of types that no operator here computes with, and what each is. An error only when something reads one.
  package var unsupportedInitializers: [String: String]
  package var inputs: [ONNXValueInfo]
  package var outputs: [ONNXValueInfo]
  package var valueInfo: [ONNXValueInfo]
}

package struct ONNXNode: Sendable {
  /// Which node of the graph, from 0.
  package var index: Int
  package var name: String
  package var operatorType: String
  /// `ai.onnx` is the empty domain.
  package var domain: String
  package var overload: String
  /// An empty name is an operand that is left out.
  package var inputs: [String]
  package var outputs: [String]
  package var attributes: [String: ONNXAttribute]
  /// Notes of the exporter, such as `pkg.torch.onnx.name_scopes`.
  package var metadata: [String: String]
}

package indirect enum ONNXAttribute: Sendable {
  case value(AttributeValue)
  case graph(ONNXGraph)
  case type(ONNXType)
  /// In the body of a function: the attribute of this name of the node that calls it.
  case reference(String)
}

package struct ONNXValueInfo: Sendable {
  package var name: String
  package var type: ONNXType?
}

package indirect enum ONNXType: Sendable, Hashable {
  /// No dimensions: the rank is unknown.
  case tensor(ElementType, [ONNXDimension]?)
  case sequence(ONNXType)
  case optional(ONNXType)
  case map(key: ElementType, value: ONNXType)
  case sparse(ElementType, [ONNXDimension]?)
  /// The text says what it is.
  case unsupported(String)
}

package enum ONNXDimension: Sendable, Hashable {
  case known(Int)
  case symbol(String)
  case unknown
}
