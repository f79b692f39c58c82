public import CarpusImaging

/// How a radiograph becomes the input of a network.
public struct CardInput: Hashable, Sendable {
  /// Which grey values become 0 and 1.
  public enum Range: Hashable, Sendable {
    case grey(GreyRange)
    /// The window that a DICOM file states.
    case dicom
  }

  /// What a radiograph shows for which the network was made.
  public enum Hands: String, Hashable, Sendable, CaseIterable {
    case both, left, right
    /// One hand, of either side.
    case single
  }

  /// What happens to a hand's side before the network sees it.
  public enum LateralityRule: String, Hashable, Sendable, CaseIterable {
    case asIs = "as-is"
    /// Right hands are mirrored, so that the network sees left hands only.
    case mirrorRight = "mirror-right"
    /// Left hands are mirrored, so that the network sees right hands only.
    case mirrorLeft = "mirror-left"
  }

  /// Name of the network's input.
  public let name: String
  public let range: Range
  public let hands: Hands
  public let laterality: LateralityRule
  /// All else; of a `dicom` range with the full range, and of a mirroring rule as for the other side.
  public let preprocessing: Preprocessing

  /// The preprocessing of a radiograph of this side; `nil` for the side if it is not known or both are seen.
  ///
  /// - Returns: `nil` where the rule needs the side and it is not known.
  public func preprocessing(ofRightHand isRight: Bool?) -> Preprocessing? {
    switch (laterality, isRight) {
    case (.asIs, _), (.mirrorRight, false), (.mirrorLeft, true): preprocessing
    case (.mirrorRight, true), (.mirrorLeft, false): preprocessing.mirrored
    case (.mirrorRight, nil), (.mirrorLeft, nil): nil
    }
  }
}
