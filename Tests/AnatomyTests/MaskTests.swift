import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Testing

@Suite struct MaskTests {
  @Test func boxHoldsItsPixelCentres() {
    // Centres 1.5 and 2.5 lie in 1.5 ..< 3.5, centre 3.5 does not; rows 0.5 and 1.5 lie in −4 ..< 1.6.
    let mask = Mask(PixelRectangle(minX: 1.5, minY: -4, maxX: 3.5, maxY: 1.6), size: PixelSize(5, 4))
    #expect(mask.picture == [".##..", ".##..", ".....", "....."])
    #expect(mask.count == 4)
    #expect(mask.bounds == PixelRectangle(minX: 1, minY: 0, maxX: 3, maxY: 2))
    #expect(Mask(PixelRectangle(minX: 1.6, minY: 0, maxX: 2.4, maxY: 9), size: PixelSize(5, 4)).isEmpty)
  }

  @Test func discHoldsItsRim() {
    // Radius 2 around a pixel centre: (±2, 0), (0, ±2), (±1, ±1) and what lies between.
    let mask = Mask(discAt: PixelPoint(x: 2.5, y: 2.5), radius: 2, size: PixelSize(6, 5))
    #expect(mask.picture == ["..#...", ".###..", "#####.", ".###..", "..#..."])
    #expect(Mask(discAt: PixelPoint(x: 0, y: 0), radius: 1, size: PixelSize(3, 3)).picture == ["#..", "...", "..."])
  }

  @Test(arguments: 0..<40) func discIsTheInequality(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let size = PixelSize(.random(in: 5...40, using: &random), .random(in: 5...40, using: &random))
    let centre = PixelPoint(x: .random(in: -5...45, using: &random), y: .random(in: -5...45, using: &random))
    let radius = Double.random(in: 0...20, using: &random)
    let expected = Mask(size) { x, y in
      let (dx, dy) = (Double(x) + 0.5 - centre.x, Double(y) + 0.5 - centre.y)
      return dx * dx + dy * dy <= radius * radius
    }
    #expect(Mask(discAt: centre, radius: radius, size: size) == expected)
  }

  @Test func triangleByHand() {
    // Right angle at the origin, legs of 4: the centre (i + ½, j + ½) is inside where i + j + 1 < 4; on the hypotenuse
    // (i + j + 1 = 4), which is a right edge, it is not.
    let mask = Mask(polygons: [points([0, 0, 4, 0, 0, 4])], size: PixelSize(4, 4))
    #expect(mask.picture == ["###.", "##..", "#...", "...."])
    // The other half of the square takes the hypotenuse.
    let other = Mask(polygons: [points([4, 0, 4, 4, 0, 4])], size: PixelSize(4, 4))
    #expect(other.picture == ["...#", "..##", ".###", "####"])
  }

  @Test func evenOddWithinAPolygonAndUnionBetween() {
    let ring = points([0, 0, 6, 0, 6, 6, 0, 6, 0, 0, 2, 2, 2, 4, 4, 4, 4, 2, 2, 2])
    let size = PixelSize(6, 6)
    #expect(Mask(polygons: [ring], size: size).count == 32)
    #expect(Mask(polygons: [points([0, 0, 4, 0, 4, 4, 0, 4]), points([2, 2, 6, 2, 6, 6, 2, 6])], size: size).count == 28)
  }

  @Test func polygonsAgreeWithRationalArithmetic() throws {
    let cases = try ShapeCase.all()
    #expect(cases.count == 120)
    for shape in cases {
      let mask = shape.mask
      #expect(mask.count == shape.pixels)
      #expect(ColumnRunLength(mask).counts == shape.exact, "\(shape.kind)")
    }
  }

  /// The border between COCO's rasteriser and ours: single pixels along outlines, on small stars less than 4 %.
  @Test func differsFromCOCOAtOutlinesOnly() throws {
    var pixels = 0
    var different = 0
    for shape in try ShapeCase.all() where shape.kind == "star" {
      let ours = shape.mask
      let theirs = try ColumnRunLength(counts: shape.coco, size: shape.size).mask
      let outline = shape.polygons.flatMap { points($0) }
      for y in 0..<shape.height {
        for x in 0..<shape.width where ours.contains(x: x, y: y) != theirs.contains(x: x, y: y) {
          different += 1
          let distance = zip(outline, outline.dropFirst() + outline.prefix(1)).map {
            PixelPoint(x: Double(x) + 0.5, y: Double(y) + 0.5).distance(to: $0, $1)
          }.min()
          #expect(try #require(distance) < 0.2)
        }
      }
      pixels += ours.count
    }
    #expect(different > 0 && different * 25 < pixels)
  }

