internal import GRDB

/// Why a store cannot be used.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such file, or it cannot be made.
  case cannotOpen(String)
  /// Somebody else is writing.
  case busy
  /// It is no store of an audit, or what is in it cannot be.
  case damaged(String)
  /// The disk is full or fails.
  case ioError(String)
  /// It was made with something else.
  case otherStudy(String)
  /// Stores that are to be joined lack images, or disagree about one.
  case notOne(String)

  public var description: String {
    switch self {
    case .cannotOpen(let reason): "the store cannot be opened: \(reason)"
    case .busy: "another audit is writing into this store"
    case .damaged(let reason): "this is no store of an audit, or it is damaged: \(reason)"
    case .ioError(let reason): "the store cannot be read or written: \(reason)"
    case .otherStudy(let sentence), .notOne(let sentence): sentence
    }
  }

  /// Runs what may fail in the library.
  static func located<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
    do { return try body() } catch let error as StoreError { throw error } catch let error as DatabaseError {
      let reason = error.message ?? "error \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: throw .busy
      case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: throw .cannotOpen(reason)
      case .SQLITE_FULL, .SQLITE_IOERR: throw .ioError(reason)
      default: throw .damaged(reason)
      }
    } catch { throw .damaged("\(error)") }
  }
}
