import CarpusTensors

/// A Fourier transform along one axis of a tensor whose last axis holds a real number or the two parts of a complex one, and its transpose.
///
/// The input is cut or continued with zeros to `length`, transformed, multiplied by `factor`, and cut or continued with zeros to the output's
/// extent. The output is real where the last axis of its shape is 1.
struct FourierMap: Sendable {
  let length: Int
  /// Whether the exponent is positive.
  let isInverse: Bool
  let factor: Double
  /// The elements of a one-sided spectrum, except for the first and, for an even length, the last, stand for two.
  enum OneSided: Sendable { case neither, input, output }
  let oneSided: OneSided
  let axis: Int
  let input, output: Shape

  /// The linear map whose matrix is the transpose: ∂(Σ seed · output)/∂input as a function of the seed.
  var transposed: FourierMap {
    let side: OneSided = switch oneSided {
    case .neither: .neither
    case .input: .output
    case .output: .input
    }
    return FourierMap(length: length, isInverse: !isInverse, factor: factor, oneSided: side, axis: axis, input: output, output: input)
  }

  /// - Precondition: float32 or float64, of the shape `input`.
  func apply(to x: Tensor) -> Tensor {
    let numbers = x.doubles, parts = input[input.rank - 1], resultParts = output[output.rank - 1]
    let outer = input.extents.prefix(axis).reduce(1, *)
    let inner = input.extents.dropFirst(axis + 1).dropLast().reduce(1, *)
    let count = input[axis], resultCount = output[axis]
    let transform = FourierTransform(length: length)
    var result = [Double](repeating: 0, count: output.count)
    for row in 0..<outer {
      for column in 0..<inner {
        var line = [ComplexNumber](repeating: ComplexNumber(), count: length)
        for n in 0..<min(count, length) {
          let place = ((row * count + n) * inner + column) * parts
          line[n] = ComplexNumber(numbers[place], parts == 2 ? numbers[place + 1] : 0) * weight(n, oneSided == .input)
        }
        transform.apply(&line, isInverse: isInverse)
        for k in 0..<min(resultCount, length) {
          let place = ((row * resultCount + k) * inner + column) * resultParts
          let value = line[k] * (factor * weight(k, oneSided == .output))
          result[place] = value.real
          if resultParts == 2 { result[place + 1] = value.imaginary }
        }
      }
    }
    return Tensor(result, shape: output).converted(to: x.elementType)
  }

  private func weight(_ n: Int, _ isOneSided: Bool) -> Double {
    guard isOneSided else { return 1 }
    return n == 0 || 2 * n == length ? 1 : 2 * n < length ? 2 : 0
  }
}

/// The gradient of a Fourier transform with respect to its input: the transposed transform of the seed.
///
/// - Operands: `seed`.
struct FourierAdjoint: InternalOperator {
  static let signature = OperatorSignature("DFT", domain: "adjoint", operands: 1...1, gradient: .undefined)
  private let map: FourierMap

  init(of map: FourierMap) { self.map = map.transposed }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, map.output)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.set(0, .tensor(map.apply(to: operands[0])))
  }
}
