public import CarpusAnatomy

/// What was drawn for an image, for readers of its masks.
public struct PhantomSettings: Sendable, Hashable {
  /// A laterality marker.
  public struct Marker: Sendable, Hashable {
    public enum Style: String, Sendable, Hashable, CaseIterable {
      /// The bare letter.
      case plain
      /// The letter in a circle.
      case circled
      /// The letter above two or three initials on a plate that lets some radiation through.
      case plate
    }

    public let side: Laterality
    /// `L` or `R`.
    public let letter: String
    public let style: Style
    /// Of the letter, in millimetres.
    public let height: Double
    /// Two or three letters of nobody in particular, on a plate only.
    public let initials: String?
  }

  /// The nuisances that this image shows beside what the hands bring along. Exposure and window are there whenever they are switched on.
  public internal(set) var nuisances: Set<Nuisance> = []
  public internal(set) var markers: [Marker] = []
  /// Burned-in text, line by line; fictional.
  public internal(set) var text: [String] = []
  /// Pixels for each millimetre.
  public internal(set) var pixelsPerMillimetre: Double
  /// Dose relative to the usual one.
  public internal(set) var dose: Double = 1
  /// Exponent of the display curve; 1 is the usual one.
  public internal(set) var gamma: Double = 1
}
