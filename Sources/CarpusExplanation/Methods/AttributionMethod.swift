/// A rule that makes a map from the activations of a layer and the gradients of the target with respect to them.
public protocol AttributionMethod: Sendable {
  /// As in the command line.
  static var name: String { get }
  /// As in its paper.
  static var title: String { get }
  /// Where it was published.
  static var citation: String { get }

  /// The map of one image.
  ///
  /// - Parameters:
  ///   - activations: `A`, `[K×h×w]`.
  ///   - gradients: `∂y/∂A`, `[K×h×w]`.
  /// - Returns: `h×w` values, row by row.
  static func map(activations: FeatureMaps, gradients: FeatureMaps) -> [Double]
}

public enum MethodCatalog {
  /// The first is the default.
  public static let all: [any AttributionMethod.Type] = [HiResCAM.self, GradCAM.self]

  /// - Throws: `ExplanationError.method` with the names that there are.
  public static func method(named name: String) throws(ExplanationError) -> any AttributionMethod.Type {
    let wanted = name.lowercased().filter { $0 != "-" && $0 != "_" }
    for method in all where method.name == wanted { return method }
    throw .method("there is no method '\(name)'; there are \(all.map { $0.name }.joined(separator: ", "))")
  }
}
