import CarpusONNX
public import CarpusGraphs
public import CarpusTensors

/// A tensor that a run or a gradient gave, by the name that was asked for.
public struct ComputedTensor: Sendable {
  public let name: String
  public let tensor: Tensor
}

/// An output of a run, by the name that was asked for.
public struct ComputedValue: Sendable {
  public let name: String
  public let value: RunValue

  /// The tensors that it consists of: the tensor itself as `NAME`, the elements of a sequence as `NAME.0`, `NAME.1`, …, what an optional value
  /// holds as `NAME`, and of a map `NAME.keys` and `NAME.values`.
  public var tensors: [ComputedTensor] { Self.tensors(of: value, name) }

  public var isTensor: Bool { value.tensor != nil }

  /// `float32`, `sequence of 3`, `optional, empty`, `map of 2`.
  public var kind: String {
    switch value {
    case .tensor(let tensor): "\(tensor.elementType)"
    case .sequence(let elements, _): "sequence of \(elements.count)"
    case .optional(let held, _): held == nil ? "optional, empty" : "optional"
    case .map(let keys, _): "map of \(keys.shape.count)"
    }
  }

  private static func tensors(of value: RunValue, _ name: String) -> [ComputedTensor] {
    switch value {
    case .tensor(let tensor): [ComputedTensor(name: name, tensor: tensor)]
    case .sequence(let elements, _): elements.enumerated().flatMap { tensors(of: $1, "\(name).\($0)") }
    case .optional(let held, _): held.map { tensors(of: $0, name) } ?? []
    case .map(let keys, let values): [ComputedTensor(name: name + ".keys", tensor: keys), ComputedTensor(name: name + ".values", tensor: values)]
    }
  }
}

extension Model {
  /// What a user should know of the file although it prevents nothing.
  public var warnings: [String] { survey.warnings }
  public var inputNames: [String] { graph.inputs.map(\.name) }

  /// Gives names to tensors that were brought without one: a network with one input needs none.
  ///
  /// - Throws: `CarpusError` 64 when a name is missing or is no input's.
  public func named(_ tensors: [(name: String?, tensor: Tensor)]) throws(CarpusError) -> [String: Tensor] {
    let names = graph.inputs.map(\.name)
    var result: [String: Tensor] = [:]
    for (given, tensor) in tensors {
      guard let name = given ?? (names.count == 1 ? names[0] : nil) else {
        throw CarpusError(.usage, "\(self.name) has \(names.count) inputs, \(Self.list(names)): say which one as NAME=FILE.npy")
      }
      guard names.contains(name) else {
        throw CarpusError(.usage, "\(self.name) has no input '\(name)'; it has \(Self.list(names))")
      }
      guard result.updateValue(tensor, forKey: name) == nil else { throw CarpusError(.usage, "input '\(name)' was given twice") }
    }
    return result
  }

  /// Runs the network.
  ///
  /// - Parameter outputs: names of any values of the file; the graph's outputs if empty. What stands in a function that was put in the place of
  ///   its call is called `CALL/NAME`.
  /// - Returns: the tensors that the outputs consist of: see `ComputedValue`.
  /// - Throws: `CarpusError`.
  public func run(
    _ inputs: [String: Tensor], outputs: [String] = [], threads: Int = 1
  ) throws(CarpusError) -> [ComputedTensor] {
    try values(inputs, outputs: outputs, threads: threads).flatMap(\.tensors)
  }

  /// The same, with sequences, optional values and maps as they are.
  ///
  /// - Parameter strict: with plain sums alone, without Winograd's method: for comparing with other programs.
  public func values(
    _ inputs: [String: Tensor], outputs: [String] = [], threads: Int = 1, strict: Bool = false
  ) throws(CarpusError) -> [ComputedValue] {
    let graph = try specialized(to: inputs)
    do {
      var wanted = graph.outputs
      if !outputs.isEmpty { wanted = try graph.values(named: outputs) }
      return try Self.compute(wanted, of: graph, inputs, RewriteCatalog.rewrites(strict: strict), threads: threads)
    } catch { throw CarpusError(error).about(name) }
  }

  /// Gradients of `Σ over the batch of output[…, index]`.
  ///
  /// - Parameters:
  ///   - target: name of a tensor, usually an output.
  ///   - index: along its last axis; may be left out where that has one element.
  ///   - sources: names of inputs or of any other tensors that `target` depends on.
  /// - Returns: for each source `∂/∂source`, of its shape.
  /// - Throws: `CarpusError`: 64 for names that do not exist, 69 where a node has no gradient.
  public func gradients(
    of target: String, index: Int?, withRespectTo sources: [String], _ inputs: [String: Tensor], threads: Int = 1
  ) throws(CarpusError) -> [ComputedTensor] {
    let graph = try specialized(to: inputs)
    do throws(GraphError) {
      let (differentiated, gradients) = try graph.differentiating(TargetName(output: target, index: index), withRespectTo: sources)
      let wanted = zip(sources, gradients).map { NamedValue(name: $0, value: $1) }
      return try Self.compute(wanted, of: differentiated, inputs, RewriteCatalog.all, threads: threads).flatMap(\.tensors)
    } catch { throw CarpusError(error).about(name) }
  }

  private static func compute(
    _ wanted: [NamedValue], of graph: Graph, _ inputs: [String: Tensor], _ rewrites: [any Rewrite.Type], threads: Int
  ) throws(GraphError) -> [ComputedValue] {
    let results = try Workspace(try Plan(graph, outputs: wanted, rewrites: rewrites), threads: threads).run(inputs)
    return zip(wanted, results).map { ComputedValue(name: $0.name, value: $1) }
  }
}

/// An output and, behind a colon, an index along its last axis.
public struct TargetName: Sendable, Hashable {
  public let output: String
  public let index: Int?

  public init(output: String, index: Int?) {
    self.output = output
    self.index = index
  }

  var text: String { output + (index.map { ":\($0)" } ?? "") }

  /// `score`, `class:3`. A name that itself holds colons is taken whole if a tensor is called so.
  public init(_ text: String, in graph: Graph) {
    guard (try? graph.value(named: text)) == nil, let colon = text.lastIndex(of: ":"), let index = Int(text[text.index(after: colon)...])
    else {
      output = text
      self.index = nil
      return
    }
    output = String(text[..<colon])
    self.index = index
  }
}