  @Test(arguments: 0..<30) func trianglesThatShareEdgesPartitionTheirSquare(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let size = PixelSize(30, 20)
    // Integer and half coordinates put pixel centres on edges; the four triangles meet in one point.
    let step = [0.5, 1, 0.1][Int(seed % 3)]
    let middle = PixelPoint(
      x: (Double.random(in: 1...29, using: &random) / step).rounded() * step,
      y: (Double.random(in: 1...19, using: &random) / step).rounded() * step)
    let corners = points([0, 0, 30, 0, 30, 20, 0, 20])
    let triangles = (0..<4).map { Mask(polygons: [[middle, corners[$0], corners[($0 + 1) % 4]]], size: size) }
    #expect(Mask.union(of: triangles, size: size) == Mask(allOf: size))
    #expect(triangles.reduce(0) { $0 + $1.count } == size.count)
  }

  @Test(arguments: 0..<30) func setOperationsAreThoseOfPixels(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let size = PixelSize(.random(in: 1...12, using: &random), .random(in: 1...12, using: &random))
    let bits = (0..<2).map { _ in (0..<size.count).map { _ in Int.random(in: 0..<3, using: &random) == 0 } }
    let masks = bits.map { bits in Mask(size) { bits[$1 * size.width + $0] } }
    let union = Mask(size) { bits[0][$1 * size.width + $0] || bits[1][$1 * size.width + $0] }
    #expect(masks[0].union(masks[1]) == union)
    #expect(masks[1].union(masks[0]) == union)
    #expect(masks[0].intersectionCount(masks[1]) == zip(bits[0], bits[1]).filter { $0 && $1 }.count)
    #expect(union.count <= masks[0].count + masks[1].count)
    #expect(union.count == masks[0].count + masks[1].count - masks[0].intersectionCount(masks[1]))
    #expect(masks[0].count == bits[0].filter { $0 }.count)
    for y in 0..<size.height { for x in 0..<size.width { #expect(masks[0].contains(x: x, y: y) == bits[0][y * size.width + x]) } }
  }

  @Test func emptyAndWhole() {
    let size = PixelSize(4, 3)
    #expect(Mask(emptyOf: size).bounds == nil)
    #expect(Mask(emptyOf: size).count == 0)
    #expect(Mask(emptyOf: size).union(Mask(allOf: size)) == Mask(allOf: size))
    #expect(Mask(allOf: size).bounds == PixelRectangle(size))
    #expect(!Mask(allOf: size).contains(x: 4, y: 0))
    #expect(!Mask(allOf: size).contains(x: 0, y: -1))
  }

  @Test func coverageByHand() {
    // Pixels (1, 1) and (2, 1); the rectangle takes a quarter of each side of the first and 0.5 of the second's width.
    let mask = Mask(PixelRectangle(minX: 1, minY: 1, maxX: 3, maxY: 2), size: PixelSize(5, 5))
    #expect(mask.coverage(of: PixelRectangle(minX: 1.75, minY: 1.5, maxX: 2.5, maxY: 9)) == 0.375)
    #expect(mask.coverage(of: PixelRectangle(minX: -9, minY: -9, maxX: 9, maxY: 9)) == 2)
    #expect(mask.coverage(of: PixelRectangle(minX: -.infinity, minY: -.infinity, maxX: .infinity, maxY: .infinity)) == 2)
    #expect(mask.coverage(of: PixelRectangle(minX: 3, minY: 1, maxX: 4, maxY: 2)) == 0)
    #expect(mask.coverage(of: PixelRectangle(minX: .nan, minY: 1, maxX: 4, maxY: 2)) == 0)
  }

  @Test func farCoordinatesAreCut() {
    let size = PixelSize(4, 4)
    #expect(Mask(PixelRectangle(minX: -1e300, minY: -.infinity, maxX: 1e300, maxY: .infinity), size: size) == Mask(allOf: size))
    #expect(Mask(PixelRectangle(minX: .nan, minY: 0, maxX: .nan, maxY: 4), size: size).isEmpty)
    #expect(Mask(discAt: PixelPoint(x: 2, y: 2), radius: 1e300, size: size) == Mask(allOf: size))
    #expect(Mask(discAt: PixelPoint(x: .nan, y: 2), radius: 2, size: size).isEmpty)
    #expect(Mask(discAt: PixelPoint(x: 2, y: 2), radius: -1, size: size).isEmpty)
    #expect(Mask(polygons: [points([-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9])], size: size) == Mask(allOf: size))
    #expect(Mask(polygons: [points([.nan, 0, 4, 0, 4, 4]), []], size: size).count <= 16)
  }
}

extension PixelPoint {
  /// To the segment from `a` to `b`.
  fileprivate func distance(to a: PixelPoint, _ b: PixelPoint) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    let t = length > 0 ? min(1, max(0, ((x - a.x) * dx + (y - a.y) * dy) / length)) : 0
    let (ex, ey) = (x - a.x - t * dx, y - a.y - t * dy)
    return (ex * ex + ey * ey).squareRoot()
  }
}
