public import ArgumentParser
public import CarpusAnatomy
public import CarpusImaging
import CarpusKit
import CarpusReporting

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains the score of one radiograph: a raw map in points, and how many points lie in each region.",
    discussion: """
      How a radiograph becomes the network's input and what its output means stands in its model card, MODEL.card.json (see \
      Docs/Model-cards.md), which also says what is explained unless --target and --layer do. Of an ensemble the map is that of its members, \
      each weighted as its score is, and map.NAME.npy is each member's own.

      Writes explanation.json, map.npy (raw, signed, on the layer's own grid) and, for an image, overlay.png, report.html and figures/ (SVG and PNG, for papers).

      Given more than once, --method and --layer make more maps of the same score, shown beside the first. --occlusion covers every scored joint and \
      every marker in its turn and scores again; --checks makes the map again without a gradient, and of the radiograph moved a little.

      Regions: a file in any format that `carpus regions` reads (see Docs/Regions.md), or find: hand, background, border and bright objects, found in \
      the radiograph itself.
      """)

  @Argument(help: "The ONNX file, or an ensemble file (.json).")
  var model: String

  @Option(help: "A radiograph (PNG).")
  var image: String?

  @Option(help: "Instead of a radiograph the network's input as it stands, also a batch (npy).")
  var tensor: String?

  @Option(help: ArgumentHelp("Regions of the radiograph.", valueName: "FILE|find"))
  var regions: String?

  @Option(help: ArgumentHelp("Which of the regions are measured: all, sites (those that Sharp and van der Heijde score), or ids with commas between.", valueName: "all|sites|ID,ID"))
  var only = RegionSelection.all

  @Option(help: "Radius of the disc around a keypoint, in pixels of the radiograph.")
  var keypointRadius: Double?

  @Option(help: "How the map is made: \(Explanation.methods.joined(separator: ", ")). (default: \(Explanation.methods[0]))")
  var method: [String] = []

  @Option(help: ArgumentHelp("What is explained. Without it what the card says, or the first output; of several classes the highest.", valueName: "OUTPUT[:INDEX]"))
  var target: String?

  @Option(help: ArgumentHelp("Where it is explained: auto is what the card says, or the last feature map that the target depends on. (default: auto)", valueName: "auto|TENSOR"))
  var layer: [String] = []

  @Flag(help: "Cover each scored place, and each marker or other object, and score again.")
  var occlusion = false

  @Flag(help: "Test the map: against one made without a gradient, and on the radiograph moved a little and exposed otherwise.")
  var checks = false

  @Option(help: ArgumentHelp("Places drawn at random within the hand, for each region's chance level; 0 for none.", valueName: "N"))
  var draws = 200

  @Option(help: "Of the places that are drawn.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The readers' score of this radiograph, or a table with columns image and total.", valueName: "POINTS|SCORES.csv"))
  var reference: String?

  @Option(help: "When the report is made, printed as it stands; without it there is no time on it, and the same inputs give the same bytes.")
  var time: String?

  @Option(help: "The folder to write into; it is made.")
  var output: String

  @OptionGroup(title: "What the model means") var modelOptions: ModelOptions
  @OptionGroup(title: "Preparing the radiograph, without a card") var preparation: PreparationOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard (image == nil) != (tensor == nil) else { throw ValidationError("give either --image or --tensor") }
    guard only == .all || regions != nil else { throw ValidationError("--only needs --regions") }
    guard (0...10_000).contains(draws) else { throw ValidationError("--draws is 0…10000") }
    guard tensor == nil || (method.count < 2 && layer.count < 2 && !occlusion && reference == nil) else {
      throw ValidationError("--occlusion, --reference, and more than one --method or --layer need --image")
    }
    guard regions == nil || image != nil else { throw ValidationError("--regions needs --image: they are drawn on a radiograph") }
  }

  func run() throws {
    let use = try modelOptions.use(preparation)
    let folder = try OutputFolder(output)
    let subject: ExplanationRequest.Subject = if let image { .image(path: image, regions: regions) } else { .tensor(path: tensor ?? "") }
    let layers = layer.map { $0 == "auto" ? nil : $0 }
    var detail = ExplanationDetail()
    detail.otherMethods = Array(method.dropFirst())
    detail.otherLayers = layers.dropFirst().compactMap(\.self)
    (detail.covers, detail.checks, detail.draws, detail.seed, detail.time) = (occlusion, checks, image == nil ? 0 : draws, seed, time)
    detail.reference = try reference.map { try Explanation.reference($0, image: image ?? "") }
    let request = ExplanationRequest(
      subject: subject, target: target, layer: layers.first ?? nil, method: method.first ?? Explanation.methods[0], use: use,
      keypointRadius: keypointRadius, selection: only, threads: compute.threads, commandLine: CommandLineText.withoutPaths(), detail: detail)
    let report = try Explanation.report(ofModelAt: model, request)
    try Explanation.write(report, to: folder)
    if !compute.quiet { report.warnings.forEach(Console.warning) }
    Explanation.summary(of: report).forEach(Console.print)
  }
}

