import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct PreprocessingTests {
  private func expect(_ preprocessing: Preprocessing, of image: String, equals reference: String) throws {
    let input = try preprocessing.apply(to: Radiograph(pngBytes: fixture(image)))
    let expected = try NPY.read(fixture(reference))
    #expect(input.tensor.elementType == .float32)
    #expect(input.tensor.shape == expected.shape)
    #expect(largestDifference(input.tensor.doubles, expected.doubles) < 1e-5)
  }

  @Test func letterboxEqualsPillow() throws {
    let preprocessing = try Preprocessing(
      size: PixelSize(width: 56, height: 48), channels: 3, mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])
    try expect(preprocessing, of: "phantom-8.png", equals: "letterbox.npy")
  }

  @Test func percentilesEqualNumPy() throws {
    let preprocessing = try Preprocessing(
      size: PixelSize(width: 64, height: 64), channels: 1, padding: 0.25, greyRange: .percentile(2.5, 97.5))
    try expect(preprocessing, of: "phantom-16.png", equals: "percentile.npy")
  }

  @Test func stretchEqualsOpenCV() throws {
    let preprocessing = try Preprocessing(
      size: PixelSize(width: 32, height: 40), channels: 1, fit: .stretch, filter: .bilinear, mean: [0.5],
      standardDeviation: [0.25])
    try expect(preprocessing, of: "phantom-16.png", equals: "stretch.npy")
  }

  @Test func saysWhereTheRadiographLies() throws {
    let radiograph = try Radiograph(pngBytes: fixture("phantom-8.png"))
    let input = try Preprocessing(size: PixelSize(width: 56, height: 48), channels: 1).apply(to: radiograph)
    #expect(input.contentRectangle == PixelRectangle(minX: 12, minY: 0, maxX: 43, maxY: 48))
    #expect(input.transform == PixelTransform(scaleX: 31.0 / 61, scaleY: 48.0 / 93, offsetX: 12, offsetY: 0))
    #expect(input.transform.forward(PixelRectangle(radiograph.size)) == input.contentRectangle)
    #expect(input.steps == [
      "Read 61×93 pixels of 8-bit grey from grey.",
      "Spread grey values 0.0…255.0 (full-range) to 0…1, clipped.",
      "Resampled to 31×48 pixels (letterbox, bilinear-antialias, half-pixel centres).",
      "Placed 12 pixels from the left and 0 from the top of 56×48, the rest grey 0.0.",
      "Subtracted the mean [0.0] and divided by the standard deviation [1.0].",
    ])
  }

  @Test(arguments: [
    PixelSize(width: 61, height: 93), PixelSize(width: 200, height: 37), PixelSize(width: 1, height: 5000),
    PixelSize(width: 7, height: 7),
  ]) func thereAndBackIsTheSame(_ size: PixelSize) throws {
    let radiograph = Radiograph(size: size, bitDepth: 8, samples: [UInt16](repeating: 100, count: size.count))
    for fit in Preprocessing.Fit.allCases {
      let input = try Preprocessing(size: PixelSize(width: 50, height: 64), channels: 1, fit: fit).apply(to: radiograph)
      let rectangle = PixelRectangle(minX: 0.25, minY: 1.5, maxX: 0.9, maxY: 4.75)
      let back = input.transform.backward(input.transform.forward(rectangle))
      let expected = [rectangle.minX, rectangle.minY, rectangle.maxX, rectangle.maxY]
      #expect(largestDifference(expected, [back.minX, back.minY, back.maxX, back.maxY]) < 1e-9)
      #expect(input.contentRectangle.minX >= 0 && input.contentRectangle.maxX <= 50)
      #expect(input.contentRectangle.minY >= 0 && input.contentRectangle.maxY <= 64)
      #expect(input.contentRectangle.area >= 1)
    }
  }

  /// The centre of mass of a drawn dot is where the transform says.
  @Test(arguments: [PixelSize(width: 130, height: 170), PixelSize(width: 40, height: 23)], ResamplingFilter.allCases)
  func aDotLandsWhereTheTransformSays(_ size: PixelSize, filter: ResamplingFilter) throws {
    let (left, top, side) = (size.width / 3, size.height / 4, 7)
    var samples = [UInt16](repeating: 0, count: size.count)
    for y in top..<top + side { for x in left..<left + side { samples[y * size.width + x] = 255 } }
    let radiograph = Radiograph(size: size, bitDepth: 8, samples: samples)
    for fit in Preprocessing.Fit.allCases {
      let target = PixelSize(width: 90, height: 70)
      let input = try Preprocessing(size: target, channels: 1, fit: fit, filter: filter).apply(to: radiograph)
      let values = input.tensor.doubles
      let sum = values.reduce(0, +)
      let x = values.indices.reduce(0.0) { $0 + values[$1] * (Double($1 % 90) + 0.5) } / sum
      let y = values.indices.reduce(0.0) { $0 + values[$1] * (Double($1 / 90) + 0.5) } / sum
      let dot = input.transform.forward(
        PixelRectangle(minX: Double(left), minY: Double(top), maxX: Double(left + side), maxY: Double(top + side)))
      #expect(abs(x - (dot.minX + dot.maxX) / 2) < 0.5)
      #expect(abs(y - (dot.minY + dot.maxY) / 2) < 0.5)
    }
  }

  @Test(arguments: ResamplingFilter.allCases) func aConstantStaysConstant(_ filter: ResamplingFilter) throws {
    let size = PixelSize(width: 45, height: 30)
    let radiograph = Radiograph(size: size, bitDepth: 8, samples: [UInt16](repeating: 51, count: size.count))
    let input = try Preprocessing(
      size: PixelSize(width: 20, height: 20), channels: 3, filter: filter, padding: 0.2, mean: [0.1, 0.2, 0.3],
      standardDeviation: [1, 2, 0.5]
    ).apply(to: radiograph)
    let expected = [0.1, 0.0, -0.2].flatMap { [Double](repeating: $0, count: 400) }
    #expect(largestDifference(input.tensor.doubles, expected) < 1e-6)
  }

  /// The image between the two passes must not be 4096 × 1 000 000.
  @Test func aVeryLongRadiographTakesLittleMemory() throws {
    let size = PixelSize(width: 1_000_000, height: 2)
    let radiograph = Radiograph(size: size, bitDepth: 8, samples: [UInt16](repeating: 255, count: size.count))
    let input = try Preprocessing(size: PixelSize(width: 8, height: 4096), channels: 1, fit: .stretch, filter: .nearest)
      .apply(to: radiograph)
    #expect(input.tensor.doubles.allSatisfy { $0 == 1 })
  }

  @Test func aBlankRadiographHasNoPercentileRange() throws {
    let radiograph = Radiograph(size: PixelSize(width: 2, height: 2), bitDepth: 8, samples: [9, 9, 9, 9])
    let preprocessing = try Preprocessing(size: PixelSize(width: 4, height: 4), channels: 1, greyRange: .percentile(1, 99))
    #expect(throws: PreprocessingError.noContrast(grey: 9, lower: 1, upper: 99)) { try preprocessing.apply(to: radiograph) }
  }

  @Test func refusesWhatCannotBeMeant() {
    let size = PixelSize(width: 4, height: 4)
    #expect(throws: PreprocessingError.size(PixelSize(width: 0, height: 4))) {
      try Preprocessing(size: PixelSize(width: 0, height: 4), channels: 1)
    }
    #expect(throws: PreprocessingError.self) { try Preprocessing(size: PixelSize(width: Int.max, height: Int.max), channels: 1) }
    #expect(throws: PreprocessingError.channels(2)) { try Preprocessing(size: size, channels: 2) }
    #expect(throws: PreprocessingError.padding(1.5)) { try Preprocessing(size: size, channels: 1, padding: 1.5) }
    #expect(throws: PreprocessingError.self) { try Preprocessing(size: size, channels: 1, padding: .nan) }
    for (lower, upper) in [(5.0, 5.0), (-1, 50), (0, 101), (.nan, 99), (1, .nan)] {
      #expect(throws: PreprocessingError.self) {
        try Preprocessing(size: size, channels: 1, greyRange: .percentile(lower, upper))
      }
    }
    #expect(throws: PreprocessingError.mean([0.5], channels: 3)) { try Preprocessing(size: size, channels: 3, mean: [0.5]) }
    #expect(throws: PreprocessingError.standardDeviation([0], channels: 1)) {
      try Preprocessing(size: size, channels: 1, standardDeviation: [0])
    }
  }

  /// 6×4 pixels cropped to 4×4: no resampling, the middle four columns; to 5×4 the odd column goes at the left.
  @Test func cropsTheMiddle() throws {
    let samples = (0..<24).map { UInt16($0) }
    let radiograph = Radiograph(size: PixelSize(width: 6, height: 4), bitDepth: 8, samples: samples)
    for (width, first) in [(4, 1), (5, 1)] {
      let input = try Preprocessing(size: PixelSize(width: width, height: 4), channels: 1, fit: .crop).apply(to: radiograph)
      let expected = (0..<4).flatMap { row in (0..<width).map { Double(Float(row * 6 + first + $0) / 255) } }
      #expect(input.tensor.doubles == expected)
      #expect(input.transform == PixelTransform(scaleX: 1, scaleY: 1, offsetX: Double(-first), offsetY: 0))
      #expect(input.contentRectangle == PixelRectangle(PixelSize(width: width, height: 4)))
    }
    let long = Radiograph(size: PixelSize(width: 60_000, height: 1), bitDepth: 8, samples: [UInt16](repeating: 1, count: 60_000))
    #expect(throws: PreprocessingError.tooLong(long.size, resampled: PixelSize(width: 60_000 * 512, height: 512))) {
      try Preprocessing(size: PixelSize(width: 512, height: 512), channels: 1, fit: .crop).apply(to: long)
    }
  }

  @Test func invertsBeforePadding() throws {
    let radiograph = Radiograph(size: PixelSize(width: 2, height: 1), bitDepth: 8, samples: [0, 51])
    let input = try Preprocessing(size: PixelSize(width: 2, height: 3), channels: 1, padding: 0.5, isInverted: true).apply(to: radiograph)
    #expect(input.tensor.doubles == [0.5, 0.5, 1, Double(Float(0.8)), 0.5, 0.5])
  }

  /// Mirrored is what the mirrored radiograph gives; the transform leads to the tensor's mirror image.
  @Test(arguments: Preprocessing.Fit.allCases)
  func mirrorsTheRadiograph(_ fit: Preprocessing.Fit) throws {
    let size = PixelSize(width: 31, height: 47)
    let samples = (0..<size.count).map { UInt16($0 * 37 % 251) }
    let reversed = (0..<size.height).flatMap { samples[$0 * size.width..<($0 + 1) * size.width].reversed() }
    let target = PixelSize(width: 20, height: 25)
    let plain = try Preprocessing(size: target, channels: 1, fit: fit)
    let radiograph = Radiograph(size: size, bitDepth: 8, samples: samples)
    let mirrored = try plain.mirrored.apply(to: radiograph)
    let expected = try plain.apply(to: Radiograph(size: size, bitDepth: 8, samples: reversed))
    #expect(mirrored.tensor.doubles == expected.tensor.doubles && mirrored.isMirrored)
    let whole = mirrored.transform.forward(PixelRectangle(size)), other = expected.transform.forward(PixelRectangle(size))
    #expect(abs(whole.minX - (20 - other.maxX)) < 1e-9 && abs(whole.maxX - (20 - other.minX)) < 1e-9)
    #expect(mirrored.contentRectangle.minX == 20 - expected.contentRectangle.maxX)
    #expect(mirrored.contentRectangle.minY == expected.contentRectangle.minY)
  }
}
