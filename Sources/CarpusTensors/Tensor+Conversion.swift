extension Tensor {
  /// The elements as another type, by the rules of `Kernels.convert`. The same tensor if it has that type.
  public func converted(to target: ElementType, team: ThreadTeam = .single) -> Tensor {
    guard target != elementType else { return self }
    let storage = TensorStorage(byteCount: shape.count * target.byteCount)
    var bytes = storage.mutableRawSpan(offset: 0, byteCount: storage.byteCount)
    Kernels.convert(self.bytes, of: elementType, into: &bytes, as: target, team: team)
    return Tensor(elementType: target, shape: shape, storage: storage)
  }

  /// Copies the elements of a tensor of the same type and count into this one's memory. Only for whoever is filling it.
  package func overwrite(with other: Tensor) {
    precondition(other.elementType == elementType && other.shape.count == shape.count)
    storage.fill(from: other.bytes, at: offset)
  }
}

extension Tensor {
  /// A tensor whose bytes are written by `fill`; they are zero before.
  package init(elementType: ElementType, shape: Shape, filledBy fill: (inout MutableRawSpan) -> Void) {
    let storage = TensorStorage(byteCount: shape.count * elementType.byteCount)
    var bytes = storage.mutableRawSpan(offset: 0, byteCount: storage.byteCount)
    fill(&bytes)
    self.init(elementType: elementType, shape: shape, storage: storage)
  }
}
