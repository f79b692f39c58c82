import CarpusTensors

/// `Y` is the sum of the products of the operands' elements over all axes that the equation's right side does not name, as
/// NumPy's `einsum`.
///
/// - Operands: one per term of `equation`, floating-point, one element type.
/// - Throws: when the equation is malformed or an operand does not fit its term.
public struct Einsum: Viewing, Costed, Writable {
  public static let signature = OperatorSignature("Einsum", since: 12, operands: 1...OperatorSignature.any, gradient: .defined)
  private let equation: EinsumEquation

  public init(_ node: inout NodeReader) throws(OperatorError) {
    equation = try EinsumEquation(node.string(required: "equation"))
  }

  init(_ equation: EinsumEquation) { self.equation = equation }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var shapes: [PartialShape] = []
    let elementType = try operands.floatingTensor(0).elementType
    for index in operands.indices {
      let type = try operands.tensor(index)
      guard type.elementType == elementType else { throw .operands("all operands must have one element type") }
      shapes.append(type.shape)
    }
    let ranks = shapes.compactMap(\.rank)
    guard ranks.count == shapes.count else { return [ValueType(elementType, equation.rank.map(PartialShape.unknown(rank:)) ?? .unknown)] }
    let resolved = try equation.resolved(ranks: ranks)
    let extents = try resolved.extents(shapes)
    return [ValueType(elementType, PartialShape(resolved.output.map { extents[$0] ?? 1 }))]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    let ranks = operands.indices.compactMap { operands.shape($0)?.rank }
    guard ranks.count == operands.count, let resolved = try? equation.resolved(ranks: ranks) else { return nil }
    return resolved.terms[index].map { label in resolved.output.firstIndex(of: label).map { .same($0) } ?? .all }
  }

  // MARK: Cost

  /// Operands are multiplied one after the other; each time there is a product for every combination of the labels of both. One operand
  /// is only summed.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    let shapes = operands.indices.compactMap { operands.shape($0) }
    guard shapes.count == operands.count, let resolved = try? equation.resolved(ranks: shapes.map(\.rank)),
      let extents = try? resolved.extents(shapes.map { PartialShape($0) })
    else { return nil }
    var sum: Int? = 0
    var labels = Set(resolved.terms[0])
    for index in resolved.terms.indices.dropFirst() {
      labels.formUnion(resolved.terms[index])
      guard let before = sum, let products = product(labels.map { extents[$0] ?? nil }) else { return nil }
      let (total, overflow) = before.addingReportingOverflow(products)
      sum = overflow ? nil : total
      labels.formIntersection(resolved.terms[(index + 1)...].flatMap(\.self) + resolved.output)
    }
    return sum
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let tensors = (0..<operands.count).map { operands[$0] }
    let equation = try self.equation.resolved(ranks: tensors.map(\.shape.rank))
    results.elementType(0) == .float64
      ? try evaluate(Double.self, tensors, equation, into: &results) : try evaluate(Float.self, tensors, equation, into: &results)
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ tensors: [Tensor], _ equation: EinsumEquation.Resolved, into results: inout Results
  ) throws(OperatorError) {
    let team = results.team, scratch = results.scratch
    let views = zip(tensors, equation.terms).map { LabelledTensor($0, $1) }
    var product = views[0]
    for index in views.indices.dropFirst() {
      let needed = Set(views[(index + 1)...].flatMap(\.labels) + equation.output)
      product = try product.multiplied(by: views[index], keeping: needed, T.self, scratch: scratch, team: team)
    }
    results.copyElements(of: try product.summed(keeping: equation.output, T.self, team: team))
  }

  // MARK: Writing

  public func written(opset: Int) throws(OperatorError) -> WrittenNode {
    guard let text = equation.text else { throw .unsupported("an Einsum of more axes than there are letters cannot be written") }
    return WrittenNode("Einsum", ["equation": .string(text)], since: 12)
  }

  // MARK: Gradient

  /// The gradient of an operand is the einsum of ∂Y and the other operands, to the operand's axes; one whose diagonal was taken gets it
  /// on its diagonal.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    var shapes: [Shape] = []
    for index in step.operands.indices { shapes.append(try step.shape(index)) }
    let equation = try self.equation.resolved(ranks: shapes.map(\.rank))
    let extents = try equation.extents(shapes.map { PartialShape($0) }).compactMapValues(\.self)
    var gradients: [Value?] = []
    for (index, term) in equation.terms.enumerated() {
      guard step.wants[index] else {
        gradients.append(nil)
        continue
      }
      var operands: [Value?] = [seed], terms = [equation.output], whole = Set(equation.output)
      for (other, labels) in equation.terms.enumerated() where other != index {
        operands.append(step.operands[other])
        terms.append(labels)
        whole.formUnion(zip(labels, shapes[other].extents).filter { extents[$0] == $1 }.map(\.0))
      }
      // Along an axis that was repeated the gradient is summed; along one that was only summed it is the same everywhere.
      var wanted = zip(term, shapes[index].extents).filter { extents[$0] == $1 }.map(\.0)
      let missing = Set(wanted).subtracting(whole).sorted()
      if !missing.isEmpty {
        let shape = Shape(missing.map { extents[$0] ?? 1 })
        let ones = Tensor([Double](repeating: 1, count: shape.count), shape: shape).converted(to: try step.elementType(index))
        operands.append(graph.constant(ones))
        terms.append(missing)
      }
      // A label that comes again gets a label of its own, tied to the first by an identity matrix.
      for place in wanted.indices where wanted[..<place].contains(wanted[place]) {
        let label = EinsumEquation.firstFreeLabel + place, extent = extents[wanted[place]] ?? 1
        let identity = (0..<extent * extent).map { $0 / extent == $0 % extent ? 1.0 : 0 }
        operands.append(graph.constant(Tensor(identity, shape: [extent, extent]).converted(to: try step.elementType(index))))
        terms.append([wanted[place], label])
        wanted[place] = label
      }
      let gradient = try graph.add(Einsum(EinsumEquation(terms: terms, output: wanted)), operands, results: 1)[0]
      gradients.append(try graph.reshaped(gradient, to: shapes[index]))
    }
    return gradients
  }
}

