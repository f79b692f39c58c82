import CarpusKit

/// The command that was typed, for a report: file names without their folders.
enum CommandLineText {
  static func withoutPaths() -> String {
    let words = CommandLine.arguments.dropFirst().map { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { lastComponent(String($0)) }
      let text = parts.joined(separator: "=")
      return text.contains(" ") ? "'\(text)'" : text
    }
    return (["carpus"] + words).joined(separator: " ")
  }
}
