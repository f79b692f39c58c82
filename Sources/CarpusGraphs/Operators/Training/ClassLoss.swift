import CarpusTensors

/// `l = −w[c] · y[n, c, …]` for the class c of each place of each item, and what is made of all of them: what `NegativeLogLikelihoodLoss` and
/// `SoftmaxCrossEntropyLoss` have in common.
struct ClassLoss: Sendable {
  enum Reduction: String, Sendable, CaseIterable {
    /// One loss per place.
    case none
    case sum
    /// `Σ l / Σ w`, NaN if no place counts.
    case mean
  }

  let reduction: Reduction
  /// Places of this class count nowhere; every other one must be 0…C − 1.
  private let ignored: Int?

  init(_ node: inout NodeReader) throws(OperatorError) {
    reduction = try node.choice("reduction", default: .mean)
    ignored = try node.int("ignore_index")
  }

  /// The type of the loss.
  ///
  /// - Parameter first: the index of the numbers `[N, C, …]` among the operands; the classes `[N, …]` and optionally the weights `[C]` follow.
  func resultType(for operands: [OperandInfo], first: Int = 0) throws(OperatorError) -> ValueType {
    let x = try operands.floatingTensor(first), labels = try operands.tensor(first + 1)
    guard labels.elementType.isInteger else { throw .operands("classes must be integers, not \(labels.elementType)") }
    var places = PartialShape.unknown
    if let extents = x.shape.extents {
      guard extents.count >= 2 else { throw .operands("operand \(first) must have an axis of items and one of classes, not \(x.shape)") }
      places = PartialShape([extents[0]] + extents.dropFirst(2))
    }
    guard labels.shape.agrees(with: places) else { throw .operands("the classes must be \(places), not \(labels.shape)") }
    if let weights = try operands.optionalTensor(first + 2) {
      guard weights.elementType == x.elementType, weights.shape.agrees(with: [x.shape[1]]) else {
        throw .operands("the weights must be \(TensorType(x.elementType, [x.shape[1]])), not \(weights)")
      }
    }
    guard reduction == .none else { return ValueType(x.elementType, [] as PartialShape) }
    return ValueType(x.elementType, places.extents == nil ? labels.shape : places)
  }

  /// A place that counts: where its class lies among the numbers, the class, and its weight.
  struct Place {
    let index, element, label: Int
    let weight: Double
  }

  /// All places that count.
  ///
  /// - Throws: when a class does not exist.
  func places(_ shape: Shape, _ labels: [Int], _ weights: Tensor?) throws(OperatorError) -> [Place] {
    let classes = shape[1], inner = shape.extents.dropFirst(2).reduce(1, *), weights = weights?.doubles
    var places: [Place] = []
    for (index, label) in labels.enumerated() where label != ignored {
      guard (0..<classes).contains(label) else { throw .operands("class \(label) is not one of \(classes)") }
      let (item, place) = index.quotientAndRemainder(dividingBy: inner)
      places.append(
        Place(index: index, element: (item * classes + label) * inner + place, label: label, weight: weights?[label] ?? 1))
    }
    return places
  }

  /// Writes the loss of logarithms of probabilities `[N, C, …]` as the first result.
  func evaluate<T: KernelScalar>(
    _ logarithms: Span<T>, _ shape: Shape, _ operands: borrowing Operands, into results: inout Results
  ) throws(OperatorError) {
    let places = try places(shape, operands.integers(1) ?? [], operands.optional(2))
    var y = results.elements(0, as: T.self)
    guard reduction != .none else {
      for index in y.indices { y[index] = 0 }
      for place in places { y[place.index] = T(-place.weight * Double(logarithms[place.element])) }
      return
    }
    let sum = places.reduce(0) { $0 - $1.weight * Double(logarithms[$1.element]) }
    y[0] = T(reduction == .sum ? sum : sum / places.reduce(0) { $0 + $1.weight })
  }

  /// The gradients of the logarithms and of the weights.
  func pullback(
    _ seed: Value, _ logarithms: Value, _ step: Step, in graph: inout GraphBuilder
  ) throws(OperatorError) -> (logarithms: Value, weights: Value?) {
    let weights = step.operands.count > 2 ? step.operands[2] : nil
    let gradients = try graph.add(
      ClassLossAdjoint(loss: self), [seed, logarithms, try step.operand(1), weights], results: weights == nil ? 1 : 2)
    return (gradients[0], gradients.count > 1 ? gradients[1] : nil)
  }
}

/// `∂y[c] = −w[c] ∂l` at the class of each place and `∂w[c] = −Σ y[c] ∂l` over the places of a class; for a mean with its factor 1 / Σ w, and
/// `∂w[c] = Σ (−y[c] − l) ∂l / Σ w`.
///
/// - Operands: `seed` of the loss, the logarithms, the classes, optionally the weights.
struct ClassLossAdjoint: InternalOperator, Floating {
  static let signature = OperatorSignature("ClassLoss", domain: "adjoint", operands: 4...4, results: 1...2, gradient: .undefined)
  let loss: ClassLoss

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try loss.resultType(for: operands, first: 1)
    return [.tensor(try operands.tensor(1))] + (try operands.optionalTensor(3).map { [.tensor($0)] } ?? [])
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = operands[0], b = operands[1]
    let seeds = a.elements(T.self), y = b.elements(T.self)
    let places = try loss.places(b.shape, operands.integers(2) ?? [], operands.optional(3))
    let total = loss.reduction == .mean ? places.reduce(0) { $0 + $1.weight } : 1
    let mean = loss.reduction == .mean ? places.reduce(0) { $0 - $1.weight * Double(y[$1.element]) } / total : 0
    var gradient = [T](repeating: 0, count: b.shape.count), weights = [Double](repeating: 0, count: b.shape[1])
    for place in places {
      let seed = Double(seeds[loss.reduction == .none ? place.index : 0]) / total
      gradient[place.element] = T(-place.weight * seed)
      weights[place.label] += (-Double(y[place.element]) - mean) * seed
    }
    results.copyElements(of: Tensor(gradient, shape: b.shape))
    if results.isWanted(1) { results.copyElements(of: Tensor(weights.map { T($0) }, shape: results.shape(1)), to: 1) }
  }
}
