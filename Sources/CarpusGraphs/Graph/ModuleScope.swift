/// Where a node stands in the modules of the network that was exported.
public struct ModuleScope: Hashable, Sendable {
  public struct Module: Hashable, Sendable {
    /// As PyTorch's `named_modules` calls it: `layer4.1.conv2`.
    public let name: String
    /// The last part of its class: `Conv2d`; empty where the file does not say it.
    public let typeName: String

    public init(name: String, typeName: String = "") {
      self.name = name
      self.typeName = typeName
    }
  }

  /// From the outside in, without the network itself.
  public let modules: [Module]

  public init(_ modules: [Module]) { self.modules = modules }

  /// The innermost module; empty for what stands in the network itself.
  public var name: String { modules.last?.name ?? "" }
}
