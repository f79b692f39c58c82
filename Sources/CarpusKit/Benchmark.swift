public import CarpusTensors
import CarpusExplanation
import CarpusGraphs
import CarpusReporting
import Foundation

/// How long one image takes.
public struct Benchmark: Sendable {
  /// Of each timed run.
  public let milliseconds: [Double]
  /// From the file to a plan that is ready.
  public let loadMilliseconds: Double
  /// The largest resident set of the process.
  public let peakByteCount: Int
  /// What each node of the plan takes, where it was asked for.
  let profile: [NodeTime]

  /// - Parameters:
  ///   - shapes: of inputs that the file leaves open; a free batch is 1.
  ///   - method: times a run and the raw map of the first output's first element; a run alone without it.
  ///   - differentiating: times a run and the gradient of that element with respect to the first input; not together with `method`.
  ///   - strict: with fixed kernels and plain sums; not together with `method`.
  ///   - profiling: measures each node, in further runs.
  /// - Throws: `CarpusError`.
  public init(
    path: String, shapes: [String: Shape], threads: Int, runs: Int, method: String?, differentiating: Bool = false, strict: Bool = false,
    profiling: Bool = false
  ) throws(CarpusError) {
    let clock = ContinuousClock()
    let start = clock.now
    let model = try Model(path: path)
    let graph = try model.specialized(to: shapes)
    let inputs = try Self.inputs(of: graph, model: model.name)
    let once: () throws(CarpusError) -> Void
    var measure: () throws(GraphError) -> [NodeTime] = { [] }
    if let method {
      once = try Self.explanation(graph, method: method, inputs: inputs, threads: threads)
    } else {
      let plan: Plan
      do {
        let (graph, outputs) = differentiating ? try Self.differentiated(graph) : (graph, graph.outputs)
        plan = try Plan(graph, outputs: outputs, rewrites: RewriteCatalog.rewrites(strict: strict))
      } catch { throw CarpusError(error).about(model.name) }
      let workspace = Workspace(plan, threads: threads)
      if profiling { measure = { () throws(GraphError) in try workspace.profile(inputs, runs: runs) } }
      once = { () throws(CarpusError) in
        do throws(GraphError) { _ = try workspace.run(inputs) } catch { throw CarpusError(error).about(model.name) }
      }
    }
    loadMilliseconds = Self.milliseconds(clock.now - start)
    let warmUp = clock.now
    repeat { try once() } while clock.now - warmUp < .milliseconds(200)
    var times: [Double] = []
    for _ in 0..<runs {
      let start = clock.now
      try once()
      times.append(Self.milliseconds(clock.now - start))
    }
    milliseconds = times
    do { profile = try measure() } catch { throw CarpusError(error).about(model.name) }
    peakByteCount = SystemMemory.peakByteCount
  }

  /// The graph with the gradient of the first output's first element with respect to the first input.
  private static func differentiated(_ graph: Graph) throws(GraphError) -> (graph: Graph, outputs: [NamedValue]) {
    guard let input = graph.inputs.first, let output = graph.outputs.first else { return (graph, graph.outputs) }
    let (differentiated, gradients) = try graph.differentiating(
      output.value, seed: try graph.seed(of: output.value, index: 0), withRespectTo: [input.value])
    return (differentiated, graph.outputs + gradients.map { NamedValue(name: "gradient.\(input.name)", value: $0) })
  }

  private static func explanation(
    _ graph: Graph, method: String, inputs: [String: Tensor], threads: Int
  ) throws(CarpusError) -> () throws(CarpusError) -> Void {
    do throws(ExplanationError) {
      let method = try MethodCatalog.method(named: method)
      let explainer = try Explainer(graph, target: Target(output: graph.outputs[0].name))
      let workspace = explainer.workspace(threads: threads)
      guard let image = inputs[explainer.input] else { throw ExplanationError.target("the network has no input") }
      return { () throws(CarpusError) in
        do throws(ExplanationError) { _ = try explainer.maps(method, from: try explainer.evidence(for: image, in: workspace)) } catch { throw CarpusError(error) }
      }
    } catch { throw CarpusError(error) }
  }

  /// Numbers that look like a normalised image, the same in every run.
  private static func inputs(of graph: Graph, model: String) throws(CarpusError) -> [String: Tensor] {
    var inputs: [String: Tensor] = [:]
    for input in graph.inputs {
      guard case .tensor(let type) = graph.type(of: input.value), let shape = type.shape.shape else {
        throw CarpusError(.usage, "the shape of input '\(input.name)' of \(model) is open: say it with --shape \(input.name)=1x3x512x512")
      }
      let values = (0..<shape.count).map { Float(($0 &* 2_654_435_761) & 0xffff) / 32_768 - 1 }
      inputs[input.name] = Tensor(values, shape: shape).converted(to: type.elementType)
    }
    return inputs
  }

  private static func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
  }

  private var median: Double {
    let sorted = milliseconds.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  public var lines: [String] {
    [
      "milliseconds  \(median) (median of \(milliseconds.count)), \(milliseconds.min() ?? 0) (best)",
      "loading       \(loadMilliseconds) ms", "memory        \(peakByteCount / 1_000_000) MB at most",
    ] + profileLines
  }

  /// Milliseconds, multiplications and additions in a nanosecond, operator, method, result and name of each node.
  private var profileLines: [String] {
    profile.map { node in
      let rate = node.multiplyAdds.map { Self.columns(2 * Double($0) / node.milliseconds / 1e6, 8, 1) } ?? Self.padded("", 8)
      return "\(Self.columns(node.milliseconds, 9, 3)) \(rate)  \(node.operatorName) \(node.method) \(node.result) \(node.name)"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Right-aligned, with so many decimals.
  private static func columns(_ number: Double, _ width: Int, _ decimals: Int) -> String {
    padded(String(format: "%.\(decimals)f", number), width)
  }

  public var json: String {
    JSONText.object([
      ("schema", .string("carpus-benchmark/1")),
      ("milliseconds", .object([("min", .number(milliseconds.min() ?? 0)), ("median", .number(median))])),
      ("load_milliseconds", .number(loadMilliseconds)), ("peak_bytes", .integer(peakByteCount)),
    ]).text
  }
}
