/// The version of Carpus, as in CHANGELOG.md.
public enum Version {
  public static let number = "0.1.0"
}