/// How a radiograph becomes the network's input. A report prints all of it.
struct PreparationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Size of the network's input, where it leaves it open.", valueName: "HEIGHTxWIDTH"))
  var size: String?

  @Option(help: "letterbox and crop keep the proportions, stretch does not. (default: letterbox)")
  var fit: Preprocessing.Fit?

  @Option(help: "How pixels are resampled. (default: bilinear-antialias)")
  var filter: ResamplingFilter?

  @Option(help: "Grey beside a letterboxed radiograph, 0…1. (default: 0)")
  var padding: Float?

  @Option(help: ArgumentHelp("Which grey values become 0 and 1: full-range, or percentile:LOW,HIGH. (default: full-range)", valueName: "range"))
  var range: String?

  @Option(help: ArgumentHelp("Subtracted from the grey 0…1: a number, or one for each channel. (default: as torchvision for three channels, 0 for one)", valueName: "M,M,M"))
  var mean: String?

  @Option(name: .customLong("std"), help: ArgumentHelp("Divides what is left. (default: as torchvision for three channels, 1 for one)", valueName: "S,S,S"))
  var standardDeviation: String?

  @Flag(help: "Black and white change places first.")
  var invert = false

  func choice() throws -> PreprocessingChoice {
    var choice = PreprocessingChoice()
    choice.fit = fit
    choice.isInverted = invert ? true : nil
    choice.filter = filter
    choice.padding = padding
    choice.mean = try mean.map { try numbers($0, "--mean") }
    choice.standardDeviation = try standardDeviation.map { try numbers($0, "--std") }
    if let size {
      let parts = size.lowercased().split(separator: "x").map { Int($0) }
      guard parts.count == 2, let height = parts[0], let width = parts[1] else {
        throw ValidationError("--size is HEIGHTxWIDTH, e.g. 512x384, not '\(size)'")
      }
      choice.size = PixelSize(width: width, height: height)
    }
    if let range {
      if range == "full-range" {
        choice.greyRange = .fullRange
      } else {
        let parts = range.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "percentile" else {
          throw ValidationError("--range is full-range or percentile:LOW,HIGH, e.g. percentile:0.5,99.5, not '\(range)'")
        }
        let limits = try numbers(String(parts[1]), "--range percentile")
        guard limits.count == 2 else { throw ValidationError("--range percentile takes two numbers, e.g. percentile:0.5,99.5") }
        choice.greyRange = .percentile(Double(limits[0]), Double(limits[1]))
      }
    }
    return choice
  }

  private func numbers(_ text: String, _ option: String) throws -> [Float] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Float(part), number.isFinite else { throw ValidationError("\(option) takes numbers with commas between, not '\(text)'") }
      return number
    }
  }
}

extension Preprocessing.Fit: ExpressibleByArgument {}
extension ResamplingFilter: ExpressibleByArgument {}

extension RegionSelection: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
