import CarpusExplanation
import CarpusGraphs
import CarpusImaging
import CarpusScoring
import CarpusTensors

/// A network of an audit: a model, or one of an ensemble's. Prepared once; its memory is `AuditedMember.Memory`, one for each thread.
struct AuditedMember: Sendable {
  let name: String
  let preprocessing: Preprocessing
  let explainer: Explainer
  let network: Network
  private let points: Points

  /// - Throws: `CarpusError` 69 where the model gives no score in points.
  init(_ reading: ModelReading, name: String) throws(CarpusError) {
    let model = reading.model
    guard let score = reading.score else {
      throw CarpusError(.unavailable, "\(model.name) gives no score in points; an audit needs one, which a model card can say")
    }
    self.name = name
    points = score.points
    network = try Network(reading)
    preprocessing = network.preprocessing
    let shape = Shape([1, preprocessing.channels, preprocessing.size.height, preprocessing.size.width])
    let graph = try model.specialized(to: [network.input: shape])
    do throws(ExplanationError) {
      explainer = try Explainer(
        graph, target: Target(output: score.target.output, index: score.target.index ?? 0), layerName: reading.card?.layer)
    } catch { throw CarpusError(error).about(model.name) }
  }

  var severity: SeverityScale? { points.severity }

  /// The memory of one thread's runs.
  struct Memory {
    let evidence, tail: Workspace
    let runner: NetworkRunner

    init(_ member: AuditedMember) {
      evidence = member.explainer.workspace(threads: 1)
      tail = member.explainer.tailWorkspace(threads: 1)
      runner = NetworkRunner(member.network, threads: 1)
    }
  }

  /// A score with its maps, in points.
  struct Explained {
    /// After the card's post-processing.
    let score: Double
    let severity: RadiographScore.Severity?
    /// What the maps explain: before clamping.
    let target: Double
    let intercept: Double
    let slope: Double
    /// One for each method.
    let maps: [AttributionMap]
  }

  func explained(_ input: ModelInput, methods: [any AttributionMethod.Type], in memory: Memory) throws(CarpusError) -> Explained {
    let evidence: Evidence, intercepts: [Double]
    var maps: [AttributionMap] = []
    do throws(ExplanationError) {
      evidence = try explainer.evidence(for: input.tensor, in: memory.evidence)
      for method in methods {
        maps.append(try explainer.maps(method, from: evidence)[0].scaled(by: points.factor, isMirrored: input.isMirrored))
      }
      intercepts = try explainer.intercepts(for: input.tensor, in: memory.tail)
    } catch { throw CarpusError(error).about(name) }
    guard let raw = evidence.targets.first, let intercept = intercepts.first, let slope = evidence.slopes.first else {
      throw CarpusError(.software, "\(name): no score for a radiograph")
    }
    let result = try network.reading.score { output throws(CarpusError) in evidence.outputs.first { $0.name == output }?.tensor.doubles ?? [] }
    let score = result.score ?? points.points(of: raw)
    return Explained(
      score: score, severity: result.severity ?? .init(of: score, in: points.severity), target: points.factor * raw + points.offset,
      intercept: points.factor * intercept + points.offset, slope: slope, maps: maps)
  }
}
