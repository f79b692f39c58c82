public import CarpusTensors

/// The results of a node while it runs: memory to write, of the types that the shape rule gave.
public struct Results: ~Copyable {
  private var values: [RunValue]
  private let wanted: [Bool]
  /// The threads that the kernels may use.
  public let team: ThreadTeam
  /// Memory that lives as long as the run.
  public let scratch: Scratch

  package init(_ values: [RunValue], wanted: [Bool], team: ThreadTeam, scratch: Scratch) {
    self.values = values
    self.wanted = wanted
    self.team = team
    self.scratch = scratch
  }

  public var count: Int { values.count }

  /// False when nobody reads the result; it need not be written then.
  public func isWanted(_ index: Int) -> Bool { index < wanted.count && wanted[index] }

  public func elementType(_ index: Int) -> ElementType { tensor(index).elementType }
  public func shape(_ index: Int) -> Shape { tensor(index).shape }

  /// The elements of result `index`.
  ///
  /// - Precondition: `Element` is its element type.
  @_lifetime(&self)
  public mutating func elements<Element: TensorElement>(_ index: Int, as type: Element.Type = Element.self) -> MutableSpan<Element> {
    let target = tensor(index)
    precondition(Element.elementType == target.elementType, "a result of \(target.elementType) written as \(Element.elementType)")
    return lend(target.storage.mutableSpan(of: Element.self, offset: target.offset, count: target.shape.count), from: &self)
  }

  /// The elements of result `index` as bytes.
  @_lifetime(&self)
  public mutating func bytes(_ index: Int) -> MutableRawSpan {
    let target = tensor(index)
    return lend(target.storage.mutableRawSpan(offset: target.offset, byteCount: target.byteCount), from: &self)
  }

  /// Result `index` becomes `value`. A tensor is copied where the result has its place in memory already.
  ///
  /// - Precondition: `value` has the type that the shape rule gave.
  public mutating func set(_ index: Int, _ value: RunValue) {
    if let target = values[index].tensor, let tensor = value.tensor, target.elementType != .string {
      target.overwrite(with: tensor)
    } else {
      values[index] = value
    }
  }

  /// Result `index` is a tensor of text.
  ///
  /// - Throws: `OperatorError.tooLarge` when there is no memory for it: a few long texts may stand in many places.
  public mutating func setTexts(_ index: Int, _ texts: [String]) throws(OperatorError) {
    try MemoryLimit.check(texts)
    values[index] = .tensor(Tensor(texts, shape: shape(index)))
  }

  package consuming func finished() -> [RunValue] { values }

  private func tensor(_ index: Int) -> Tensor {
    guard let tensor = values[index].tensor else { preconditionFailure("result \(index) is not a tensor") }
    return tensor
  }
}
