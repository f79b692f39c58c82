import CarpusGraphs

extension ModuleScope {
  /// What an exporter noted of the modules around a node; `nil` where it noted nothing.
  ///
  /// - PyTorch's newer exporter writes lists into the node's metadata: `['', 'layer4', 'layer4.1', 'conv2']` with the classes of each, the
  ///   last one being the operator's, or both as `: ResNet/layer4: Sequential/…`.
  /// - PyTorch's older exporter, and those of TensorFlow, make paths of names: `/layer4/layer4.1/conv2/Conv`, `model/block1/Conv2D`.
  init?(of node: ONNXNode) {
    if let text = node.metadata["pkg.torch.onnx.name_scopes"], let names = Self.list(text), !names.isEmpty {
      let classes = node.metadata["pkg.torch.onnx.class_hierarchy"].flatMap(Self.list) ?? []
      self.init(names: names.dropLast(), classes: classes.count == names.count ? classes.dropLast() : [])
    } else if let text = node.metadata["namespace"], !text.isEmpty {
      let parts = text.split(separator: "/").map { $0.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init) }
      let pairs = parts.map { $0.count == 2 ? ($0[0], $0[1]) : ("", $0.first ?? "") }
      // Classes begin with a capital letter, operators do not.
      let modules = pairs.last.map { Self.typeName($0.1).first?.isUppercase ?? false } ?? false ? pairs[...] : pairs.dropLast()
      self.init(names: modules.map(\.0)[...], classes: modules.map(\.1)[...])
    } else if node.name.contains("/") {
      let path = node.name.prefix { $0 != ";" }.split(separator: "/").map(String.init)
      self.init(path: path.dropLast())
    } else {
      return nil
    }
  }

  private init(names: ArraySlice<String>, classes: ArraySlice<String>) {
    let typeNames = classes.isEmpty ? names.map { _ in "" } : classes.map(Self.typeName)
    let modules = zip(names, typeNames).filter { !$0.0.isEmpty && !$0.0.hasPrefix("_empty_nn_module_stack") }
    self.init(modules.map { Module(name: $0, typeName: $1) })
  }

  /// `layer4`, `layer4.1`, `conv2` is `layer4.1.conv2`: children of a list repeat its name.
  private init(path: ArraySlice<String>) {
    var modules: [Module] = [], parent: (part: String, name: String)?
    for part in path {
      let isRepeated = parent.map { part.hasPrefix($0.part + ".") } ?? false
      let own = isRepeated ? String(part.dropFirst((parent?.part.count ?? 0) + 1)) : part
      let name = parent.map { $0.name + "." + own } ?? own
      modules.append(Module(name: name))
      parent = (part, name)
    }
    self.init(modules)
  }

  /// `BasicBlock` for `torchvision.models.resnet.BasicBlock`.
  private static func typeName(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }

  /// The texts of a list as Python writes it; `nil` for anything else. Names of modules hold no quotes and no backslashes.
  private static func list(_ text: String) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let inner = text.dropFirst().dropLast()
    guard !inner.isEmpty else { return [] }
    var items: [String] = []
    for part in inner.split(separator: ",", omittingEmptySubsequences: false) {
      let item = part.drop { $0 == " " }
      guard item.count >= 2, let quote = item.first, quote == "'" || quote == "\"", item.last == quote else { return nil }
      items.append(String(item.dropFirst().dropLast()))
    }
    return items
  }
}
