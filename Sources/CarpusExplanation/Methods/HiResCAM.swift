/// `L(i,j) = Σₖ ∂y/∂Aₖ(i,j) · Aₖ(i,j)`, without a rectifier.
///
/// Equal to Grad-CAM where all gradients of a channel are equal, as behind global average pooling; elsewhere it
/// does not move relevance to places that the score does not depend on.
public enum HiResCAM: AttributionMethod {
  public static let name = "hirescam"
  public static let title = "HiResCAM"
  public static let citation =
    "Draelos and Carin, Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks, "
    + "arXiv:2011.08891"

  public static func map(activations: FeatureMaps, gradients: FeatureMaps) -> [Double] {
    gradients.combined(activations)
  }
}
