public import Foundation

/// Where the reference values of the repository lie.
public enum Fixtures {
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")

  public static func url(_ path: String) -> URL { folder.appending(path: path) }
}