/// A tensor whose axes have labels; axes with the same label are one, their diagonal. Axes may lie in memory in any order.
private struct LabelledTensor {
  let tensor: Tensor
  let labels: [Int]
  private let extents: [Int: Int]
  private let strides: [Int: Int]

  init(_ tensor: Tensor, _ term: [Int]) {
    var labels: [Int] = [], extents: [Int: Int] = [:], strides: [Int: Int] = [:]
    for (axis, (label, stride)) in zip(term, tensor.shape.strides).enumerated() {
      if extents[label] == nil { labels.append(label) }
      extents[label] = tensor.shape[axis]
      strides[label, default: 0] += stride
    }
    self.tensor = tensor
    self.labels = labels
    self.extents = extents
    self.strides = strides
  }

  private func extent(_ label: Int) -> Int { extents[label] ?? 1 }

  /// The elements in the order of `labels`, repeated along those of extent 1 to `extents`.
  private func arranged(_ labels: [Int], _ extents: [Int], team: ThreadTeam) throws(OperatorError) -> Tensor {
    guard let shape = Shape(checking: extents) else { throw .tooLarge("an intermediate product has too many elements") }
    try MemoryLimit.check(shape, tensor.elementType)
    let steps = labels.map { extent($0) == 1 ? 0 : strides[$0] ?? 0 }
    if shape.count == tensor.shape.count, zip(shape.extents, zip(steps, shape.strides)).allSatisfy({ $0 == 1 || $1.0 == $1.1 }) {
      return tensor.reshaped(shape)
    }
    return Tensor(elementType: tensor.elementType, shape: shape) { bytes in
      Kernels.copyStrided(
        tensor.bytes, sourceStrides: steps, into: &bytes, targetStrides: shape.strides, extents: extents,
        elementSize: tensor.elementType.byteCount, team: team)
    }
  }

  /// The sums over all axes that are not kept; the kept ones in their order.
  func summed<T: KernelScalar>(keeping kept: [Int], _ type: T.Type, team: ThreadTeam) throws(OperatorError) -> Tensor {
    let others = labels.filter { !kept.contains($0) }
    let order = kept + others
    let whole = try arranged(order, order.map(extent), team: team)
    let shape = Shape(kept.map(extent))
    if others.isEmpty { return whole }
    return Tensor(shape: shape) { (y: inout MutableSpan<T>) in
      Kernels.reduce(
        .sum, whole.elements(T.self), outer: shape.count, reduced: others.reduce(1) { $0 * extent($1) }, inner: 1, into: &y, team: team)
    }
  }

  /// The products of two tensors, summed over the axes that are not in `needed`: a stack of matrix products.
  func multiplied<T: KernelScalar>(
    by other: LabelledTensor, keeping needed: Set<Int>, _ type: T.Type, scratch: Scratch, team: ThreadTeam
  ) throws(OperatorError) -> LabelledTensor {
    let left = try reduced(to: needed.union(other.labels), T.self, team: team)
    let right = try other.reduced(to: needed.union(labels), T.self, team: team)
    let shared = left.labels.filter { right.labels.contains($0) }
    let stack = shared.filter { needed.contains($0) }, inner = shared.filter { !needed.contains($0) }
    let rows = left.labels.filter { !shared.contains($0) }, columns = right.labels.filter { !shared.contains($0) }
    func extents(_ labels: [Int]) -> [Int] {
      labels.map { left.extent($0) == 1 ? right.extent($0) : left.extent($0) }
    }
    func count(_ labels: [Int]) throws(OperatorError) -> Int {
      guard let shape = Shape(checking: extents(labels)) else { throw .tooLarge("an intermediate product has too many elements") }
      return shape.count
    }
    let a = try left.arranged(stack + rows + inner, extents(stack + rows + inner), team: team)
    let b = try right.arranged(stack + inner + columns, extents(stack + inner + columns), team: team)
    let labels = stack + rows + columns
    guard let shape = Shape(checking: extents(labels)) else { throw .tooLarge("an intermediate product has too many elements") }
    try MemoryLimit.check(shape, T.elementType)
    let stackCount = try count(stack), m = try count(rows), n = try count(columns), k = try count(inner)
    let flat = Shape([shape.count])
    let product = Tensor(shape: shape) { (y: inout MutableSpan<T>) in
      let x = a.elements(T.self), z = b.elements(T.self)
      if m == 1, n == 1, k == 1, let pairs = Broadcast(flat, flat) {
        Kernels.apply(.multiply, x, z, pairs, into: &y, team: team)
      } else {
        Kernels.multiply(x, z, into: &y, pairs: (0..<stackCount).map { ($0, $0) }, m: m, n: n, k: k, scratch: scratch, team: team)
      }
    }
    return LabelledTensor(product, labels)
  }

  private func reduced<T: KernelScalar>(to needed: Set<Int>, _ type: T.Type, team: ThreadTeam) throws(OperatorError) -> LabelledTensor {
    let kept = labels.filter { needed.contains($0) }
    return kept.count == labels.count ? self : LabelledTensor(try summed(keeping: kept, T.self, team: team), kept)
  }
}
