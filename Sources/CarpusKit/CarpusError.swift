import CarpusAnatomy
import CarpusExplanation
import CarpusGraphs
import CarpusImaging
import CarpusONNX
import CarpusStore

/// What went wrong, in a sentence for the user, with the exit code of the command.
///
/// The sentence holds no patient data, and no path: files are named by their last component, as the user typed it.
public struct CarpusError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Exit codes, those of `sysexits.h`.
  public enum Code: Int32, Sendable, Hashable {
    case usage = 64
    case badData = 65
    case noInput = 66
    /// An operator, codec or feature that is not here.
    case unavailable = 69
    /// A mistake of ours.
    case software = 70
    case cannotCreate = 73
    case ioError = 74
    /// Somebody else is at work there.
    case tryAgain = 75
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}

extension CarpusError {
  init(_ error: ImportError, file: String) {
    let code: Code = switch error {
    case .missingOperators: .unavailable
    case .malformed: .badData
    case .graph(let error): CarpusError(error).code
    case .file(let error):
      switch error.kind {
      case .notFound, .unreadable: .noInput
      case .malformed, .tooLarge: .badData
      case .unsupported: .unavailable
      }
    }
    self.init(code, "\(file): \(error)")
  }

  init(_ error: GraphError) {
    let code: Code = switch error {
    case .node(_, _, _, .unsupported), .node(_, _, _, .notDifferentiable), .shapesUnknown: .unavailable
    case .node, .input, .tooLarge: .badData
    case .unknownValue, .notConnected: .usage
    }
    self.init(code, error.description)
  }

  init(_ error: ExplanationError) {
    switch error {
    case .graph(let error): self.init(error)
    case .target, .layer, .method: self.init(.usage, error.description)
    case .notFinite: self.init(.badData, error.description)
    }
  }

  init(_ error: FileReadingError, file: String) {
    let code: Code = switch error {
    case .notFound, .unreadable: .noInput
    case .tooLarge: .badData
    }
    self.init(code, "\(file): \(error)")
  }

  init(_ error: ImageReadingError, file: String) {
    switch error {
    case .file(let error): self.init(error, file: file)
    case .otherFormat: self.init(.unavailable, "\(file): \(error)")
    case .png, .notLabels: self.init(.badData, "\(file): \(error)")
    }
  }

  init(_ error: StoreError, file: String) {
    let code: Code = switch error {
    case .cannotOpen: .noInput
    case .busy: .tryAgain
    case .damaged, .notOne: .badData
    case .ioError: .ioError
    case .otherStudy: .usage
    }
    self.init(code, "\(file): \(error)")
  }

  init(_ error: FileWritingError, file: String) {
    let code: Code = switch error {
    case .cannotCreate: .cannotCreate
    case .ioError: .ioError
    }
    self.init(code, "\(file): \(error)")
  }
}

/// The last component of a path, which is all that a message says of it.
package func lastComponent(_ path: String) -> String {
  path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? path
}
