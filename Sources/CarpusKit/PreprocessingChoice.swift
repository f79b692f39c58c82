import CarpusGraphs
import CarpusTensors
public import CarpusImaging

/// How a radiograph is to be prepared, as far as the user says; the rest follows from the network's input.
public struct PreprocessingChoice: Sendable, Hashable {
  /// Needed where the network leaves its input's size open.
  public var size: PixelSize?
  public var fit: Preprocessing.Fit?
  public var filter: ResamplingFilter?
  public var padding: Float?
  public var greyRange: GreyRange?
  public var mean: [Float]?
  public var standardDeviation: [Float]?
  /// Whether black and white change places.
  public var isInverted: Bool?

  public init() {}

  /// Mean and standard deviation of the ImageNet training images, with which torchvision's networks are trained.
  static let imageNet: (mean: [Float], standardDeviation: [Float]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

  /// What was not said, for the report: nothing is assumed silently.
  var assumptions: [String] {
    var missing: [String] = []
    if fit == nil { missing.append("letterbox") }
    if filter == nil { missing.append("bilinear with antialiasing") }
    if greyRange == nil { missing.append("the full range of grey values") }
    if mean == nil && standardDeviation == nil { missing.append("the normalisation of torchvision's networks (three channels) or none (one channel)") }
    return missing
  }

  /// The preprocessing for a network's input `[N×C×H×W]`.
  ///
  /// - Throws: `CarpusError` 65 when the input is no image of 1 or 3 channels, 64 when its size is open and none was given.
  func preprocessing(for type: ValueType, of model: String) throws(CarpusError) -> Preprocessing {
    guard case .tensor(let tensor) = type, tensor.shape.rank == 4, tensor.elementType == .float32 else {
      throw CarpusError(.badData, "\(model) takes \(type); a radiograph can be brought to float32 [N×C×H×W] only: use --tensor")
    }
    guard let channels = tensor.shape[1], channels == 1 || channels == 3 else {
      throw CarpusError(.badData, "\(model) takes \(type); a radiograph gives 1 or 3 channels")
    }
    let open = PixelSize(width: tensor.shape[3] ?? 0, height: tensor.shape[2] ?? 0)
    guard let size = open.width > 0 && open.height > 0 ? open : self.size else {
      throw CarpusError(.usage, "\(model) takes images of any size (\(type)): say which with --size HEIGHTxWIDTH")
    }
    guard self.size == nil || self.size == size else {
      throw CarpusError(.usage, "\(model) takes images of \(size.height)×\(size.width) (height × width) only, not what --size says")
    }
    let isColour = channels == 3 && mean == nil && standardDeviation == nil
    do {
      return try Preprocessing(
        size: size, channels: channels, fit: fit ?? .letterbox, filter: filter ?? .bilinearAntialias, padding: padding ?? 0,
        greyRange: greyRange ?? .fullRange, isInverted: isInverted ?? false, mean: isColour ? Self.imageNet.mean : spread(mean, channels),
        standardDeviation: isColour ? Self.imageNet.standardDeviation : spread(standardDeviation, channels))
    } catch { throw CarpusError(.usage, error.description) }
  }

  /// One number for all channels is meant for each.
  private func spread(_ values: [Float]?, _ channels: Int) -> [Float]? {
    values.map { $0.count == 1 ? [Float](repeating: $0[0], count: channels) : $0 }
  }
}
