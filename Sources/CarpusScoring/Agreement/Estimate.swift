/// A statistic with its interval; what does not exist is absent, with the reason.
public struct Estimate: Hashable, Sendable {
  /// The statistic of the images at hand.
  public let value: Result<Double, Undefined>
  /// The 95 % interval.
  public let interval: Result<ClosedRange<Double>, Undefined>

  package init(value: Result<Double, Undefined>, interval: Result<ClosedRange<Double>, Undefined>) {
    self.value = value
    self.interval = interval
  }
}

/// Why a statistic, or its interval, does not exist.
public enum Undefined: Error, Hashable, Sendable, CustomStringConvertible {
  case tooFewImages(needed: Int)
  case constantReference
  case constantPrediction
  /// Reference and prediction never leave one and the same value each, or class.
  case nothingVaries
  case notAsked
  case oneUnit(ResamplingUnit)
  /// The statistic does not exist in more than 5 % of the resamples.
  case oftenUndefined(percent: Double)

  public var description: String {
    switch self {
    case .tooFewImages(let needed): "needs at least \(needed) \(needed == 1 ? "image" : "images")"
    case .constantReference: "the reference is the same for all images"
    case .constantPrediction: "the prediction is the same for all images"
    case .nothingVaries: "neither the reference nor the prediction varies"
    case .notAsked: "no resamples were asked for"
    case .oneUnit(let unit): "there is only one \(unit.rawValue) to resample"
    case .oftenUndefined(let percent): "it does not exist in \(percent) % of the resamples"
    }
  }
}

/// What the bootstrap draws.
public enum ResamplingUnit: String, Hashable, Sendable {
  case patient
  /// Where patients are not known: taken as independent, which makes intervals too narrow if several are of one patient.
  case image
}
