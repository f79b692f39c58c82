import CarpusTensors

/// What becomes of an element and an update that is put onto it.
enum ScatterReduction: String, Sendable, CaseIterable {
  /// The update.
  case none
  case add, mul, max, min

  /// Takes the attribute `reduction`.
  init(_ node: inout NodeReader) throws(OperatorError) { self = try node.choice("reduction", default: .none) }

  /// NaN stays and wins.
  func floating<T: KernelScalar>(_ old: T, _ new: T) -> T {
    switch self {
    case .none: new
    case .add: old + new
    case .mul: old * new
    case .max: old != old || old > new ? old : new
    case .min: old != old || old < new ? old : new
    }
  }

  /// Sums and products wrap around.
  func integral<T: FixedWidthInteger>(_ old: T, _ new: T) -> T {
    switch self {
    case .none: new
    case .add: old &+ new
    case .mul: old &* new
    case .max: Swift.max(old, new)
    case .min: Swift.min(old, new)
    }
  }

  /// As of the numbers 0 and 1, and everything above 1 is true.
  func truth(_ old: Bool, _ new: Bool) -> Bool {
    switch self {
    case .none: new
    case .add, .max: old || new
    case .mul, .min: old && new
    }
  }
}

/// `Y = X`, then `Y[place] = reduction(Y[place], update)` for each update, in order: what operators that scatter have in common.
struct Scattering: Sendable {
  /// Picks the slices that the updates are put onto.
  let rule: SliceRule
  let reduction: ScatterReduction

  /// The type of the result.
  static func resultType(of x: TensorType, updates: TensorType, _ reduction: ScatterReduction) throws(OperatorError) -> ValueType {
    guard updates.elementType == x.elementType else {
      throw .operands("updates must be \(x.elementType), as the tensor that they change, not \(updates.elementType)")
    }
    guard reduction == .none || x.elementType.isFloatingPoint || x.elementType.isInteger || x.elementType == .bool else {
      throw .operands("no arithmetic on \(x.elementType)")
    }
    return .tensor(x)
  }

  func evaluate(_ x: Tensor, _ indices: Tensor, _ updates: Tensor, into results: inout Results) throws(OperatorError) {
    let selection = try selection(indices, updates.shape, in: x.shape), reduction = reduction
    results.copyElements(of: x)
    func floating<T: KernelScalar>(_ type: T.Type) { scatter(type, updates, selection, into: &results) { reduction.floating($0, $1) } }
    func integral<T: IntegerElement>(_ type: T.Type) { scatter(type, updates, selection, into: &results) { reduction.integral($0, $1) } }
    let elementType = results.elementType(0)
    if elementType == .bool {
      scatter(Bool.self, updates, selection, into: &results) { reduction.truth($0, $1) }
    } else if let type = elementType.kernelType {
      floating(type)
    } else if let type = elementType.integerType {
      integral(type)
    } else if reduction == .none {
      replace(updates, selection, into: &results)
    } else {
      var wide = x.converted(to: .float32, team: results.team).array(of: Float.self)
      let updates = updates.converted(to: .float32, team: results.team).array(of: Float.self)
      selection.forEachPlace { place, update in wide[place] = reduction.floating(wide[place], updates[update]) }
      results.copyElements(of: Tensor(wide, shape: x.shape).converted(to: elementType, team: results.team))
    }
  }

  /// Elements of any type.
  private func replace(_ updates: Tensor, _ selection: SliceSelection, into results: inout Results) {
    let size = updates.elementType.byteCount, bytes = updates.byteArray
    var y = results.bytes(0)
    selection.forEachPlace { place, update in
      for byte in 0..<size { y.storeBytes(of: bytes[update * size + byte], toByteOffset: place * size + byte, as: UInt8.self) }
    }
  }

  fileprivate func selection(_ indices: Tensor, _ updates: Shape, in shape: Shape) throws(OperatorError) -> SliceSelection {
    let selection = try rule.selection(indices, from: shape)
    guard updates.count == selection.numbers.count * selection.inner else {
      throw .operands("updates of shape \(updates) do not fit \(selection.numbers.count) slices of \(selection.inner) elements")
    }
    return selection
  }

  private func scatter<T: TensorElement>(
    _ type: T.Type, _ updates: Tensor, _ selection: SliceSelection, into results: inout Results, _ combine: (T, T) -> T
  ) {
    let updates = updates.elements(T.self)
    var y = results.elements(0, as: T.self)
    selection.forEachPlace { place, update in y[place] = combine(y[place], updates[update]) }
  }

  /// ∂X and ∂updates, where they are wanted.
  func pullback(
    _ seed: Value?, x: Value, indices: Value, updates: Value, wants: (x: Bool, updates: Bool), in graph: inout GraphBuilder
  ) throws(OperatorError) -> (x: Value?, updates: Value?) {
    guard let seed, wants.x || wants.updates else { return (nil, nil) }
    let gradients = try graph.add(ScatterAdjoint(self), [seed, x, indices, updates], results: 2)
    return (wants.x ? gradients[0] : nil, wants.updates ? gradients[1] : nil)
  }
}

