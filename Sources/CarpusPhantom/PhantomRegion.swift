public import CarpusAnatomy

/// A part of a phantom of which the mask is known exactly.
public struct PhantomRegion: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A place that is scored: `SvdHSite.regionID`.
    case site
    /// A whole bone, e.g. `metacarpal2`.
    case bone
    /// `hand`: soft tissue and all that lies in it.
    case hand
    /// `background`: what is in no hand, nor behind a nuisance.
    case background
    /// What does not belong to the patient's bones, named as in `Nuisance`.
    case nuisance
  }

  public let kind: Kind
  public let region: Region

  public init(_ kind: Kind, _ region: Region) {
    self.kind = kind
    self.region = region
  }
}
