/// `L(i,j) = Σₖ αₖ · Aₖ(i,j)` with `αₖ = 1/(h·w) · Σᵢⱼ ∂y/∂Aₖ(i,j)`, without the final rectifier.
///
/// For a network that ends in global average pooling and one linear layer, `Σᵢⱼ L(i,j) = y − b`.
public enum GradCAM: AttributionMethod {
  public static let name = "gradcam"
  public static let title = "Grad-CAM"
  public static let citation =
    "Selvaraju et al., Grad-CAM: visual explanations from deep networks via gradient-based localization, ICCV 2017"

  public static func map(activations: FeatureMaps, gradients: FeatureMaps) -> [Double] {
    activations.combined(gradients.sums().map { $0 / Double(activations.cells) })
  }
}
