/// How a radiograph becomes the input of a network.
public struct Preprocessing: Sendable, Hashable {
  public enum Fit: String, Sendable, Hashable, CaseIterable {
    /// As large as fits with the sides in proportion, in the middle, the rest filled with the padding value.
    case letterbox
    /// Both sides brought to the network's size.
    case stretch
    /// As small as covers the network's size with the sides in proportion; what stands out on both sides is cut off.
    case crop
  }

  /// Width and height of the network's input.
  public let size: PixelSize
  /// 1, or 3 with the same grey in each.
  public let channels: Int
  public let fit: Fit
  public let filter: ResamplingFilter
  /// Grey beside a letterboxed radiograph, 0…1 as before normalisation.
  public let padding: Float
  public let greyRange: GreyRange
  /// Whether black and white change places, 0…1 as before normalisation.
  public let isInverted: Bool
  /// Whether left and right change places, before anything is resampled.
  public private(set) var isMirrored: Bool
  /// Subtracted from the grey value 0…1, one for each channel.
  public let mean: [Float]
  /// Divides what is left, one for each channel.
  public let standardDeviation: [Float]

  /// - Parameters:
  ///   - mean: one number for each channel; 0 without it.
  ///   - standardDeviation: one number for each channel; 1 without it.
  /// - Throws: `PreprocessingError` for numbers that cannot be meant.
  public init(
    size: PixelSize, channels: Int, fit: Fit = .letterbox, filter: ResamplingFilter = .bilinearAntialias,
    padding: Float = 0, greyRange: GreyRange = .fullRange, isInverted: Bool = false, isMirrored: Bool = false, mean: [Float]? = nil,
    standardDeviation: [Float]? = nil
  ) throws(PreprocessingError) {
    guard (1...Self.maximumSide).contains(size.width), (1...Self.maximumSide).contains(size.height) else {
      throw .size(size)
    }
    guard channels == 1 || channels == 3 else { throw .channels(channels) }
    guard (0...1).contains(padding) else { throw .padding(padding) }
    if case .percentile(let lower, let upper) = greyRange {
      guard 0 <= lower, lower < upper, upper <= 100 else { throw .percentiles(lower: lower, upper: upper) }
    }
    let mean = mean ?? [Float](repeating: 0, count: channels)
    let deviation = standardDeviation ?? [Float](repeating: 1, count: channels)
    guard mean.count == channels, mean.allSatisfy(\.isFinite) else { throw .mean(mean, channels: channels) }
    guard deviation.count == channels, deviation.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw .standardDeviation(deviation, channels: channels)
    }
    self.size = size
    self.channels = channels
    self.fit = fit
    self.filter = filter
    self.padding = padding
    self.greyRange = greyRange
    self.isInverted = isInverted
    self.isMirrored = isMirrored
    self.mean = mean
    self.standardDeviation = deviation
  }

  /// The same with left and right in each other's place.
  public var mirrored: Preprocessing {
    var other = self
    other.isMirrored.toggle()
    return other
  }

  /// The longest side of a network's input.
  public static let maximumSide = 4096
}

/// Why a radiograph cannot be made the input of a network.
public enum PreprocessingError: Error, Hashable, CustomStringConvertible {
  case size(PixelSize)
  case channels(Int)
  case padding(Float)
  case percentiles(lower: Double, upper: Double)
  case mean([Float], channels: Int)
  case standardDeviation([Float], channels: Int)
  case noContrast(grey: Double, lower: Double, upper: Double)
  case tooLong(PixelSize, resampled: PixelSize)

  public var description: String {
    switch self {
    case .size(let size):
      "An input of \(size) pixels is not possible; each side has 1 to \(Preprocessing.maximumSide)."
    case .channels(let count): "An input of \(count) channels is not possible; a radiograph gives 1 or 3."
    case .padding(let value): "The padding value \(value) is not a grey from 0 (black) to 1 (white)."
    case .percentiles(let lower, let upper):
      "The percentiles \(lower) and \(upper) make no range; they rise and lie in 0…100."
    case .mean(let values, let channels): "The mean \(values) is not one finite number for each of \(channels) channels."
    case .standardDeviation(let values, let channels):
      "The standard deviation \(values) is not one positive number for each of \(channels) channels."
    case .noContrast(let grey, let lower, let upper):
      "The radiograph has the same grey \(grey) at the percentiles \(lower) and \(upper); there is nothing to spread."
    case .tooLong(let size, let resampled):
      "A radiograph of \(size) pixels would be \(resampled) before it is cropped, which is too large; letterbox or stretch it."
    }
  }
}
