import CarpusTensors
public import CarpusGraphs

/// A spatial feature map `[N×K×h×w]` that a score can be explained at.
public struct Layer: Hashable, Sendable {
  public let value: Value
  /// The name in the file.
  public let name: String
  public let channels: Int
  public let height: Int
  public let width: Int
  /// True when everything that leads from the input to the target passes through it. Otherwise a map at this layer
  /// tells a part of the story.
  public let isComplete: Bool
}

extension Graph {
  /// The feature maps between the inputs and `target`: tensors of rank 4 with more than one cell, first to last.
  ///
  /// Needs known shapes: see `specialized(to:)`.
  public func layers(before target: Value) -> [Layer] {
    let names = preferredNames
    let depending = dependants(of: Set(inputs.map(\.value)))
    let leading = ancestors(of: [target]).intersection(depending)
    var uses: [Value: Int] = [:]
    for node in nodes where node.results.contains(where: leading.contains) {
      for case let operand? in node.operands where leading.contains(operand) { uses[operand, default: 0] += 1 }
    }
    // A value is on every way from input to target exactly when, once it has been computed, nothing else is still awaited.
    var awaited = Set(inputs.map(\.value).filter { uses[$0, default: 0] > 0 })
    var result: [Layer] = []
    for node in nodes where node.results.contains(where: leading.contains) {
      for case let operand? in node.operands where leading.contains(operand) {
        uses[operand, default: 0] -= 1
        if uses[operand] == 0 { awaited.remove(operand) }
      }
      for value in node.results where leading.contains(value) {
        awaited.insert(value)
        guard isFloatingPoint(value), let shape = type(of: value).staticShape, shape.rank == 4, shape[2] * shape[3] > 1,
          let name = names[value]
        else { continue }
        result.append(
          Layer(value: value, name: name, channels: shape[1], height: shape[2], width: shape[3], isComplete: awaited == [value]))
      }
    }
    return result
  }

  /// The layer to explain `target` at: the last that everything passes through, or else the last.
  ///
  /// Tensors `[N×1×1×K]` and `[N×h×h×K]`, which have their channels on the last axis, are passed over.
  ///
  /// - Throws: `ExplanationError.layer` when there is none.
  public func automaticLayer(before target: Value) throws(ExplanationError) -> Layer {
    let layers = layers(before: target)
    let maps = layers.filter { $0.height > 1 && $0.width > 1 && !($0.channels == $0.height && $0.width != $0.height) }
    guard let layer = maps.last(where: \.isComplete) ?? maps.last ?? layers.last else {
      throw .layer("the score does not depend on any feature map [N×K×h×w] of more than one cell; networks of tokens are not explained yet")
    }
    return layer
  }

  /// The layer of this name.
  ///
  /// - Throws: `ExplanationError.layer` when there is no such tensor, or it is no feature map before `target`.
  public func layer(named name: String, before target: Value) throws(ExplanationError) -> Layer {
    let value: Value
    do { value = try self.value(named: name) } catch { throw .graph(error) }
    let layers = layers(before: target)
    guard let layer = layers.first(where: { $0.value == value }) else {
      let choices = layers.suffix(5).map { "'\($0.name)' (\($0.channels)×\($0.height)×\($0.width))" }.joined(separator: ", ")
      throw .layer(
        "'\(name)' is \(type(of: value)), not a feature map [N×K×h×w] that the target depends on"
          + (choices.isEmpty ? "" : "; the last of those are \(choices)"))
    }
    return layer
  }
}
