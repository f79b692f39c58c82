import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Against ml_dtypes: Fixtures/CompactFloats/make.py.
@Suite struct CompactFloatTests {
  struct Format: Decodable {
    let numbers: [Double]
    let probes: [Double]?
    let codes: [UInt8]?
  }

  static let types: [ElementType] = [.float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1]

  func format(_ type: ElementType) throws -> (CompactFloat, Format) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let formats = try decoder.decode([String: Format].self, from: Data(contentsOf: Fixtures.url("CompactFloats/formats.json")))
    return (try #require(CompactFloat(type)), try #require(formats[type.rawValue]))
  }

  @Test(arguments: types) func everyCodeIsDecodedAndComesBack(_ type: ElementType) throws {
    let (format, reference) = try format(type)
    for (code, number) in reference.numbers.enumerated() {
      let own = format.number(UInt8(code))
      #expect(own == number || own.isNaN && number.isNaN, "code \(code): \(own) instead of \(number)")
      #expect(own.sign == number.sign || number.isNaN, "code \(code)")
      guard number.isFinite else { continue }
      #expect(format.code(number) == UInt8(code))
      #expect(format.code(number, overflow: .escapes) == UInt8(code))
    }
  }

  @Test(arguments: types) func numbersBetweenAreRoundedToEven(_ type: ElementType) throws {
    let (format, reference) = try format(type)
    let largest = reference.numbers.filter(\.isFinite).max() ?? 0
    for (probe, code) in zip(reference.probes ?? [], reference.codes ?? []) {
      #expect(format.code(probe, overflow: .escapes) == code, "\(probe)")
      // Saturation changes nothing but what is not finite any more.
      let number = reference.numbers[Int(code)]
      #expect(format.code(probe) == (number.isFinite ? code : format.code(probe < 0 ? -largest : largest)), "\(probe), saturated")
    }
  }

  @Test func notANumber() {
    // As in ml_dtypes; the last has no NaN.
    let codes: [UInt8] = [0x7f, 0x80, 0x7e, 0x80, 0xff, 0x08]
    #expect(zip(Self.types, codes).allSatisfy { CompactFloat($0)?.code(.nan) == $1 })
    #expect(CompactFloat(.float8e4m3fn)?.code(-.nan) == 0xff)
    #expect(CompactFloat(.float32) == nil)
  }

  /// The table of the standard's `Cast`.
  @Test func powersOfTwo() throws {
    let format = try #require(CompactFloat(.float8e8m0))
    for (rounding, codes) in [(.up, [127, 128, 128, 128, 129]), (.down, [127, 127, 127, 127, 128]), (.nearest, [127, 127, 128, 128, 128])] as [(
      CompactFloat.ScaleRounding, [UInt8]
    )] {
      #expect([1, 1.25, 1.5, 1.75, 2.5].map { format.code($0, scaleRounding: rounding) } == codes)
    }
    #expect([0, .infinity, 1e39, 1e-45, -1].map { format.code($0) } == [0, 254, 254, 0, 255])
    #expect([0, .infinity, 1e39, 1e-45].map { format.code($0, overflow: .escapes, scaleRounding: .nearest) } == [255, 255, 255, 255])
    #expect(format.code(1.5 * 0x1p127) == 254 && format.code(1.5 * 0x1p127, overflow: .escapes) == 255)
  }

  @Test func integersKeepTheirLowBits() {
    let x = Tensor([-9, -8, 7, 8, 15, 300] as [Int32])
    #expect(x.converted(to: .int4).integers == [7, -8, 7, -8, -1, -4])
    #expect(x.converted(to: .uint4).integers == [7, 8, 7, 8, 15, 12])
    #expect(x.converted(to: .int2).integers == [-1, 0, -1, 0, -1, 0])
    #expect(x.converted(to: .uint2).integers == [3, 0, 3, 0, 3, 0])
    #expect(Tensor([-1.75, 7.9, .nan, 1e300]).converted(to: .int4).integers == [-1, 7, 0, -1])
  }

  @Test func compactTypesAreConvertedToEachOther() {
    let x = Tensor([-2, 0.5, 6, 1000] as [Float])
    for type in Self.types where type != .float8e8m0 {
      #expect(x.converted(to: type).converted(to: .int4).doubles.prefix(3) == [-2, 0, 6])
      #expect(x.converted(to: type).converted(to: .float4e2m1).doubles == [-2, 0.5, 6, 6])
    }
    #expect(x.converted(to: .int4).reinterpreted(as: .uint4).integers == [14, 0, 6, 8])
    #expect(Tensor([0, 2, 255] as [UInt8]).reinterpreted(as: .bool).array(of: Bool.self) == [false, true, true])
  }
}
