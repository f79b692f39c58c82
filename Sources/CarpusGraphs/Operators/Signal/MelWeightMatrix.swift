import CarpusTensors
import Foundation

/// The weights of triangular filters that are equally wide on the mel scale, `mel(f) = 2595 log₁₀(1 + f / 700)`: a spectrogram times this matrix is a mel
/// spectrogram. Each filter rises from 0 to 1 and falls to 0 between three neighbouring edges, which are rounded down to bins of the spectrum.
///
/// - Operands: the number of filters, the length of the transform and the sample rate, integers; the lowest and the highest frequency in Hz, floating-point.
/// - Result: `[⌊length/2⌋ + 1, filters]` of the type `output_datatype`.
/// - Throws: when a number is not positive where it must be, or a filter lies beyond the spectrum.
public struct MelWeightMatrix: Operator {
  public static let signature = OperatorSignature("MelWeightMatrix", since: 17, operands: 5...5, gradient: .stops)
  private let target: ElementType

  public init(_ node: inout NodeReader) throws(OperatorError) {
    target = try node.elementType("output_datatype") ?? .float32
    guard target.isFloatingPoint || target.isInteger else { throw .attribute("attribute output_datatype must be a numeric type, not \(target)") }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    for index in 3...4 { _ = try operands.floatingTensor(index) }
    let filters = try number(operands, 0, "the number of filters"), length = try number(operands, 1, "the length of the transform")
    _ = try number(operands, 2, "the sample rate")
    return [try Movement.resultType(target, [length.map { $0 / 2 + 1 }, filters])]
  }

  /// `nil` if it comes with the run.
  private func number(_ operands: [OperandInfo], _ index: Int, _ name: String) throws(OperatorError) -> Int? {
    guard case .known(let list) = try operands.integerList(index, or: nil) else {
      _ = try operands.tensor(index)
      return nil
    }
    guard list.count == 1, (1...1 << 40).contains(list[0]) else { throw .operands("\(name) must be one positive number, not \(list)") }
    return list[0]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let shape = results.shape(0)
    guard let length = operands.integers(1)?.first, let rate = operands.integers(2)?.first else { throw .operands("the length must be an integer") }
    guard let low = operands[3].doubles.first, let high = operands[4].doubles.first, low >= 0, high >= low, high.isFinite else {
      throw .operands("the lowest frequency must not be negative, and the highest not below it")
    }
    let bins = shape[0], filters = shape[1]
    let lowest = Self.mel(low), step = (Self.mel(high) - lowest) / Double(filters + 2)
    var edges: [Int] = []
    for index in 0..<filters + 2 {
      let frequency = 700 * (pow(10, (lowest + Double(index) * step) / 2595) - 1)
      let bin = (Double(length + 1) * frequency / Double(rate)).rounded(.down)
      guard bin < Double(bins) || (index > filters && bin == Double(bins)) else {
        throw .operands("a filter at \(frequency) Hz lies beyond a spectrum of \(bins) bins at \(rate) samples in a second")
      }
      edges.append(Int(bin))
    }
    var weights = [Double](repeating: 0, count: shape.count)
    for filter in 0..<filters {
      let (left, center, right) = (edges[filter], edges[filter + 1], edges[filter + 2])
      for bin in left...center { weights[bin * filters + filter] = left == center ? 1 : Double(bin - left) / Double(center - left) }
      for bin in center..<right { weights[bin * filters + filter] = Double(right - bin) / Double(right - center) }
    }
    results.set(0, .tensor(Tensor(weights, shape: shape).converted(to: results.elementType(0))))
  }

  private static func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }

  // MARK: Gradient

  /// The edges of the filters are rounded.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}
