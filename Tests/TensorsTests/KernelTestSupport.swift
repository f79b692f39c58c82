import CarpusTensors
import CarpusTestSupport

/// The teams that every kernel is tested with: each instruction set this processor has, on one thread, and more threads.
let teams: [ThreadTeam] =
  InstructionSet.available.map { ThreadTeam(count: 1, instructionSet: $0) } + [ThreadTeam(count: 3)]

/// Numbers in -range..<range with few bits, so that products and short sums of them are exact in float32.
func coarseNumbers(_ count: Int, seed: UInt64, range: Int = 8) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Double(Int.random(in: -range * 4..<range * 4, using: &generator)) / 4 }
}

func numbers(_ count: Int, seed: UInt64, in range: ClosedRange<Double> = -2...2) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Double.random(in: range, using: &generator) }
}

extension Array where Element == Double {
  func cast<T: KernelScalar>(_ type: T.Type) -> [T] { map { T($0) } }
}

/// Runs a kernel on an output of `count` elements that hold NaN before.
func filled<T: KernelScalar>(_ count: Int, _ type: T.Type, _ kernel: (inout MutableSpan<T>) -> Void) -> [Double] {
  var result = [T](repeating: .nan, count: count)
  var span = result.mutableSpan
  kernel(&span)
  return result.map { Double($0) }
}

/// The greatest |a - b| / max(|b|, scale), infinite where only one is NaN or infinite of one sign.
func greatestError(_ a: [Double], _ b: [Double], scale: Double) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { a, b in
    if a == b || (a.isNaN && b.isNaN) { return 0 }
    let error = abs(a - b) / max(abs(b), scale)
    return error.isNaN ? .infinity : error
  }.max() ?? 0
}

/// What rounding may do: some units in the last place of T.
func tolerance<T: KernelScalar>(_ type: T.Type, units: Double) -> Double { Double(T.ulpOfOne) * units }

/// Runs a generic test body for both element types.
func forBothTypes(_ body: (any KernelScalar.Type) -> Void) {
  body(Float.self)
  body(Double.self)
}
