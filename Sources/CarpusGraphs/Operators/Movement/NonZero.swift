import CarpusTensors

/// The coordinates of all elements that are not 0 (or false): column j of `Y` `[rank of X, n]`, int64, holds those of the j-th,
/// in row-major order. NaN is not 0, the empty text is. Of a scalar, `Y` is `[0, n]`.
///
/// - Operands: `X`, any type.
public struct NonZero: Attributeless {
  public static let signature = OperatorSignature("NonZero", since: 9, operands: 1...1, numerics: .exact, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard !x.elementType.isCompact else { throw .unsupported("elements of \(x.elementType) are not compared here") }
    return [ValueType(.int64, [x.shape.rank, operands[0].value.map { Self.places($0).count }])]
  }

  /// The numbers of the elements that are not 0.
  private static func places(_ x: Tensor) -> [Int] {
    if let texts = x.texts { return texts.indices.filter { !texts[$0].isEmpty } }
    // The two zeros of a half-precision type are equal as float32.
    let numbers = x.elementType.isHalf ? x.converted(to: .float32) : x.parts
    let width = numbers.shape.count / max(x.shape.count, 1)
    func search<T: TensorElement>(_ type: T.Type) -> [Int] {
      let values = numbers.array(of: T.self), zero = Tensor(zeros: T.elementType, shape: []).elements(T.self)[0]
      return (0..<x.shape.count).filter { place in (0..<width).contains { values[place * width + $0] != zero } }
    }
    return numbers.elementType.swiftType.map { search($0) } ?? []
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], places = Self.places(x)
    var y = results.elements(0, as: Int64.self)
    for (axis, stride) in x.shape.strides.enumerated() {
      for (column, place) in places.enumerated() { y[axis * places.count + column] = Int64(place / stride % x.shape[axis]) }
    }
  }

  // MARK: Gradient

  /// Coordinates do not change with the elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

extension Tensor {
  /// Complex numbers as pairs of real ones along a new last axis; other tensors as they are.
  var parts: Tensor {
    guard elementType == .complex64 || elementType == .complex128 else { return self }
    let real: ElementType = elementType == .complex64 ? .float32 : .float64
    return Tensor(elementType: real, shape: Shape(shape.extents + [2]), storage: storage, offset: offset)
  }
}
