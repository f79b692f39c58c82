public import CarpusGraphs
public import CarpusTensors

/// Everything that maps and budgets are made of, for a batch of `N` images.
public struct Evidence: Sendable {
  /// The network's outputs by name, as it gives them.
  public let outputs: [NamedTensor]
  /// The target's value for each image.
  public let targets: [Double]
  /// `[N×K×h×w]`.
  public let activations: Tensor
  /// `∂(Σ over the batch of the target)/∂A`, `[N×K×h×w]`.
  public let gradients: Tensor
  /// For each image, the derivative of the target with respect to what its last activation function was given; 1
  /// where the output has none. Near 0 the score is saturated and a map says nothing.
  public let slopes: [Double]
}

public struct NamedTensor: Sendable {
  public let name: String
  public let tensor: Tensor
}

/// A network prepared to be explained at one layer for one target.
public struct Explainer: Sendable {
  public let graph: Graph
  public let target: Target
  public let layer: Layer
  /// Name of the input that takes the images.
  public let input: String
  public let images: Int
  private let plan: Plan
  private let outputCount: Int
  /// The target with the layer's value given instead of computed.
  private let tail: Plan

  /// - Parameters:
  ///   - graph: with one input, and known shapes: see `Graph.specialized(to:)`.
  ///   - layerName: `nil` chooses the last feature map that the target depends on.
  /// - Throws: `ExplanationError` when target or layer do not exist, or a gradient on the way does not.
  public init(_ graph: Graph, target: Target, layerName: String? = nil) throws(ExplanationError) {
    guard let input = graph.inputs.first, graph.inputs.count == 1 else {
      throw .target("only networks with one input are explained; this one has \(graph.inputs.count)")
    }
    guard let output = graph.outputs.first(where: { $0.name == target.output }) else {
      throw .target("there is no output '\(target.output)'; there are \(graph.outputs.map { "'\($0.name)'" }.joined(separator: ", "))")
    }
    guard let images = graph.type(of: input.value).staticShape?.extents.first, images > 0 else {
      throw .target("the network's input must be a batch of images")
    }
    self.graph = graph
    self.target = target
    self.input = input.name
    self.images = images
    layer = if let layerName {
      try graph.layer(named: layerName, before: output.value)
    } else {
      try graph.automaticLayer(before: output.value)
    }
    let saturating = graph.saturatingOperand(of: output.value)
    do {
      let seed = try graph.seed(of: output.value, index: target.index)
      let (differentiated, gradients) = try graph.differentiating(
        output.value, seed: seed, withRespectTo: [layer.value] + (saturating.map { [$0] } ?? []))
      let wanted = graph.outputs + [NamedValue(name: layer.name, value: layer.value)]
        + gradients.enumerated().map { NamedValue(name: "gradient.\($0)", value: $1) }
      plan = try Plan(differentiated, outputs: wanted)
      tail = try Plan(try graph.extracting([output], replacing: [NamedValue(name: layer.name, value: layer.value)]))
    } catch { throw .graph(error) }
    outputCount = graph.outputs.count
  }

  /// How many convolutions of a run are calculated by each method.
  public var convolutionMethods: [String: Int] { plan.convolutionMethods }

  /// Memory for one thread of work.
  public func workspace(threads: Int) -> Workspace { Workspace(plan, threads: threads) }

  /// - Parameter tensor: the images, of the input's shape.
  public func evidence(for tensor: Tensor, in workspace: Workspace) throws(ExplanationError) -> Evidence {
    let values: [RunValue]
    do { values = try workspace.run([input: tensor]) } catch { throw .graph(error) }
    let tensors = values.compactMap(\.tensor)
    guard tensors.count == values.count else { throw .target("an output of the network is not a tensor") }
    let outputs = zip(graph.outputs, tensors).map { NamedTensor(name: $0.name, tensor: $1) }
    guard let output = outputs.first(where: { $0.name == target.output }) else { throw .target("no output '\(target.output)'") }
    let targets = try target.values(in: output.tensor, images: images)
    guard targets.allSatisfy(\.isFinite) else { throw .notFinite("the network's output is not a finite number") }
    let slopes: [Double] = tensors.count > outputCount + 2
      ? try target.values(in: tensors[outputCount + 2], images: images) : [Double](repeating: 1, count: images)
    return Evidence(
      outputs: outputs, targets: targets, activations: tensors[outputCount], gradients: tensors[outputCount + 1], slopes: slopes)
  }

