import CarpusExplanation
import CarpusGraphs
import CarpusTensors

/// A layer to explain a score at, and what its cells see of the input.
struct LayerSummary: Sendable {
  let layer: Layer
  /// The innermost module that makes it; empty where the file does not say it.
  let module: String
  /// Down and across; empty where the input is no image.
  let fields: [ReceptiveField]

  /// Down and across, where cells lie on a grid.
  var grids: [ReceptiveField.Grid]? {
    let grids = fields.enumerated().compactMap { axis, field in field.grid.flatMap { $0.axis == axis + 2 ? $0 : nil } }
    return grids.count == 2 ? grids : nil
  }

  /// What a cell sees beyond its part of the grid; `nil` if nothing.
  var beyond: String? {
    for field in fields {
      switch field.beyond {
      case .nothing: continue
      case .regrouped(_, let name): return "positions are regrouped by \(name)"
      case .unknown(let name): return "what \(name) sees is not known"
      case .everything(let name): return "sees everything since \(name)"
      }
    }
    return nil
  }

  /// The layers of a graph with one image as its first input, `[N×C×h×w]` or `[N×h×w×C]`.
  static func all(of graph: Graph, _ layers: [Layer]) -> [LayerSummary] {
    var axes: [[Value: ReceptiveField]] = []
    if let input = graph.inputs.first?.value, let shape = graph.type(of: input).staticShape, shape.rank == 4 {
      // Images have fewer channels than rows and columns.
      let first = shape[3] < shape[1] ? 1 : 2
      axes = [first, first + 1].map { graph.receptiveFields(of: input, axis: $0) }
    }
    return layers.map { layer in
      let fields = axes.compactMap { $0[layer.value] }
      return LayerSummary(
        layer: layer, module: graph.producer(of: layer.value)?.scope?.name ?? "", fields: fields.count == axes.count ? fields : [])
    }
  }
}
