import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusScoring
import Foundation
import Testing

@Suite struct FilmTests {
  /// Hands take longer to make than small pictures of them.
  private final class Cache {
    struct Key: Hashable {
      let number: Int
      let side: Laterality
      let grades: SvdHGrades
    }
    var hands: [Key: Hand] = [:]
  }
  private let cache = Cache()

  private func hand(_ number: Int, _ side: Laterality, _ grades: SvdHGrades) -> Hand {
    let key = Cache.Key(number: number, side: side, grades: grades)
    if let hand = cache.hands[key] { return hand }
    let person = Person(seed: 11, patient: number)
    let hand = Hand(of: person, side: side, grades: grades, hasSclerosis: false, seed: 11, patient: number)
    cache.hands[key] = hand
    return hand
  }

  private func image(
    _ number: Int = 0, hands: PhantomOptions.Hands = .both, width: Int = 128, height: Int = 128, nuisances: Set<Nuisance> = Set(Nuisance.allCases),
    bitDepth: Int = 16, isInverted: Bool = false, habit: PhantomOptions.MarkerHabit = .independent, score: Int = 0, grades: SvdHGrades = SvdHGrades()
  ) -> PhantomImage {
    let options = PhantomOptions(
      seed: 11, hands: hands, size: PixelSize(width: width, height: height), bitDepth: bitDepth, isInverted: isInverted, nuisances: nuisances,
      markerHabit: habit)
    let sides: [Laterality] = hands == .both ? [.left, .right] : hands == .left ? [.left] : [.right]
    return PhantomImage(of: sides.map { hand(number, $0, grades) }, score: score, number: number, options: options)
  }

  private func region(_ image: PhantomImage, _ kind: PhantomRegion.Kind, _ id: String, _ side: Laterality? = nil) -> Region? {
    image.regions.first { $0.kind == kind && $0.region.id == id && (side == nil || $0.region.laterality == side) }?.region
  }

  /// The first images that show a nuisance: whether one does is its stream's first number.
  private func numbers(showing nuisance: Nuisance, _ chance: Double, count: Int) -> [Int] {
    Array((0...).lazy.filter { number in
      var stream = RandomStream(seed: 11, index: number, "film.\(nuisance.rawValue)")
      return stream.chance(chance)
    }.prefix(count))
  }

  private func changed(_ one: PhantomImage, _ other: PhantomImage) -> [Int] { one.samples.indices.filter { one.samples[$0] != other.samples[$0] } }

  @Test(arguments: [(Nuisance.marker, 0.85, 3), (.border, 0.5, 4), (.ring, 0.08, 2), (.text, 0.25, 1), (.cast, 0.03, 1)])
  func aNuisanceChangesThePixelsOfItsMaskAndNoOther(nuisance: Nuisance, chance: Double, count: Int) throws {
    for number in numbers(showing: nuisance, chance, count: count) {
      for hands in [PhantomOptions.Hands.both, .left] {
        // Without the others, which may hide it.
        let with = image(number, hands: hands, nuisances: [nuisance, .exposure, .window])
        let without = image(number, hands: hands, nuisances: [.exposure, .window])
        #expect(region(without, .nuisance, nuisance.rawValue) == nil)
        #expect(!without.settings.nuisances.contains(nuisance))
        guard let mask = region(with, .nuisance, nuisance.rawValue)?.mask else {
          // The stripes of a border may all lie outside, a ring on the other hand does not.
          #expect(nuisance == .border)
          continue
        }
        #expect(with.settings.nuisances.contains(nuisance))
        let pixels = changed(with, without)
        #expect(pixels.allSatisfy { mask.contains(x: $0 % 128, y: $0 / 128) })
        #expect(Double(pixels.count) > 0.93 * Double(mask.count))
        #expect(with.settings.pixelsPerMillimetre == without.settings.pixelsPerMillimetre)
      }
    }
  }

  @Test func oneNuisanceDoesNotMoveAnother() throws {
    let number = try #require(numbers(showing: .marker, 0.85, count: 30).first { numbers(showing: .text, 0.25, count: 20).contains($0) })
    let all = image(number)
    let fewer = image(number, nuisances: [.marker, .text])
    #expect(region(all, .nuisance, "marker") == region(fewer, .nuisance, "marker"))
    #expect(region(all, .nuisance, "text") == region(fewer, .nuisance, "text"))
    #expect(all.settings.markers == fewer.settings.markers && all.settings.text == fewer.settings.text && !all.settings.text.isEmpty)
    #expect(all.samples != fewer.samples)
  }

  @Test(arguments: ["L:MCP3.erosion", "L:PIP5.narrowing", "R:RADIUS.erosion", "R:CMC4.narrowing", "L:SC.narrowing", "R:IP1.erosion"])
  func aGradeChangesThePixelsNearItsPlaceAndNoOther(name: String) throws {
    let item = try #require(SvdHItem(name))
    var grades = SvdHGrades()
    let healthy = image(3, nuisances: [.exposure, .window, .marker])
    grades[item] = item.damage.maximum
    let damaged = image(3, nuisances: [.exposure, .window, .marker], grades: grades)
    let site = try #require(region(healthy, .site, item.site.regionID, item.side))
    #expect(healthy.regions == damaged.regions)
    let bounds = try #require(site.mask.bounds)
    let reach = 25 * healthy.settings.pixelsPerMillimetre
    let pixels = changed(healthy, damaged)
    #expect(!pixels.isEmpty)
    for pixel in pixels {
      let x = Double(pixel % 128) + 0.5, y = Double(pixel / 128) + 0.5
      let dx = max(0, max(bounds.minX - x, x - bounds.maxX)), dy = max(0, max(bounds.minY - y, y - bounds.maxY))
      #expect(hypot(dx, dy) <= reach)
    }
    // Something to see, not rounding alone.
    let largest = pixels.map { abs(Int(healthy.samples[$0]) - Int(damaged.samples[$0])) }.max() ?? 0
    #expect(largest > 1500)
  }

