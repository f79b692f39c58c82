import CarpusImaging
import CarpusONNX
import CarpusReporting
import Foundation

/// Runs cases that are laid out as ONNX's backend test suite keeps them.
public struct ConformanceSuite: Sendable {
  public struct Outcome: Sendable {
    /// The path of the case below the folder.
    public let name: String
    /// Why it is not passed; `nil` if it is.
    public let reason: String?
  }

  private let folder: String
  /// The paths of the cases below the folder, sorted.
  public let cases: [String]

  /// - Parameters:
  ///   - folder: every folder in it that holds a `model.onnx` is a case.
  ///   - pattern: a regular expression; only cases whose path it is found in are taken.
  /// - Throws: `CarpusError` 66 when there is no such folder or no case in it, 64 when the pattern is none.
  public init(folder: String, pattern: String? = nil) throws(CarpusError) {
    self.folder = folder
    var expression: Regex<AnyRegexOutput>?
    if let pattern {
      do { expression = try Regex(pattern) } catch { throw CarpusError(.usage, "'\(pattern)' is no regular expression") }
    }
    guard let found = FileManager.default.enumerator(atPath: folder) else {
      throw CarpusError(.noInput, "\(lastComponent(folder)): there is no such folder")
    }
    var names: [String] = []
    for case let path as String in found where path.hasSuffix("/model.onnx") { names.append(String(path.dropLast("/model.onnx".count))) }
    guard !names.isEmpty else { throw CarpusError(.noInput, "\(lastComponent(folder)): no folder in it holds a model.onnx") }
    if let expression { names = names.filter { $0.contains(expression) } }
    guard !names.isEmpty else { throw CarpusError(.noInput, "\(lastComponent(folder)): no case fits the pattern") }
    cases = names.sorted()
  }

  /// - Parameter name: one of `cases`.
  public func run(_ name: String, threads: Int = 1) -> Outcome {
    let path = folder + "/" + name
    do {
      try ConformanceCase(folder: path).check(tolerance(of: path), threads: threads)
      return Outcome(name: name, reason: nil)
    } catch let error as ConformanceCase.Failure {
      return Outcome(name: name, reason: error.description)
    } catch {
      return Outcome(name: name, reason: "\(error)")
    }
  }

  /// `data.json` of a case may say how far outputs may be off.
  private func tolerance(of path: String) -> ConformanceCase.Tolerance {
    struct Settings: Decodable {
      let rtol: Double?
      let atol: Double?
    }
    var tolerance = ConformanceCase.Tolerance()
    guard let data = FileManager.default.contents(atPath: path + "/data.json"),
      let settings = try? JSONDecoder().decode(Settings.self, from: data)
    else { return tolerance }
    if let relative = settings.rtol { tolerance.relative = relative }
    if let absolute = settings.atol { tolerance.absolute = absolute }
    return tolerance
  }

  /// Writes the outcome as JSON.
  ///
  /// - Throws: `CarpusError` 73 or 74.
  public static func write(_ outcomes: [Outcome], to path: String) throws(CarpusError) {
    do { try AtomicWriting.write(Array((json(outcomes) + "\n").utf8), to: path) } catch { throw CarpusError(error, file: lastComponent(path)) }
  }

  static func json(_ outcomes: [Outcome]) -> String {
    JSONText.object([
      ("schema", .string("carpus-conformance/1")), ("cases", .integer(outcomes.count)),
      ("passed", .integer(outcomes.count { $0.reason == nil })),
      ("failures", .array(outcomes.compactMap { outcome in
        outcome.reason.map { .object([("case", .string(outcome.name)), ("reason", .string($0))]) }
      })),
    ]).text
  }
}

/// The cases that are known not to pass: a line for each, `PATH: REASON`; lines that begin with `#` say something else.
public struct KnownFailures: Sendable {
  private let names: Set<String>

  /// - Throws: `CarpusError` 66 when there is no such file, 65 for a line without a reason.
  public init(path: String) throws(CarpusError) {
    guard let data = FileManager.default.contents(atPath: path) else { throw CarpusError(.noInput, "\(lastComponent(path)): there is no such file") }
    var names: Set<String> = []
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, !parts[1].allSatisfy(\.isWhitespace) else {
        throw CarpusError(.badData, "\(lastComponent(path)): '\(line)' gives no reason; a line is CASE: REASON")
      }
      names.insert(String(parts[0]))
    }
    self.names = names
  }

  /// Cases that fail and are not listed, and cases that are listed and pass, or are not there.
  public func surprises(in outcomes: [ConformanceSuite.Outcome]) -> [String] {
    names.subtracting(outcomes.map(\.name)).sorted().map { "\($0) is listed as not passed, and is not there" }
      + outcomes.compactMap { outcome in
        switch (outcome.reason, names.contains(outcome.name)) {
        case (nil, true): "\(outcome.name) is listed as not passed, and passes"
        case (_?, false): "\(outcome.name) fails, and is not listed"
        default: nil
        }
      }
  }
}
