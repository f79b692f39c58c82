/// What radiographs show beside the disease.
public enum Nuisance: String, Sendable, Hashable, CaseIterable {
  /// Laterality letters: plain, in a circle, on a plate with initials.
  case marker
  /// Edges of the collimated field, also turned, and the black corners of a turned field that was squared.
  case border
  /// A ring on a finger.
  case ring
  /// Burned-in text.
  case text
  /// A plaster cast around the wrist.
  case cast
  /// Over- and underexposure, slow gradients.
  case exposure
  /// A window and a display curve that differ from the usual.
  case window
  /// Osteoarthritis-like sclerosis and osteophytes at DIP, PIP and the thumb's base, which does not score.
  case sclerosis
}
