import Foundation

/// Data goes to stdout, everything else to stderr.
enum Console {
  static func print(_ line: String) { write(line + "\n", to: .standardOutput) }
  static func write(_ text: String) { write(text, to: .standardOutput) }
  static func progress(_ sentence: String) { write("carpus: \(sentence)\n", to: .standardError) }
  static func error(_ sentence: String) { write("carpus: \(sentence)\n", to: .standardError) }
  static func warning(_ sentence: String) { write("carpus: warning: \(sentence)\n", to: .standardError) }

  private static func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}