  /// The raw map of each image.
  public func maps(_ method: any AttributionMethod.Type, from evidence: Evidence) throws(ExplanationError) -> [AttributionMap] {
    var maps: [AttributionMap] = []
    for image in 0..<images {
      let values = method.map(
        activations: FeatureMaps(evidence.activations.part(image)), gradients: FeatureMaps(evidence.gradients.part(image)))
      guard values.allSatisfy(\.isFinite) else {
        throw .notFinite("the map at layer '\(layer.name)' has values that are not finite: the network's activations or gradients overflow")
      }
      maps.append(AttributionMap(method: method.name, layer: layer.name, height: layer.height, width: layer.width, values: values))
    }
    return maps
  }

  /// The target's value with every element of the layer set to 0: what the score consists of when the layer adds nothing.
  ///
  /// Behind global average pooling and one linear layer it is the bias, and `intercept + Σ map = score` exactly.
  /// Elsewhere the difference is the residual of the budget.
  ///
  /// - Parameter tensor: the images; they matter only where a part of the network bypasses the layer.
  public func intercepts(for tensor: Tensor, threads: Int) throws(ExplanationError) -> [Double] {
    try intercepts(for: tensor, in: tailWorkspace(threads: threads))
  }

  /// The same in memory that was made before.
  ///
  /// - Parameter workspace: from `tailWorkspace`.
  public func intercepts(for tensor: Tensor, in workspace: Workspace) throws(ExplanationError) -> [Double] {
    guard case .tensor(let type) = graph.type(of: layer.value), let shape = type.shape.shape else { return [] }
    return try targets(with: Tensor(zeros: type.elementType, shape: shape), for: tensor, in: workspace)
  }

  /// How well the gradient predicts the change of the score when the layer is scaled:
  /// `|Δ − (y((1 + ε)A) − y((1 − ε)A)) / 2ε| / max(|Δ|, Σ|∂y/∂A · A| / 100)` with
  /// `Δ = Σ ∂y/∂A · A` and ε = 1/128; the largest over the images.
  public func directionalError(_ evidence: Evidence, input tensor: Tensor, threads: Int) throws(ExplanationError) -> Double {
    let step = 1.0 / 128
    let layer = evidence.activations
    func scaled(_ factor: Double) -> Tensor {
      Tensor(layer.doubles.map { $0 * factor }, shape: layer.shape).converted(to: layer.elementType)
    }
    let workspace = tailWorkspace(threads: threads)
    let above = try targets(with: scaled(1 + step), for: tensor, in: workspace)
    let below = try targets(with: scaled(1 - step), for: tensor, in: workspace)
    let products = zip(layer.doubles, evidence.gradients.doubles).map { $0 * $1 }
    let count = products.count / images
    return (0..<images).map { image in
      let own = products[image * count..<(image + 1) * count]
      let predicted = own.reduce(0, +)
      let scale = max(abs(predicted), own.reduce(0) { $0 + abs($1) } / 100, .leastNormalMagnitude)
      return abs(predicted - (above[image] - below[image]) / (2 * step)) / scale
    }.max() ?? 0
  }

  /// Memory for what is behind the layer.
  public func tailWorkspace(threads: Int) -> Workspace { Workspace(tail, threads: threads) }

  /// The target's value for each image when the layer has a given value.
  ///
  /// - Parameter workspace: from `tailWorkspace`.
  func targets(with activations: Tensor, for tensor: Tensor, in workspace: Workspace) throws(ExplanationError) -> [Double] {
    let values: [RunValue]
    do { values = try workspace.run([input: tensor, layer.name: activations]) } catch { throw .graph(error) }
    guard let output = values.first?.tensor else { throw .target("output '\(target.output)' is not a tensor") }
    return try target.values(in: output, images: images)
  }
}

extension Graph {
  /// What the activation function at the end of an output is given, looking through changes of shape; `nil` when the
  /// output ends otherwise.
  func saturatingOperand(of output: Value) -> Value? {
    var value = output
    while let node = producer(of: value), let operand = node.operands.first ?? nil {
      switch node.operator {
      case is Reshape, is Flatten, is Squeeze, is Unsqueeze: value = operand
      case is Sigmoid, is Tanh, is Clip, is Relu, is HardSigmoid, is Softmax:
        return type(of: operand).staticShape?.count == type(of: output).staticShape?.count ? operand : nil
      default: return nil
      }
    }
    return nil
  }
}
