import Foundation

/// An output of a network and what it means.
public struct CardOutput: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case score(Points)
    case classes(ClassOutput)
  }

  public let name: String
  public let kind: Kind

  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// How a raw output becomes points: `factor · raw + offset`.
public struct Points: Hashable, Sendable {
  /// What one point is, e.g. `SvdH points`.
  public let unit: String
  /// The lowest and the highest score that there can be.
  public let scale: ClosedRange<Double>
  public let factor: Double
  public let offset: Double
  /// Whether scores outside the scale are put to its ends.
  public let clamps: Bool
  /// How scores are put into classes, where they are.
  public let severity: SeverityScale?

  /// Of all points: both hands and wrists by Sharp and van der Heijde.
  public static let svdH = 0.0...280.0

  /// - Parameter severity: the ten classes without it, if the scale is that of both hands.
  public init(
    unit: String = "SvdH points", scale: ClosedRange<Double> = svdH, factor: Double = 1, offset: Double = 0, clamps: Bool = false,
    severity: SeverityScale? = nil
  ) {
    self.unit = unit
    self.scale = scale
    self.factor = factor
    self.offset = offset
    self.clamps = clamps
    self.severity = severity ?? (scale == Self.svdH ? .tenClasses : nil)
  }

  /// The points of a raw output, clamped if the card says so.
  public func points(of raw: Double) -> Double {
    let points = factor * raw + offset
    return clamps ? min(max(points, scale.lowerBound), scale.upperBound) : points
  }
}

/// What an output of several elements, one for each class, means.
public struct ClassOutput: Hashable, Sendable {
  /// What is done with the elements to get probabilities. It changes no class.
  public enum Activation: String, Hashable, Sendable, CaseIterable {
    /// They are probabilities.
    case none
    /// `exp(xᵢ) ÷ Σ exp(xⱼ)`.
    case softmax
    /// `1 ÷ (1 + exp(−xᵢ))`, each for itself.
    case sigmoid
  }

  public enum Names: Hashable, Sendable {
    case severity(SeverityScale)
    case names([String])
  }

  public let activation: Activation
  public let names: Names

  public init(activation: Activation, names: Names) {
    self.activation = activation
    self.names = names
  }

  public var count: Int {
    switch names {
    case .severity(let scale): scale.count
    case .names(let names): names.count
    }
  }

  public func name(of index: Int) -> String {
    switch names {
    case .severity(let scale): scale.name(of: index)
    case .names(let names): names[index]
    }
  }

  /// The probabilities of the classes from the output's elements.
  public func probabilities(of elements: [Double]) -> [Double] {
    switch activation {
    case .none: return elements
    case .softmax:
      let largest = elements.max() ?? 0
      let powers = elements.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    case .sigmoid: return elements.map { 1 / (1 + exp(-$0)) }
    }
  }

  /// The highest element; of several the first.
  public func index(of elements: [Double]) -> Int {
    var best = 0
    for (index, element) in elements.enumerated() where element > elements[best] { best = index }
    return best
  }
}
