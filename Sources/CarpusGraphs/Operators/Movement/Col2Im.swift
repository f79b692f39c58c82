import CarpusTensors

/// `Y[n, c, p] = Σ X[n, (c, t), l]` over all taps t of all blocks l that lie on pixel p: the blocks that a window cuts out of an
/// image are put back and added. Tap t of block l lies at `l · strides − pads + t · dilations` along each axis; what lies in the
/// padding is dropped.
///
/// - Operands: `X` `[N, C · taps, blocks]`, any type (truth values are joined by or); the image's extents and the block's,
///   integers, one per axis.
/// - Results: `Y` `[N, C, the image's extents…]`.
/// - Throws: when the extents do not fit together.
public struct Col2Im: Operator {
  public static let signature = OperatorSignature("Col2Im", since: 18, operands: 3...3, gradient: .defined)
  private let strides, pads, dilations: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    strides = try node.ints("strides")
    pads = try node.ints("pads")
    dilations = try node.ints("dilations")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    let extents = x.shape.extents ?? [nil, nil, nil]
    guard extents.count == 3 else { throw .operands("operand 0 must be [N, C · taps, blocks], not \(x.shape)") }
    let lists = (try operands.integerList(1, or: nil), try operands.integerList(2, or: nil))
    guard case .known(let image) = lists.0 else {
      if case .later(let count?) = lists.0 { return [ValueType(x.elementType, .unknown(rank: count + 2))] }
      return [ValueType(x.elementType, .unknown)]
    }
    guard image.allSatisfy({ $0 >= 0 }) else { throw .operands("\(image) are no extents of an image") }
    guard case .known(let block) = lists.1 else { return [ValueType(x.elementType, PartialShape([extents[0], nil] + image))] }
    let blocks = try blocks(image, block)
    if let given = extents[2], given != blocks.count {
      throw .operands("\(blocks.count) blocks of \(block) lie on an image of \(image), and operand 0 has \(given)")
    }
    if let given = extents[1], given % blocks.tapCount != 0 {
      throw .operands("\(given) is no multiple of the \(blocks.tapCount) elements of a block")
    }
    return [try Movement.resultType(x.elementType, [extents[0], extents[1].map { $0 / blocks.tapCount }] + image)]
  }

  private func blocks(_ image: [Int], _ block: [Int]) throws(OperatorError) -> BlockGrid {
    let rank = image.count
    return try BlockGrid(
      image: image, block: block, strides: strides ?? [Int](repeating: 1, count: rank),
      pads: pads ?? [Int](repeating: 0, count: 2 * rank), dilations: dilations ?? [Int](repeating: 1, count: rank))
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    guard let image = operands.integers(1), let block = operands.integers(2) else { throw .operands("the extents are missing") }
    let places = try blocks(image, block).places()
    func add<T: TensorElement>(_ type: T.Type, _ sum: (T, T) -> T) {
      let x = x.elements(T.self)
      var y = results.elements(0, as: T.self)
      let zero = Tensor(zeros: T.elementType, shape: []).elements(T.self)[0], area = image.reduce(1, *)
      for place in y.indices { y[place] = zero }
      for index in x.indices {
        let place = places[index % places.count]
        if place >= 0 { y[index / places.count * area + place] = sum(y[index / places.count * area + place], x[index]) }
      }
    }
    func floating<T: KernelScalar>(_ type: T.Type) { add(type, +) }
    func integral<T: IntegerElement>(_ type: T.Type) { add(type, &+) }
    if let type = x.elementType.kernelType {
      floating(type)
    } else if let type = x.elementType.integerType {
      integral(type)
    } else if x.elementType == .bool {
      add(Bool.self) { $0 || $1 }
    } else {
      throw .operands("no arithmetic on \(x.elementType)")
    }
  }

  // MARK: Gradient

  /// ∂X is the blocks that are cut out of ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil, nil] }
    guard let image = step.operandInfos.knownIntegers(1), let block = step.operandInfos.knownIntegers(2) else {
      throw .notDifferentiable("the extents of the image or of a block depend on data")
    }
    return [try graph.add(Col2ImAdjoint(try blocks(image, block), of: try step.shape(0)), seed), nil, nil]
  }
}

