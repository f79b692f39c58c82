import CarpusScoring
import CarpusImaging
import CarpusPhantom
import Foundation
import Testing

@Suite struct FilmPhysicsTests {
  @Test func exponentialAndLogarithmAreThoseOfTheSystem() {
    #expect(Elementary.exponential(0) == 1)
    for k in -2000...2000 {
      let x = Float(k) * 0.0123
      let value = exp(Double(x))
      #expect(abs(Double(Elementary.exponential(x)) / value - 1) < 3e-7)
      let argument = Float(max(value, 1e-6)), logarithm = log(Double(argument))
      #expect(abs(Double(Elementary.logarithm(argument)) - logarithm) < 2e-7 * max(1, abs(logarithm)))
    }
    #expect(Elementary.exponential(.nan) == Elementary.exponential(-80))
    #expect(Elementary.exponential(.infinity).isFinite)
    #expect(Elementary.logarithm(.nan) == Elementary.logarithm(1e-6))
    #expect(Elementary.logarithm(-1) == Elementary.logarithm(1e-6))
  }

  @Test func grainIsStandardNormalAndAlikeInNeighbours() {
    let size = PixelSize(width: 300, height: 200)
    let grain = Grain.field(size: size, seed: 42).map(Double.init)
    let count = Double(size.count)
    let mean = grain.reduce(0, +) / count
    #expect(abs(mean) < 0.02)
    let second: Double = grain.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(second - 1) < 0.02)
    let fourth = grain.reduce(0) { $0 + pow($1, 4) } / count
    // Of four uniform numbers it is 2.7, of a normal distribution 3; the blur brings it nearer to 3.
    #expect(fourth > 2.65 && fourth < 3.05)
    var product = 0.0, far = 0.0
    for y in 0..<200 {
      for x in 0..<290 {
        product += grain[y * 300 + x] * grain[y * 300 + x + 1]
        far += grain[y * 300 + x] * grain[y * 300 + x + 10]
      }
    }
    // A Gaussian of deviation 0.45 in weights w: Σ w_k·w_(k+1) / Σ w_k².
    let weights = (-2...2).map { exp(-0.5 * Double($0 * $0) / (0.45 * 0.45)) }
    let power: Double = weights.reduce(0) { $0 + $1 * $1 }
    let neighbour = zip(weights, weights.dropFirst()).map { $0 * $1 }.reduce(0, +) / power
    #expect(abs(product / (200 * 290) - neighbour) < 0.02)
    #expect(abs(far / (200 * 290)) < 0.02)
    #expect(Grain.field(size: size, seed: 43) != Grain.field(size: size, seed: 42))
  }

  @Test func noiseOfAPixelDoesNotDependOnTheImagesWidthBeyondTheEdge() {
    let wide = Grain.field(size: PixelSize(width: 40, height: 30), seed: 5)
    let narrow = Grain.field(size: PixelSize(width: 20, height: 30), seed: 5)
    for y in 0..<30 { for x in 0..<18 { #expect(wide[y * 40 + x] == narrow[y * 20 + x]) } }
  }

  @Test func slabsAttenuateByBeerAndLambert() {
    let size = PixelSize(width: 120, height: 90)
    var slab = Projection(size: size)
    for i in 0..<size.count {
      slab.softTissue[i] = 30
      slab.bone[i] = 5
    }
    let exposure = Exposure(behind: slab, pixelsPerMillimetre: 2)
    let depth = 30 * 0.0235
    let primary = exp(-depth - 5 * 0.058), scatter = 0.11 * depth * exp(-depth)
    for value in exposure.dose { #expect(abs(Double(value) - primary - scatter) < 1e-4) }
    // 10 to 20 % of what arrives, behind a wrist.
    #expect(scatter / (primary + scatter) > 0.05 && scatter / (primary + scatter) < 0.2)
    #expect(Exposure(behind: Projection(size: size), pixelsPerMillimetre: 2).dose.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test func broadBlurReachesNoFartherThanItsKernel() {
    let size = PixelSize(width: 200, height: 160)
    func blurred(_ source: [Float]) -> [Float] {
      var result = source
      BroadBlur(of: source, size: size, reach: 18, pixelsPerMillimetre: 3).forEach { result[$0] = $1 }
      return result
    }
    var stream = RandomStream(seed: 1, index: 0, "blur")
    var source = (0..<size.count).map { _ in Float(stream.uniform(0...2)) }
    let before = blurred(source)
    source[80 * 200 + 100] += 3
    let after = blurred(source)
    var reach = 0.0
    for y in 0..<160 {
      for x in 0..<200 where before[y * 200 + x] != after[y * 200 + x] {
        reach = max(reach, hypot(Double(x - 100), Double(y - 80)))
      }
    }
    // 18 mm along both axes, and the cells at both ends, each 4 pixels wide.
    #expect(reach > 10)
    #expect(reach <= (54.0 + 8) * 2.0.squareRoot())
    let flat = blurred([Float](repeating: 0.75, count: size.count))
    #expect(flat.allSatisfy { abs($0 - 0.75) < 1e-3 })
  }

  @Test func displayIsMonotonousAndSmooth() {
    var display = Display(for: Person(seed: 1, patient: 0))
    for gamma in [0.8, 1, 1.2] {
      display.gamma = gamma
      var last = display.grey(of: -0.8), slope: Double?
      for k in 1...600 {
        let grey = display.grey(of: -0.8 + Double(k) * 0.01)
        #expect(grey >= last && grey < 1.000001 && grey > 0)
        // The slope has no jumps at toe and shoulder.
        if let slope { #expect(abs(grey - last - slope) < 0.0016) }
        (slope, last) = (grey - last, grey)
      }
      #expect(display.grey(of: 4) > 0.97)
      #expect(display.grey(of: 0) < 0.08)
    }
  }
}
