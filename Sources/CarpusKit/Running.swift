import CarpusONNX
public import CarpusGraphs
public import CarpusTensors

/// A tensor that a run or a gradient gave, by the name that was asked for.
public struct ComputedTensor: Sendable {
  public let name: String
  public let tensor: Tensor
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
  /// - Parameter outputs: names of any tensors of the file; the graph's outputs if empty.
  /// - Throws: `CarpusError`.
  public func run(
    _ inputs: [String: Tensor], outputs: [String] = [], threads: Int = 1
  ) throws(CarpusError) -> [ComputedTensor] {
    let graph = try specialized(to: inputs)
    do {
      var wanted = graph.outputs
      if !outputs.isEmpty {
        wanted = []
        for name in outputs { wanted.append(NamedValue(name: name, value: try graph.value(named: name))) }
      }
      return try Self.compute(wanted, of: graph, inputs, threads: threads)
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
      let output = try graph.value(named: target)
      if index == nil, let last = graph.type(of: output).staticShape?.extents.last, last != 1 {
        throw GraphError.notConnected(
          "'\(target)' has \(last) elements along its last axis: say which one as \(target):INDEX, 0…\(last - 1)")
      }
      var values: [Value] = []
      for source in sources { values.append(try graph.value(named: source)) }
      let seed = try graph.seed(of: output, index: index ?? 0)
      let (differentiated, gradients) = try graph.differentiating(output, seed: seed, withRespectTo: values)
      let wanted = zip(sources, gradients).map { NamedValue(name: $0, value: $1) }
      return try Self.compute(wanted, of: differentiated, inputs, threads: threads)
    } catch { throw CarpusError(error).about(name) }
  }

  private static func compute(
    _ wanted: [NamedValue], of graph: Graph, _ inputs: [String: Tensor], threads: Int
  ) throws(GraphError) -> [ComputedTensor] {
    let plan = try Plan(graph, outputs: wanted)
    let results = try Workspace(plan, threads: threads).run(inputs)
    var tensors: [ComputedTensor] = []
    for (named, result) in zip(wanted, results) {
      guard let tensor = result.tensor else {
        throw .notConnected("'\(named.name)' is a sequence of tensors, not a tensor; ask for what is made from it")
      }
      tensors.append(ComputedTensor(name: named.name, tensor: tensor))
    }
    return tensors
  }
}

/// An output and, behind a colon, an index along its last axis.
public struct TargetName: Sendable, Hashable {
  public let output: String
  public let index: Int?

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