extension SliceSelection {
  /// The places of all picked elements, in their order.
  var places: [Int] {
    (0..<outer).flatMap { block in
      numbers.flatMap { number in (0..<inner).map { (block * extent + Int(number)) * inner + $0 } }
    }
  }

  /// Calls `body` with the place of each picked element, and its number among all picked ones.
  ///
  /// - Precondition: `outer` is 1.
  func forEachPlace(_ body: (_ place: Int, _ number: Int) -> Void) {
    for (position, number) in numbers.enumerated() {
      for offset in 0..<inner { body(Int(number) * inner + offset, position * inner + offset) }
    }
  }
}

/// `∂X` and `∂updates` of a scattering. With n elements, X and updates, that meet at a place:
///
/// - none: `∂X` is ∂Y with zeros where there are updates; each update gets the ∂Y of its place, also where another one replaced it;
/// - add: all get ∂Y;
/// - mul: each gets ∂Y times the product of the others;
/// - max, min: those that are equal to the extremum share ∂Y evenly.
///
/// These are the conventions of `torch.scatter` and `torch.scatter_reduce`.
///
/// - Operands: `seed`, `X`, the indices, the updates.
struct ScatterAdjoint: InternalOperator, Floating, Lowered {
  static let signature = OperatorSignature("Scatter", domain: "adjoint", operands: 4...4, results: 2...2, gradient: .undefined)
  private let scattering: Scattering

  init(_ scattering: Scattering) { self.scattering = scattering }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.tensor(2)
    return [.tensor(try operands.floatingTensor(1)), .tensor(try operands.floatingTensor(3))]
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let selection = try scattering.selection(operands[2], operands[3].shape, in: operands[1].shape)
    let (own, theirs) = factors(selection, operands[1].array(of: T.self), operands[3].array(of: T.self))
    let s = operands[0], seed = s.elements(T.self)
    var x = results.elements(0, as: T.self)
    for place in x.indices { x[place] = own[place] == 0 ? 0 : own[place] * seed[place] }
    var updates = results.elements(1, as: T.self)
    selection.forEachPlace { place, update in updates[update] = theirs[update] == 0 ? 0 : theirs[update] * seed[place] }
  }

  /// ∂Y/∂X at each place, and ∂Y/∂update of each update.
  private func factors<T: KernelScalar>(_ selection: SliceSelection, _ x: [T], _ updates: [T]) -> (x: [T], updates: [T]) {
    var own = [T](repeating: 1, count: x.count), theirs = [T](repeating: 1, count: updates.count)
    switch scattering.reduction {
    case .none: selection.forEachPlace { place, _ in own[place] = 0 }
    case .add: break
    case .mul:
      var product = x.map { $0 == 0 ? 1 : $0 }, zeros = x.map { $0 == 0 ? 1 : 0 }
      selection.forEachPlace { place, update in
        if updates[update] == 0 { zeros[place] += 1 } else { product[place] *= updates[update] }
      }
      func others(_ factor: T, _ place: Int) -> T {
        switch zeros[place] {
        case 0: product[place] / factor
        case 1: factor == 0 ? product[place] : 0
        default: 0
        }
      }
      for place in own.indices { own[place] = others(x[place], place) }
      selection.forEachPlace { place, update in theirs[update] = others(updates[update], place) }
    case .max, .min:
      var best = x
      selection.forEachPlace { place, update in best[place] = scattering.reduction.floating(best[place], updates[update]) }
      var equals = zip(x, best).map { $0 == $1 ? 1 : 0 as T }
      selection.forEachPlace { place, update in if updates[update] == best[place] { equals[place] += 1 } }
      for place in own.indices { own[place] = x[place] == best[place] ? 1 / equals[place] : 0 }
      selection.forEachPlace { place, update in theirs[update] = updates[update] == best[place] ? 1 / equals[place] : 0 }
    }
    return (own, theirs)
  }
}

extension ScatterAdjoint {
  /// What is picked from the seed, and the seed with zeros there; for updates that replace and that are added.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    guard scattering.reduction == .none || scattering.reduction == .add else {
      throw .unsupported("the gradient of a scattering with the reduction \(scattering.reduction.rawValue) is not written")
    }
    let seed = try operands.present(0), indices = try graph.add(Cast(to: .int64), operands.present(2))
    let picking: any Operator, replacing: any Operator
    switch scattering.rule {
    case .coordinates(batchAxes: 0): (picking, replacing) = (GatherND(), ScatterND(.none))
    case .elements(let axis): (picking, replacing) = (GatherElements(axis: axis), ScatterElements(axis: axis, .none))
    default: throw .unsupported("the gradient of this scattering is not written")
    }
    let updates = try graph.add(picking, seed, indices)
    guard scattering.reduction == .none else { return [seed, updates] }
    let zeros = graph.constant(Tensor(zeros: try infos.tensor(3).elementType, shape: try infos.writtenShape(3)))
    return [try graph.add(replacing, seed, indices, zeros), updates]
  }
}
