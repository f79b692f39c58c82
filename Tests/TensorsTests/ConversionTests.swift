import CarpusTensors
import Testing

@Suite struct ConversionTests {
  func converted<From: TensorElement, To: TensorElement>(_ x: [From], to zero: To, _ team: ThreadTeam) -> [To] {
    var y = [To](repeating: zero, count: x.count)
    var span = y.mutableSpan
    Kernels.convert(x.span, into: &span, team: team)
    return y
  }

  @Test func everyHalfIsExactAndComesBack() {
    let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }
    let short = (0...UInt16.max).map { BFloat16(bitPattern: $0) }
    for team in teams {
      let floats = converted(halves, to: Float(0), team)
      #expect(zip(halves, floats).allSatisfy { Float($0) == $1 || $0.isNaN && $1.isNaN })
      let back = converted(floats, to: Float16(0), team)
      #expect(zip(halves, back).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
      let shortFloats = converted(short, to: Float(0), team)
      #expect(zip(short, shortFloats).allSatisfy { Float($0).bitPattern == $1.bitPattern })
      let shortBack = converted(shortFloats, to: BFloat16(0), team)
      #expect(zip(short, shortBack).allSatisfy { $0.bitPattern == $1.bitPattern || Float($0).isNaN && Float($1).isNaN })
    }
  }

  @Test func roundsToHalvesOnce() {
    // Every 4099th float32; and doubles beside the middles between halves, which rounding to float32 first would move onto the middle.
    let floats = stride(from: UInt32(0), to: .max - 4099, by: 4099).map { Float(bitPattern: $0) }
    let doubles = (0..<31_743).flatMap { bits -> [Double] in
      let low = Double(Float16(bitPattern: UInt16(bits))), high = Double(Float16(bitPattern: UInt16(bits + 1)))
      let middle = high.isFinite ? (low + high) / 2 : 65520
      return [middle.nextDown, middle, middle.nextUp, -middle.nextUp]
    }
    for team in teams {
      let halves = converted(floats, to: Float16(0), team)
      #expect(zip(floats, halves).allSatisfy { Float16($0).bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
      let short = converted(floats, to: BFloat16(0), team)
      #expect(zip(floats, short).allSatisfy { BFloat16($0).bitPattern == $1.bitPattern || $0.isNaN && Float($1).isNaN })
      let fromDoubles = converted(doubles, to: Float16(0), team)
      #expect(zip(doubles, fromDoubles).allSatisfy { Float16($0).bitPattern == $1.bitPattern })
    }
  }

  @Test func realNumbersToIntegers() {
    let x: [Double] = [
      0, -0.9, 0.9, 1.5, -1.5, 127.9, 128, -128.9, -129, 255.9, 256, 3e9, -3e9, 1e19, -1e19, 2e19, .infinity, -.infinity, .nan,
    ]
    func check<T: FixedWidthInteger & TensorElement>(_ type: T.Type, _ team: ThreadTeam) {
      func expected(_ x: Double) -> T {
        if x.isNaN { return 0 }
        if x <= -9.3e18 { return .min }
        if x >= 1.9e19 { return .max }
        return x < 0 ? T(clamping: Int64(x)) : T(clamping: UInt64(x))
      }
      #expect(converted(x, to: T.zero, team) == x.map(expected), "\(type) \(team)")
      #expect(converted(x.cast(Float.self), to: T.zero, team) == x.map { expected(Double(Float($0))) }, "\(type) \(team)")
    }
    for team in teams {
      check(Int8.self, team)
      check(Int16.self, team)
      check(Int32.self, team)
      check(Int64.self, team)
      check(UInt8.self, team)
      check(UInt16.self, team)
      check(UInt32.self, team)
      check(UInt64.self, team)
    }
  }

  @Test func integersKeepTheirLowBits() {
    let x: [Int64] = [0, 1, -1, 127, 128, 200, -129, 65535, 65536, 1 << 40 + 5, .min, .max]
    func check<T: FixedWidthInteger & TensorElement>(_ type: T.Type) {
      let short = converted(x, to: T.zero, .single)
      #expect(short == x.map { T(truncatingIfNeeded: $0) }, "\(type)")
      #expect(converted(short, to: Int64(0), .single) == short.map { Int64(truncatingIfNeeded: $0) }, "\(type)")
      #expect(converted(short, to: Double(0), .single) == short.map { Double($0) }, "\(type)")
      #expect(converted(short, to: Float(0), .single) == short.map { Float($0) }, "\(type)")
      #expect(converted(short, to: Float16(0), .single) == short.map { Float16($0) }, "\(type)")
      #expect(converted(short, to: false, .single) == short.map { $0 != 0 }, "\(type)")
    }
    check(Int8.self)
    check(Int16.self)
    check(Int32.self)
    check(Int64.self)
    check(UInt8.self)
    check(UInt16.self)
    check(UInt32.self)
    check(UInt64.self)
  }

  @Test func truthIsNotZero() {
    for team in teams {
      #expect(converted([0, -0.0, 0.1, .nan, .infinity] as [Float], to: false, team) == [false, false, true, true, true])
      #expect(converted([0, -0.0, 0.1, .nan] as [Float16], to: false, team) == [false, false, true, true])
      #expect(converted([true, false], to: Float(9), team) == [1, 0])
      #expect(converted([true, false], to: Int64(9), team) == [1, 0])
      #expect(converted([true, false], to: Float16(9), team) == [1, 0])
    }
  }
}
