import Foundation
import Synchronization

/// Notices SIGINT and SIGTERM, so that a long task can end in an orderly way. A second signal ends the process at once.
enum Interruption {
  /// Signals belong to the process, so this does too.
  private static let received = Atomic<Int32>(0)

  /// The signal that came, if one did.
  static var signal: Int32? {
    let signal = received.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// From now on.
  static func watch() {
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number) { number in
        Interruption.received.store(number, ordering: .relaxed)
        Foundation.signal(number, SIG_DFL)
      }
    }
  }
}
