public import CarpusAnatomy

/// Why a model card or an ensemble file cannot be used: where in the file, and what would be accepted.
public enum CardError: Error, Hashable, Sendable, CustomStringConvertible, JSONFailure {
  case malformed(at: String, String)
  case tooMuch(String, Int, limit: Int)

  public var description: String {
    switch self {
    case .malformed(let place, let problem): place.isEmpty ? problem : "at \(place): \(problem)"
    case .tooMuch(let what, let count, let limit): "there are \(count) \(what); up to \(limit) are read"
    }
  }
}

/// A value of a model card or of an ensemble file.
typealias CardNode = JSONNode<CardError>

extension CardNode {
  /// What a drafted card has where somebody must decide.
  static var undecided: String { "decide" }

  /// The error that something else was wanted here.
  func wants(_ accepted: String) -> CardError {
    if case .string(Self.undecided) = value { return error("this must be decided: \(accepted)") }
    return error("\(accepted) is needed")
  }

  /// A text of the file, cleaned, that is not empty.
  func text(_ accepted: String) throws(CardError) -> String {
    guard case .string(let text) = value, text != Self.undecided, !text.isEmpty else { throw wants(accepted) }
    return RegionName.cleaned(text)
  }

  /// A name that is looked up, as it stands.
  func name(_ accepted: String) throws(CardError) -> String {
    guard case .string(let text) = value, text != Self.undecided, !text.isEmpty, text.utf8.count <= 1024 else { throw wants(accepted) }
    return text
  }

  /// The name of a file in the same folder or in one below it.
  func filePath() throws(CardError) -> String {
    let text = try name("the name of a file in the same folder or below it")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !text.utf8.contains(0), parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw error("the name of a file in the same folder or below it is needed, without ‘..’ and not from the root")
    }
    return text
  }

  /// One of the given words.
  func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(CardError) -> Word where Word.RawValue == String {
    if case .string(let text) = value, let word = Word(rawValue: text) { return word }
    throw wants("one of \(Word.allCases.map { "‘\($0.rawValue)’" }.joined(separator: ", "))")
  }

  func number(_ accepted: String = "a number", where isAccepted: (Double) -> Bool = { _ in true }) throws(CardError) -> Double {
    guard case .number(let number) = value, isAccepted(number) else { throw wants(accepted) }
    return number
  }

  func count(_ accepted: String, in range: ClosedRange<Int>) throws(CardError) -> Int {
    guard case .number(let number) = value, let count = Int(exactly: number), range.contains(count) else { throw wants(accepted) }
    return count
  }

  func bool() throws(CardError) -> Bool {
    guard case .bool(let bool) = value else { throw wants("true or false") }
    return bool
  }

  func numbers(_ accepted: String, where isAccepted: ([Double]) -> Bool) throws(CardError) -> [Double] {
    guard case .numbers(let numbers) = value, isAccepted(numbers) else { throw wants(accepted) }
    return numbers
  }

  /// Numbers that are kept as `Float`.
  func floats(_ accepted: String, where isAccepted: ([Float]) -> Bool) throws(CardError) -> [Float] {
    try numbers(accepted) { isAccepted($0.map { Float($0) }) }.map { Float($0) }
  }
}
