import CarpusGraphs
import CarpusImaging
import CarpusTensors
import Synchronization

/// A network that scores changed copies of a radiograph, several at a time where its batch is free.
struct CopyScorer {
  private let network: Network
  private let workspace: Workspace
  private let outputs: [NamedValue]
  private let batch: Int
  private let threads: Int

  /// - Parameter batch: how many copies at most are in memory and in the network at a time.
  /// - Throws: `CarpusError`, 65 where the network gives no points.
  init(_ network: Network, batch: Int = 8, threads: Int = 1) throws(CarpusError) {
    let model = network.reading.model
    guard network.reading.score != nil else {
      throw CarpusError(.badData, "\(model.name) gives no score in points, so that there is nothing for a covered region to change")
    }
    let isFree = model.graph.type(of: model.graph.inputs[0].value).tensor?.shape.extents?.first == .some(nil)
    self.batch = isFree ? max(1, batch) : 1
    (self.network, self.threads) = (network, threads)
    let (size, channels) = (network.preprocessing.size, network.preprocessing.channels)
    let graph = try model.specialized(to: [network.input: Shape([self.batch, channels, size.height, size.width])])
    outputs = graph.outputs.filter { output in network.outputs.contains { $0.name == output.name } }
    do { workspace = Workspace(try Plan(graph, outputs: outputs), threads: threads) } catch { throw CarpusError(error).about(model.name) }
  }

  /// The scores of copies, in points.
  ///
  /// - Parameters:
  ///   - name: of the radiograph, for what goes wrong.
  ///   - copy: makes one of `count` copies; called on several threads.
  func scores(of count: Int, name: String, copy: @Sendable (Int) -> Radiograph) throws(CarpusError) -> [Double] {
    var scores: [Double] = []
    for start in stride(from: 0, to: count, by: batch) {
      let inputs = try prepared(start..<min(start + batch, count), name: name, copy: copy)
      // Of a last batch that is not full the rest is the first copy again.
      let numbers = (0..<batch).flatMap { inputs[$0 < inputs.count ? $0 : 0].array(of: Float.self) }
      scores += try self.scores(of: Tensor(numbers, shape: Shape([batch] + inputs[0].shape.extents.dropFirst())), count: inputs.count, name: name)
    }
    return scores
  }

  private func prepared(_ copies: Range<Int>, name: String, copy: @Sendable (Int) -> Radiograph) throws(CarpusError) -> [Tensor] {
    let preprocessing = network.preprocessing
    let results = Mutex([Result<Tensor, CarpusError>?](repeating: nil, count: copies.count))
    ThreadTeam(count: threads).run(tasks: copies.count) { index, _ in
      let result = Result { () throws(CarpusError) in try preprocessing.prepared(copy(copies.lowerBound + index), name: name).tensor }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0.compactMap(\.self) }.map { result throws(CarpusError) in try result.get() }
  }

  private func scores(of images: Tensor, count: Int, name: String) throws(CarpusError) -> [Double] {
    let model = network.reading.model.name
    let values: [RunValue]
    do { values = try workspace.run([network.input: images]) } catch { throw CarpusError(error).about(model) }
    return try (0..<count).map { image throws(CarpusError) in
      let score = try network.reading.score { output throws(CarpusError) in
        let index = outputs.firstIndex { $0.name == output }
        guard let tensor = index.flatMap({ values[$0].tensor }), tensor.elementType != .string, tensor.shape.count % batch == 0 else {
          throw CarpusError(.badData, "output ‘\(output)’ of \(model) has no row of numbers for each radiograph")
        }
        let row = tensor.shape.count / batch
        let elements = Array(tensor.doubles[image * row..<(image + 1) * row])
        guard elements.allSatisfy(\.isFinite) else {
          throw CarpusError(.badData, "output ‘\(output)’ of \(model) is not a finite number for a changed copy of \(name)")
        }
        return elements
      }
      guard let points = score.score else { throw CarpusError(.badData, "\(model) gives no score in points") }
      return points
    }
  }
}
