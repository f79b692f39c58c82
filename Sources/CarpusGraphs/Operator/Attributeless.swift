/// An operator whose nodes have no attributes.
protocol Attributeless: Operator {
  init()
}

extension Attributeless {
  public init(_ node: inout NodeReader) throws(OperatorError) { self.init() }
}

/// An operator whose nodes have no attributes but, before version 6, `consumed_inputs`, which has no effect on the result.
protocol OnceConsuming: Operator {
  init()
}

extension OnceConsuming {
  public init(_ node: inout NodeReader) throws(OperatorError) {
    self.init()
    node.ignore("consumed_inputs")
  }
}
