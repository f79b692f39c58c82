import CarpusGraphs
import CarpusImaging
import CarpusScoring
import CarpusTensors

/// A model that is ready to score one radiograph at a time.
struct Network: Sendable {
  let reading: ModelReading
  let preprocessing: Preprocessing
  let input: String
  /// The score's output, the classes' output, or both.
  let outputs: [NamedValue]
  let plan: Plan

  /// - Throws: `CarpusError` 64 when nothing says what the outputs mean.
  init(_ reading: ModelReading) throws(CarpusError) {
    self.reading = reading
    let model = reading.model
    guard reading.score != nil || reading.classes != nil else {
      let output = model.graph.outputs.first
      throw CarpusError(
        .usage, "‘\(output?.name ?? "")’ of \(model.name) has several elements, and no card says what they mean; draft one with: carpus inspect \(model.name) --card")
    }
    preprocessing = try reading.preprocessing()
    input = model.graph.inputs[0].name
    let graph = try model.specialized(to: [input: Shape([1, preprocessing.channels, preprocessing.size.height, preprocessing.size.width])])
    let names = [reading.score?.target.output, reading.classes?.output].compactMap(\.self)
    outputs = graph.outputs.filter { names.contains($0.name) }
    do { plan = try Plan(graph, outputs: outputs) } catch { throw CarpusError(error).about(model.name) }
  }
}

/// A network with the memory of its runs.
struct NetworkRunner {
  private let network: Network
  private let workspace: Workspace

  init(_ network: Network, threads: Int) {
    self.network = network
    workspace = Workspace(network.plan, threads: threads)
  }

  func score(_ tensor: Tensor) throws(CarpusError) -> RawScore {
    let values: [RunValue]
    do { values = try workspace.run([network.input: tensor]) } catch { throw CarpusError(error).about(network.reading.model.name) }
    return try network.reading.score { output throws(CarpusError) in
      let index = network.outputs.firstIndex { $0.name == output }
      guard let tensor = index.flatMap({ values[$0].tensor }), tensor.elementType != .string else {
        throw CarpusError(.badData, "output ‘\(output)’ of \(network.reading.model.name) is no tensor of numbers")
      }
      let elements = tensor.doubles
      guard elements.allSatisfy(\.isFinite) else {
        throw CarpusError(.badData, "output ‘\(output)’ of \(network.reading.model.name) is not a finite number")
      }
      return elements
    }
  }
}