  @Test func everyHandsDepthAndInversionIsValid() {
    for hands in PhantomOptions.Hands.allCases {
      for bitDepth in [8, 11, 12, 16] {
        let plain = image(1, hands: hands, width: 72, height: 64, bitDepth: bitDepth)
        let inverted = image(1, hands: hands, width: 72, height: 64, bitDepth: bitDepth, isInverted: true)
        let highest = UInt16((1 << bitDepth) - 1)
        #expect(plain.samples.count == 72 * 64 && plain.bitDepth == bitDepth)
        #expect(plain.samples.allSatisfy { $0 <= highest })
        #expect(zip(plain.samples, inverted.samples).allSatisfy { $0 + $1 == highest })
        #expect(plain.regions == inverted.regions)
      }
    }
  }

  @Test(arguments: [(1, 1), (64, 64), (2, 300), (300, 2), (400, 100), (100, 400)])
  func anySizeHasItsPicture(width: Int, height: Int) {
    for hands in PhantomOptions.Hands.allCases {
      let image = image(2, hands: hands, width: width, height: height)
      #expect(image.samples.count == width * height)
      #expect(image.regions.allSatisfy { $0.region.mask.size == image.size && !$0.region.mask.isEmpty })
      if min(width, height) >= 64 {
        // All places that are scored lie in the frame.
        #expect(image.regions.count { $0.kind == .site } == (hands == .both ? 44 : 22))
      }
    }
  }

  @Test func thePictureIsTheSameAtAnotherSize() throws {
    let small = image(4, width: 160, height: 160), large = image(4, width: 480, height: 480)
    #expect(abs(large.settings.pixelsPerMillimetre / small.settings.pixelsPerMillimetre - 3) < 1e-9)
    var sums = [Double](repeating: 0, count: 5)
    for y in 0..<160 {
      for x in 0..<160 {
        var a = 0.0
        for j in 0..<3 { for i in 0..<3 { a += Double(large.samples[(3 * y + j) * 480 + 3 * x + i]) / 9 } }
        let b = Double(small.samples[y * 160 + x])
        for (k, value) in [a, b, a * a, b * b, a * b].enumerated() { sums[k] += value }
      }
    }
    let n = 160.0 * 160
    let covariance: Double = sums[4] - sums[0] * sums[1] / n
    let first: Double = sums[2] - sums[0] * sums[0] / n, second: Double = sums[3] - sums[1] * sums[1] / n
    let correlation = covariance / (first * second).squareRoot()
    #expect(correlation > 0.99)
    for side in [Laterality.left, .right] {
      let one = try #require(region(small, .hand, "hand", side)), other = try #require(region(large, .hand, "hand", side))
      #expect(abs(Double(other.mask.count) / Double(one.mask.count) / 9 - 1) < 0.02)
    }
  }

  @Test func thumbsPointToTheMiddleAndForearmsLeaveThroughTheLowerEdge() throws {
    for number in 0..<3 {
      let image = image(number, nuisances: [])
      func middle(_ id: String, _ side: Laterality) throws -> Double {
        let bounds = try #require(region(image, .site, id, side)?.mask.bounds)
        return (bounds.minX + bounds.maxX) / 2
      }
      #expect(try middle("mcp5", .left) < middle("mcp1", .left))
      #expect(try middle("mcp1", .left) < middle("mcp1", .right))
      #expect(try middle("mcp1", .right) < middle("mcp5", .right))
      for side in [Laterality.left, .right] {
        let hand = try #require(region(image, .hand, "hand", side)?.mask.bounds)
        #expect(hand.maxY == 128 && hand.minY > 0 && hand.minX > 0 && hand.maxX < 128)
      }
    }
  }

  @Test func backgroundIsWhatIsInNoHandAndBehindNoNuisance() throws {
    let image = image(numbers(showing: .border, 0.5, count: 1)[0])
    let background = try #require(region(image, .background, "background")).mask
    let rest = Mask.union(of: image.regions.filter { $0.kind == .hand || $0.kind == .nuisance }.map(\.region.mask), size: image.size)
    #expect(background.intersectionCount(rest) == 0)
    #expect(background.count + rest.count == image.size.count)
  }

  @Test func markersThatFollowTheScoreTellIt() throws {
    // An image that would have none of its own.
    let number = try #require((0...).first { !numbers(showing: .marker, 0.85, count: 40).contains($0) })
    #expect(image(number, nuisances: [.marker]).settings.markers.isEmpty)
    var last = (height: 0.0, light: 0.0)
    let bare = image(number, nuisances: [])
    for (score, style) in [(0, PhantomSettings.Marker.Style.plain), (19, .plain), (20, .circled), (69, .circled), (70, .plate), (140, .plate), (280, .plate)] {
      let image = image(number, nuisances: [.marker], habit: .followsScore, score: score)
      #expect(image.settings.markers.map(\.style) == [style, style])
      #expect(image.settings.markers.map(\.letter) == ["L", "R"])
      var light = 0.0
      for pixel in changed(image, bare) { light += Double(image.samples[pixel]) - Double(bare.samples[pixel]) }
      #expect(image.settings.markers[0].height > last.height)
      // The circle that a plate takes the place of holds more lead.
      #expect(light > last.light || score == 70)
      last = (image.settings.markers[0].height, light)
    }
  }

  @Test func markersThatAreIndependentDoNotLookAtTheScore() {
    let number = numbers(showing: .marker, 0.85, count: 1)[0]
    #expect(image(number, score: 0).samples == image(number, score: 200).samples)
  }
}
