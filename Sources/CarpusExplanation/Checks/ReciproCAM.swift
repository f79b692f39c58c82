public import CarpusTensors

extension Explainer {
  /// Maps that need no gradient: what the score is when the layer keeps the features of one cell and is 0 elsewhere, less the score with the layer 0 everywhere,
  /// `L(i,j) = y(A ⊙ 1ᵢⱼ) − y(0)`.
  ///
  /// For a network that ends in global average pooling and one linear layer this is HiResCAM. Elsewhere the two differ by how far the network is from linear
  /// behind the layer, so that a high rank correlation of both says that neither the gradient nor the bending leads the map astray.
  ///
  /// Only what is behind the layer is computed, for as many cells at a time as the explainer takes images. Source: Byun and Lee, Recipro-CAM: fast gradient-free
  /// visual explanations for convolutional neural networks, arXiv:2209.14074, 2022, without its smoothing of neighbouring cells and without normalisation.
  ///
  /// - Parameter tensor: the images, as for `evidence`; they matter only where a part of the network bypasses the layer.
  public func reciproCAM(_ evidence: Evidence, input tensor: Tensor, threads: Int) throws(ExplanationError) -> [AttributionMap] {
    let intercepts = try intercepts(for: tensor, threads: threads)
    guard intercepts.count == images else { throw .layer("the shape of layer '\(layer.name)' is not known") }
    let cells = layer.height * layer.width, workspace = tailWorkspace(threads: threads)
    var maps: [AttributionMap] = []
    for image in 0..<images {
      let features = evidence.activations.part(image).doubles
      let copies = Tensor(repeating: tensor.part(image), count: images)
      var values: [Double] = []
      for start in stride(from: 0, to: cells, by: images) {
        let count = min(images, cells - start)
        var batch = [Double](repeating: 0, count: evidence.activations.shape.count)
        for copy in 0..<count {
          for channel in 0..<layer.channels {
            let place = channel * cells + start + copy
            batch[copy * features.count + place] = features[place]
          }
        }
        let layer = Tensor(batch, shape: evidence.activations.shape).converted(to: evidence.activations.elementType)
        values += try targets(with: layer, for: copies, in: workspace).prefix(count).map { $0 - intercepts[image] }
      }
      guard values.allSatisfy(\.isFinite) else { throw .notFinite("the score of a single cell of layer '\(layer.name)' is not a finite number") }
      maps.append(AttributionMap(method: "reciprocam", layer: layer.name, height: layer.height, width: layer.width, values: values))
    }
    return maps
  }
}

extension Tensor {
  /// Copies of a tensor along a new outermost axis.
  init(repeating part: Tensor, count: Int) {
    let numbers = part.doubles
    self = Tensor((0..<count).flatMap { _ in numbers }, shape: Shape([count] + part.shape.extents)).converted(to: part.elementType)
  }
}
