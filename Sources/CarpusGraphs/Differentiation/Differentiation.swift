public import CarpusTensors

extension Graph {
  /// The same graph with nodes added that compute gradients.
  ///
  /// With seed `s` of the shape of `target`, the gradient with respect to a value `v` is `∂(Σ s·target)/∂v`: reverse
  /// accumulation over the nodes between `v` and `target`, each of which emits its vector-Jacobian product as nodes.
  /// Values keep their identity. All shapes must be known: see `specialized(to:)`.
  ///
  /// - Returns: the graph and, for each of `values`, its gradient (zeros where `target` does not depend on it).
  /// - Throws: `GraphError.node` with `OperatorError.notDifferentiable` where a node on the way has no gradient.
  public func differentiating(
    _ target: Value, seed: Tensor, withRespectTo values: [Value]
  ) throws(GraphError) -> (graph: Graph, gradients: [Value]) {
    for value in values + [target] {
      guard case .tensor(let type) = type(of: value), type.elementType.isFloatingPoint else {
        throw .notConnected("a gradient exists only between floating-point tensors, and one of them is \(self.type(of: value))")
      }
      guard type.shape.shape != nil else {
        throw .shapesUnknown("a gradient needs all shapes beforehand, and one of them is \(type)")
      }
    }
    var builder = GraphBuilder(continuing: self)
    let depending = dependants(of: Set(values)), leading = ancestors(of: [target])
    let shortcuts = GradientShortcuts(self, without: Set(values), leading: leading)
    var sums: [Value: Value] = [target: builder.constant(seed)]

    for node in nodes.reversed() {
      guard node.results.contains(where: { depending.contains($0) && leading.contains($0) }) else { continue }
      let seeds = node.results.map { sums[$0] }
      guard seeds.contains(where: { $0 != nil }) else { continue }
      let infos = node.operands.map { info($0) }
      let wants = node.operands.map { $0.map { depending.contains($0) && self.isFloatingPoint($0) } ?? false }
      guard wants.contains(true) else { continue }
      let step = Step(operands: node.operands, results: node.results, wants: wants, infos: infos)
      do throws(OperatorError) {
        if let gradients = try shortcuts.gradients(of: node, seeds, in: &builder) {
          for (value, gradient) in gradients where depending.contains(value) {
            sums[value] = if let sum = sums[value] { try builder.add(Add(), sum, gradient) } else { gradient }
          }
          continue
        }
        let gradients = try node.operator.pullback(step, seeds, in: &builder)
        guard gradients.count == node.operands.count else {
          throw OperatorError.notDifferentiable("the pullback returned \(gradients.count) gradients for \(node.operands.count) operands")
        }
        for (index, gradient) in gradients.enumerated() {
          guard let gradient, wants[index], let operand = node.operands[index] else { continue }
          guard builder.type(of: gradient).staticShape == type(of: operand).staticShape else {
            throw OperatorError.notDifferentiable(
              "the gradient of operand \(index) has type \(builder.type(of: gradient)), the operand \(type(of: operand))")
          }
          if let sum = sums[operand] {
            sums[operand] = try builder.add(Add(), sum, gradient)
          } else {
            sums[operand] = gradient
          }
        }
      } catch {
        throw .node(
          name: node.name, operatorName: node.operatorName, operands: infos.map { $0.type?.description ?? "nothing" }, cause: error)
      }
    }

    let gradients = values.map { value in
      if let sum = sums[value] { return sum }
      guard case .tensor(let type) = type(of: value), let shape = type.shape.shape else { preconditionFailure("checked above") }
      return builder.constant(Tensor(zeros: type.elementType, shape: shape))
    }
    return (builder.finished(outputs: outputs), gradients)
  }

  /// The seed of a target: 1 at `index` along the last axis, for all other indices, and 0 elsewhere; 1 everywhere
  /// if `index` is `nil`.
  ///
  /// - Throws: `GraphError.shapesUnknown`, or `GraphError.notConnected` when there is no such index.
  public func seed(of target: Value, index: Int?) throws(GraphError) -> Tensor {
    guard case .tensor(let type) = type(of: target), type.elementType.isFloatingPoint else {
      throw .notConnected("only a floating-point tensor can be differentiated, not \(self.type(of: target))")
    }
    guard let shape = type.shape.shape else { throw .shapesUnknown("the target's shape depends on data: \(type)") }
    let last = shape.extents.last ?? 1
    if let index, index < 0 || index >= last {
      throw .notConnected("the target has \(last) elements along its last axis; index \(index) is not one of 0…\(last - 1)")
    }
    let ones = (0..<shape.count).map { index == nil || $0 % last == index ? 1.0 : 0.0 }
    return Tensor(ones, shape: shape).converted(to: type.elementType, team: ThreadTeam(count: 1))
  }

  /// All values that depend on one of `values`, themselves included.
  package func dependants(of values: Set<Value>) -> Set<Value> {
    var found = values
    for node in nodes where node.operands.contains(where: { $0.map(found.contains) ?? false }) { found.formUnion(node.results) }
    return found
  }

  package func isFloatingPoint(_ value: Value) -> Bool {
    type(of: value).tensor?.elementType.isFloatingPoint ?? false
  }
}
