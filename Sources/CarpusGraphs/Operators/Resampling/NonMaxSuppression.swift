import CarpusTensors

/// The boxes that stay, for each image and class: those with a score above the threshold, best first (of equals the one that
/// comes first), without those that overlap with a better one that stays in more than a part `iou_threshold` of their union, and
/// at most so many.
///
/// - Operands: boxes `[N, B, 4]`, float32, two opposite corners `y x y x` or, with `center_point_box` 1, centre and size `x y w
///   h`; scores `[N, C, B]`, float32; how many at most per image and class (0 by default, so none), `iou_threshold` in 0…1 (0 by
///   default), and the score threshold (none by default), each one number.
/// - Results: `[n, 3]`, int64: image, class, box.
public struct NonMaxSuppression: Operator {
  public static let signature = OperatorSignature("NonMaxSuppression", since: 10, operands: 2...5, gradient: .stops)
  private let hasCentres: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) { hasCentres = try node.flag("center_point_box", default: false) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let boxes = try operands.tensor(0), scores = try operands.tensor(1)
    guard boxes.elementType == .float32, scores.elementType == .float32 else {
      throw .operands("boxes and scores must be float32, not \(boxes.elementType) and \(scores.elementType)")
    }
    guard boxes.shape.agrees(with: [scores.shape[0], scores.shape[2], 4]), scores.shape.agrees(with: [nil, nil, nil]) else {
      throw .operands("boxes of shape \(boxes.shape) and scores of shape \(scores.shape) must be [N, B, 4] and [N, C, B]")
    }
    for (index, name) in [(2, "the largest number of boxes"), (3, "iou_threshold"), (4, "the score threshold")] {
      guard let type = try operands.optionalTensor(index) else { continue }
      guard index == 2 ? type.elementType.isInteger : type.elementType == .float32, type.shape.shape.map({ $0.count == 1 }) ?? true else {
        throw .operands("\(name) must be one \(index == 2 ? "integer" : "float32"), not \(type)")
      }
    }
    let isKnown = operands.allSatisfy { $0.type == nil || $0.value != nil }
    return [ValueType(.int64, [isKnown ? try selected(operands).count / 3 : nil, 3])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.copyElements(of: Tensor(try selected(operands.infos), shape: results.shape(0)))
  }

  /// The rows of the result. All values are known.
  private func selected(_ operands: [OperandInfo]) throws(OperatorError) -> [Int64] {
    guard let coordinates = operands[0].value, let scores = operands[1].value else { throw .operands("boxes or scores are missing") }
    func number(_ index: Int) -> Tensor? { index < operands.count ? operands[index].value : nil }
    let limit = max(number(2)?.integers?.first ?? 0, 0), overlap = number(3)?.array(of: Float.self).first ?? 0
    guard overlap >= 0, overlap <= 1 else { throw .operands("iou_threshold must be between 0 and 1, not \(overlap)") }
    let threshold = number(4)?.array(of: Float.self).first
    let images = scores.shape[0], classes = scores.shape[1], count = scores.shape[2]
    let numbers = coordinates.array(of: Float.self), values = scores.array(of: Float.self)
    let boxes = (0..<images * count).map { Box(numbers[4 * $0..<4 * $0 + 4], isCentred: hasCentres) }
    var rows: [Int64] = []
    for image in 0..<images {
      for kind in 0..<classes {
        let first = (image * classes + kind) * count
        // NaN is the least.
        let order = (0..<count).filter { place in threshold.map { values[first + place] > $0 } ?? true }.sorted { a, b in
          let p = values[first + a], q = values[first + b]
          return p > q || (p == p && q != q) || (a < b && (p == q || (p != p && q != q)))
        }
        var kept: [Int] = []
        for box in order where kept.count < limit {
          if kept.contains(where: { boxes[image * count + box].overlap(with: boxes[image * count + $0]) > overlap }) { continue }
          kept.append(box)
          rows += [Int64(image), Int64(kind), Int64(box)]
        }
      }
    }
    return rows
  }

  // MARK: Gradient

  /// A choice does not change with the numbers.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}

private struct Box {
  /// Along the two axes.
  let low, high: (Float, Float)

  /// - Precondition: 4 numbers.
  init(_ numbers: ArraySlice<Float>, isCentred: Bool) {
    let n = Array(numbers)
    low = isCentred ? (n[0] - n[2] / 2, n[1] - n[3] / 2) : (min(n[0], n[2]), min(n[1], n[3]))
    high = isCentred ? (n[0] + n[2] / 2, n[1] + n[3] / 2) : (max(n[0], n[2]), max(n[1], n[3]))
  }

  private var area: Float { (high.0 - low.0) * (high.1 - low.1) }

  /// Area of the intersection by area of the union; 0 for boxes without an area.
  func overlap(with other: Box) -> Float {
    let height = min(high.0, other.high.0) - max(low.0, other.low.0), width = min(high.1, other.high.1) - max(low.1, other.low.1)
    guard height > 0, width > 0, area > 0, other.area > 0 else { return 0 }
    return height * width / (area + other.area - height * width)
  }
}
