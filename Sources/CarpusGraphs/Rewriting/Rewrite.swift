/// Turns a graph into another that computes the same outputs, faster. One file each.
public protocol Rewrite: Sendable {
  /// The name under which it can be switched off.
  static var name: String { get }

  /// The same outputs in the same order. A value that is an output is kept as it is: it may be what is explained.
  static func rewritten(_ graph: Graph) throws(GraphError) -> Graph
}

public enum RewriteCatalog {
  /// In the order in which they are applied.
  public static let all: [any Rewrite.Type] = common + [AssignLayouts.self, FuseScale.self]

  /// The same with fixed kernels and plain sums.
  public static let strict: [any Rewrite.Type] = common + [AssignStrictLayouts.self, FuseScale.self]

  public static func rewrites(strict isStrict: Bool) -> [any Rewrite.Type] { isStrict ? strict : all }

  private static let common: [any Rewrite.Type] = [
    FoldBatchNormalization.self, RecognizeGelu.self, RecognizeLayerNormalization.self, FuseAttention.self, FuseConvolution.self, FuseProduct.self,
  ]
}
