import CarpusTensors

extension TensorType {
  /// The shape of float32 planes `[N, C, H, W]` with elements, if this is their type.
  var planes: Shape? {
    guard elementType == .float32, let shape = shape.shape, shape.rank == 4, shape.count > 0 else { return nil }
    return shape
  }
}

extension Array where Element == OperandInfo {
  /// Images, blocks, rows and columns of an operand in the blocked layout.
  func blocked(_ index: Int) throws(OperatorError) -> Shape {
    let type = try tensor(index)
    guard type.elementType == .float32, let shape = type.shape.shape, shape.rank == 5, shape[4] == BlockedPlanes.width, shape.count > 0 else {
      throw .operands("operand \(index) must be in the blocked layout, not \(type)")
    }
    return shape
  }
}

extension Shape {
  /// Of a shape in the blocked layout: images times blocks.
  var blockedPlanes: Int { self[0] * self[1] }
  /// Of planes, or of a shape in the blocked layout: rows times columns.
  var pixels: Int { self[2] * self[3] }
}

/// Planes `[N, C, H, W]` in the blocked layout, `[N, ⌈C / 16⌉, H, W, 16]`.
///
/// - Operands: `X`, float32.
struct ToBlocked: InternalOperator {
  static let signature = OperatorSignature("ToBlocked", domain: "carpus", operands: 1...1, gradient: .undefined)

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard let shape = try operands.tensor(0).planes.flatMap(BlockedPlanes.shape) else {
      throw .operands("operand 0 must be planes of float32, not \(try operands.tensor(0))")
    }
    return [ValueType(.float32, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.toBlocked(x.elements(), images: x.shape[0], channels: x.shape[1], pixels: x.shape.pixels, into: &y, team: team)
  }
}

/// The way back.
struct FromBlocked: InternalOperator {
  static let signature = OperatorSignature("FromBlocked", domain: "carpus", operands: 1...1, gradient: .undefined)
  let channels: Int

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let shape = try operands.blocked(0)
    guard BlockedPlanes.blocks(channels) == shape[1] else { throw .operands("\(shape[1]) blocks do not hold \(channels) channels") }
    return [ValueType(.float32, Shape([shape[0], channels, shape[2], shape[3]]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.fromBlocked(x.elements(), images: x.shape[0], channels: channels, pixels: x.shape.pixels, into: &y, team: team)
  }
}
