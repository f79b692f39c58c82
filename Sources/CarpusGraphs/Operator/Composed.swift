import CarpusTensors

/// An operator that stands for other nodes: it is replaced by them as soon as enough is known of its operands. Gradients flow
/// through those.
public protocol Composed: Operator {
  /// The results, made of other nodes; `nil` while the operands do not say enough, or where a node of its own serves better.
  func composed(_ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value]?
}

/// An operator that stands for one of its graphs as soon as it is known which: `composed` checks all that it needs. Its types are not asked
/// for before, as those of graphs in graphs would be found again at every level.
protocol Selecting: Composed {}
