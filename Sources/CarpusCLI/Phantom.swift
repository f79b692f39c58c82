public import ArgumentParser
import CarpusKit
public import CarpusPhantom
import Foundation

struct Phantom: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws synthetic hand radiographs with known scores and exact regions, for tests and teaching.",
    discussion: """
      Writes images/NNNNNN.png, regions.coco.json, scores.csv, settings.csv and, last of all, study.json. The same options and seed give the same files; \
      files of an earlier run are replaced.

      Nuisances: marker, border, ring, text, cast, exposure, window, sclerosis. One that is left out changes nothing else of the same seed.

      Sites for --set: IP1, PIP2-5, MCP1-5, CMC1, trapezium, scaphoid, lunate, radius, ulna (erosion 0-5); PIP2-5, MCP1-5, CMC3-5, STT, SC, SR (narrowing 0-4).
      The grades of the other sites, and everything else of the same seed, stay as they are.

      For research: these are drawings, not patients.
      """)

  @Option(help: "How many images: one for each patient.")
  var count: Int

  @Option(help: "Number of the first patient and image.")
  var first = 1

  @Option(help: "Names the cohort: the same seed gives the same patients.")
  var seed: UInt64 = 1

  @Option(help: "The folder to write into; it is made.")
  var output: String

  @Option(help: "Which hands are in a picture. The total counts these.")
  var hands = PhantomOptions.Hands.both

  @Option(help: ArgumentHelp("Pixels of an image.", valueName: "WIDTHxHEIGHT"))
  var size = "1024x1024"

  @Option(help: "Bits of a grey value, 8 to 16.")
  var bits = 16

  @Flag(help: "Bones dark on a bright ground.")
  var inverted = false

  @Option(help: ArgumentHelp("What may be in a picture beside the disease: names with commas between.", valueName: "all|none|LIST"))
  var nuisances = "all"

  @Option(help: "follows-score: the style of the side marker tells how severe the disease is, a shortcut for networks that an audit should find.")
  var markerHabit = PhantomOptions.MarkerHabit.independent

  @Option(name: .customLong("set"), parsing: .upToNextOption, help: ArgumentHelp("Fixes a grade for every patient, e.g. L:MCP2.erosion=3.", valueName: "SIDE:SITE.KIND=GRADE"))
  var grades: [String] = []

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let options = PhantomOptions(
      seed: seed, hands: hands, size: try PhantomArguments.size(size), bitDepth: bits, isInverted: inverted,
      nuisances: try PhantomArguments.nuisances(nuisances), markerHabit: markerHabit, grades: try PhantomArguments.grades(grades))
    let cohort = try PhantomCohort(count: count, first: first, options: options)
    let folder = try OutputFolder(output)
    Interruption.watch()
    var tenths = 0
    let warnings = try cohort.write(to: folder, threads: compute.threads, isStopped: { Interruption.signal != nil }) { done in
      guard !compute.quiet, 10 * done / count > tenths else { return }
      tenths = 10 * done / count
      Console.progress("\(done) of \(count) images")
    }
    guard let warnings else { throw ExitCode(128 + (Interruption.signal ?? SIGINT)) }
    if !compute.quiet { warnings.forEach(Console.warning) }
    Console.print("\(count) images with regions and scores")
  }
}

extension PhantomOptions.Hands: ExpressibleByArgument {}
extension PhantomOptions.MarkerHabit: ExpressibleByArgument {}