/// The blocks that a window cuts out of images, 0 where it reaches into the padding: the adjoint of `Col2Im`.
///
/// - Operands: `seed` `[N, C, the image's extents…]`.
struct Col2ImAdjoint: InternalOperator {
  static let signature = OperatorSignature("Col2Im", domain: "adjoint", operands: 1...1, gradient: .undefined)
  private let blocks: BlockGrid
  private let shape: Shape

  init(_ blocks: BlockGrid, of shape: Shape) {
    self.blocks = blocks
    self.shape = shape
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.elementType(0) == .float64 ? cut(Double.self, operands[0], into: &results) : cut(Float.self, operands[0], into: &results)
  }

  private func cut<T: KernelScalar>(_ type: T.Type, _ seed: Tensor, into results: inout Results) {
    let places = blocks.places(), area = seed.shape.extents.dropFirst(2).reduce(1, *)
    let seed = seed.elements(T.self)
    var x = results.elements(0, as: T.self)
    for index in x.indices {
      let place = places[index % places.count]
      x[index] = place < 0 ? 0 : seed[index / places.count * area + place]
    }
  }
}

/// Where the elements of blocks lie on an image.
struct BlockGrid: Sendable {
  private let image, block, strides, padsBegin, dilations: [Int]
  /// How many blocks lie along each axis.
  private let counts: [Int]
  let tapCount: Int
  let count: Int

  /// - Throws: when the lists differ in length, a number is not allowed, or no block fits into the image.
  init(image: [Int], block: [Int], strides: [Int], pads: [Int], dilations: [Int]) throws(OperatorError) {
    let rank = image.count
    guard rank > 0, block.count == rank, strides.count == rank, dilations.count == rank, pads.count == 2 * rank else {
      throw .operands("an image of \(rank) axes takes as many extents of a block, strides and dilations, and twice as many pads")
    }
    let limit = 1 << 30
    guard (image + pads).allSatisfy({ (0..<limit).contains($0) }),
      (block + strides + dilations).allSatisfy({ (1..<limit).contains($0) })
    else {
      throw .operands("extents, strides, dilations or pads are negative, 0 or too large")
    }
    counts = try (0..<rank).map { axis throws(OperatorError) in
      let span = image[axis] + pads[axis] + pads[axis + rank] - (block[axis] - 1) * dilations[axis] - 1
      guard span >= 0 else { throw .operands("a block of \(block) does not fit into an image of \(image)") }
      return span / strides[axis] + 1
    }
    guard let taps = Shape(checking: block), let all = Shape(checking: block + counts) else {
      throw .tooLarge("so many blocks of \(block)")
    }
    tapCount = taps.count
    count = all.count / taps.count
    (self.image, self.block, self.strides, self.dilations, padsBegin) = (image, block, strides, dilations, Array(pads[..<rank]))
  }

  /// For each tap, and for each block within it, the number of the pixel; -1 in the padding.
  func places() -> [Int] {
    let strides = Shape(image).strides
    // Axis by axis: the places of all taps and blocks along the axes so far.
    var places = [0], taps = 1, blocks = 1
    for axis in image.indices {
      var next: [Int] = []
      next.reserveCapacity(places.count * block[axis] * counts[axis])
      for outerTap in 0..<taps {
        for tap in 0..<block[axis] {
          for outerBlock in 0..<blocks {
            for number in 0..<counts[axis] {
              let position = number * self.strides[axis] - padsBegin[axis] + tap * dilations[axis]
              let before = places[outerTap * blocks + outerBlock]
              next.append(before < 0 || !(0..<image[axis]).contains(position) ? -1 : before + position * strides[axis])
            }
          }
        }
      }
      (places, taps, blocks) = (next, taps * block[axis], blocks * counts[axis])
    }
    return places
  }
}
