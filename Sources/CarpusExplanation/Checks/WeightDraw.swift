public import CarpusGraphs
import CarpusTensors

/// How a network is made to forget what it has learned.
public enum WeightDraw: Sendable, CaseIterable {
  /// The numbers of each weight in another order: mean, deviation and every other moment stay.
  case permuted
  /// Normal numbers with the weight's own mean and standard deviation.
  case normal
}

extension Graph {
  /// The same network with the weights of the last layers before a target drawn again: the test of Adebayo et al. (Sanity checks for saliency maps, NeurIPS 2018).
  /// A map that shows what the network has learned cannot stay as it was.
  ///
  /// - Parameters:
  ///   - layers: how many layers of `layerWeights(before:)`, counted from the output.
  ///   - stream: random numbers for a weight's name: the draws of one weight do not depend on how many others are drawn.
  public func forgetting<Random: RandomNumberGenerator>(
    layers: Int, before target: Value, by draw: WeightDraw = .permuted, stream: (String) -> Random
  ) -> Graph {
    var constants: [Value: Tensor] = [:]
    for weight in layerWeights(before: target).prefix(layers).joined() {
      guard let old = constant(weight.value) else { continue }
      var random = stream(weight.name)
      constants[weight.value] = Tensor(draw.drawn(from: old.doubles, &random), shape: old.shape).converted(to: old.elementType)
    }
    return replacing(constants)
  }
}

extension WeightDraw {
  func drawn(from values: [Double], _ random: inout some RandomNumberGenerator) -> [Double] {
    switch self {
    case .permuted:
      var values = values
      for index in stride(from: values.count - 1, to: 0, by: -1) {
        values.swapAt(index, Int(random.next(upperBound: UInt64(index + 1))))
      }
      return values
    case .normal:
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
      return values.map { _ in
        // The sum of twelve uniform numbers less 6 is near to normal, and the same on all systems.
        mean + deviation * (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
      }
    }
  }
}
