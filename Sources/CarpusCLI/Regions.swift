public import ArgumentParser
public import CarpusAnatomy
import CarpusKit

struct Regions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists, draws, converts and finds the regions of radiographs.",
    discussion: """
      Regions are masks with names: joints, bones, the hand, markers. Read and written are COCO (also RAM-H1200 and RAM-W600 as they are published), \
      label maps and masks in PNG with a sidecar, CheXlocalize, LabelMe, Pascal VOC, YOLO and tables of boxes. The format is told from the \
      content. See Docs/Regions.md.
      """,
    subcommands: [List.self, Draw.self, Convert.self, Find.self])
}

/// How regions become masks.
struct RegionReadingOptions: ParsableArguments {
  @Option(help: "Radius of the disc around a keypoint, in pixels of the radiograph. (default: 4.5 % of the diagonal of the hand's points)")
  var keypointRadius: Double?

  @Flag(help: "Bones are dark on a bright ground; finding must know.")
  var invert = false

  @Flag(name: .shortAndLong, help: "No warnings on stderr.")
  var quiet = false

  func job(_ regions: String, images: [String]) throws -> RegionJob {
    try RegionJob(regions, images: images, keypointRadius: keypointRadius, isInverted: invert)
  }

  func warn(_ warnings: [String]) { if !quiet { warnings.forEach(Console.warning) } }
}

extension Regions {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says what is in a file of regions: ids, names, what they count for, pixels, and what was not understood.")

    @Argument(help: "The file of regions, or find.")
    var regions: String

    @Option(help: "The radiograph (PNG), or its name in the file. Without it all that the file knows.")
    var image: String?

    @OptionGroup var reading: RegionReadingOptions

    func run() throws {
      let listing = try RegionListing.lines(of: try reading.job(regions, images: image.map { [$0] } ?? []))
      reading.warn(listing.warnings)
      listing.lines.forEach(Console.print)
    }
  }

  struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draws regions on their radiograph, to see what was understood.",
      discussion: """
        Colours: yellow what is scored, orange other joints, blue bones, vermilion lesions, green zones such as the hand, violet what may mislead, \
        grey what the vocabulary does not know.
        """)

    @Argument(help: "The file of regions, or find.")
    var regions: String

    @Option(help: "The radiograph (PNG).")
    var image: String

    @Option(help: ArgumentHelp("The picture to write.", valueName: "FILE.png"))
    var output: String

    @OptionGroup var reading: RegionReadingOptions

    func run() throws {
      let drawing = try RegionDrawing.write(try reading.job(regions, images: [image]), to: output)
      reading.warn(drawing.warnings)
      Console.print("\(drawing.regions) region\(drawing.regions == 1 ? "" : "s") in \(output)")
    }
  }

  struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes regions in another format.",
      discussion: """
        Without --to the output's name tells the format: .png a label map, .csv boxes, .xml Pascal VOC, .txt YOLO, else COCO. A folder (it ends in a \
        slash) gets a file for each radiograph. A label map cannot hold regions that share pixels; boxes, yolo and pascal-voc keep bounding boxes only.
        """)

    @Argument(help: "The file of regions.")
    var regions: String

    @Option(help: "The radiograph (PNG), or its name in the file. Without it all that the file knows; some formats do not say the radiograph's size and need it.")
    var image: String?

    @Option(help: ArgumentHelp("The format to write.", valueName: "format"))
    var to: RegionFormat?

    @Option(help: ArgumentHelp("The file to write, or a folder.", valueName: "FILE|FOLDER/"))
    var output: String

    @OptionGroup var reading: RegionReadingOptions

    func run() throws {
      let outcome = try RegionWriting.write(try reading.job(regions, images: image.map { [$0] } ?? []), to: output, format: to)
      reading.warn(outcome.warnings)
      Console.print(RegionWords.sentence(outcome))
    }
  }

  struct Find: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Finds hand, background, border and bright objects in radiographs, without any mask.",
      discussion: """
        hand: both hands together, forearm included. border: straight bands at the edges (collimation, frames, padding). bright: markers and other \
        bright objects beside the hand. background: the rest. They share no pixel. Where nothing stands out the command says so and writes nothing.

        explain --regions find does the same on the way.
        """)

    @Argument(help: "Radiographs (PNG).")
    var images: [String]

    @Option(help: ArgumentHelp("The format to write.", valueName: "format"))
    var to: RegionFormat?

    @Option(help: ArgumentHelp("The file to write, or a folder; as in convert.", valueName: "FILE|FOLDER/"))
    var output: String

    @Flag(help: "Bones are dark on a bright ground.")
    var invert = false

    @Flag(name: .shortAndLong, help: "No warnings on stderr.")
    var quiet = false

    func run() throws {
      let outcome = try RegionWriting.write(try RegionJob(RegionJob.finding, images: images, isInverted: invert), to: output, format: to)
      if !quiet { outcome.warnings.forEach(Console.warning) }
      Console.print(RegionWords.sentence(outcome))
    }
  }
}

private enum RegionWords {
  static func sentence(_ outcome: RegionWriting.Outcome) -> String {
    let files = outcome.files.count > 3 ? [outcome.files[0], "\(outcome.files.count - 1) files beside it"] : outcome.files
    return "\(outcome.regions) region\(outcome.regions == 1 ? "" : "s") of \(outcome.images) radiograph\(outcome.images == 1 ? "" : "s") in \(files.joined(separator: ", "))"
  }
}

extension RegionFormat: ExpressibleByArgument {}
