import CCarpusKernels

/// The right matrix of a product, `inputs` × `outputs`, in the order in which the kernel for one instruction set reads it: made once, used
/// in many runs.
public struct PackedMatrix: Sendable {
  public let inputs, outputs: Int
  public let instructionSet: InstructionSet
  private let storage: TensorStorage
  private let bias: TensorStorage?

  /// Whether a product can be made of it: outputs come in whole vectors.
  public static func isSupported(inputs: Int, outputs: Int) -> Bool {
    outputs > 0 && outputs % BlockedPlanes.width == 0 && inputs > 0 && inputs <= 1 << 17
  }

  /// - Parameters:
  ///   - weights: `[inputs, outputs]`, or `[outputs, inputs]` if they are transposed.
  ///   - bias: one number for each output, added to each row; 0 where `nil`.
  /// - Precondition: the extents are supported, and the spans have as many elements.
  public init(
    _ weights: Span<Float>, inputs: Int, outputs: Int, isTransposed: Bool, bias: Span<Float>?, instructionSet: InstructionSet = .preferred
  ) {
    precondition(Self.isSupported(inputs: inputs, outputs: outputs) && weights.count == inputs * outputs)
    precondition((bias?.count ?? outputs) == outputs)
    self.inputs = inputs
    self.outputs = outputs
    self.instructionSet = instructionSet
    if let bias {
      let copy = TensorStorage(byteCount: outputs * 4)
      copy.fill(from: bias)
      self.bias = copy
    } else {
      self.bias = nil
    }
    storage = TensorStorage(byteCount: inputs * outputs * 4)
    let isa = ck_isa(rawValue: instructionSet.rawValue), source = Source(weights)
    for start in stride(from: 0, to: inputs, by: Self.depth) {
      let depth = min(Self.depth, inputs - start), target = storage.target.advanced(start * outputs, Float.self)
      var planes = Self.planes(depth, outputs)
      if isTransposed && depth == inputs {
        unsafe ck_pack_weights(isa, &planes, false, source.floats, target.floats)
      } else {
        let turned = TensorStorage(byteCount: depth * outputs * 4)
        let strides = isTransposed ? [inputs, 1] : [1, outputs]
        let part = source.advanced(isTransposed ? start : start * outputs, Float.self)
        unsafe ck_copy_strided(part.start, strides, turned.target.start, [depth, 1], [outputs, depth], 2, 4)
        unsafe ck_pack_weights(isa, &planes, false, turned.target.source.floats, target.floats)
      }
    }
  }

  /// Inputs whose weights lie together.
  private static var depth: Int { Int(CK_PRODUCT_DEPTH) }

  private static func planes(_ inputs: Int, _ outputs: Int) -> ck_planes {
    ck_planes(
      input_channels: inputs, output_channels: outputs, height: 1, width: 1, output_height: 1, output_width: 1, kernel_height: 1,
      kernel_width: 1, stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1, pad_top: 0, pad_left: 0,
      output_pixel: outputs, output_row: outputs, output_block: BlockedPlanes.width)
  }

  func multiply(
    _ x: Source, rows: Int, residual: Source?, _ activation: UnaryFunction?, into y: Target, _ scratch: Scratch, _ team: ThreadTeam
  ) {
    let planes = Self.planes(inputs, outputs), finish = activation.finish, width = BlockedPlanes.width, weights = storage.target.source
    let bias = bias?.target.source, group = ck_group_channels(team.isa), groups = (outputs + group - 1) / group
    // As many rows at a time as stay in the second cache while the groups change.
    let depth = min(inputs, Self.depth), most = max(28, (1 << 18) / depth), least = (rows + most - 1) / most
    let chunks = team.count == 1 ? least : max(least, min(2 * team.count, rows / 28))
    let parts = team.count == 1 || chunks >= 2 * team.count ? 1 : min(groups, 2 * team.count)
    let height = (rows + chunks - 1) / chunks, packed = BlockedPlanes.blocks(depth) * width * height * 4
    let memory = scratch.blocks(workers: team.count, byteCount: packed + BlockedPlanes.blocks(depth) * 8)
    team.run(tasks: chunks * parts) { task, worker in
      var planes = planes, finish = finish
      let chunk = task / parts, part = task % parts, spare = memory.base.advanced(bytes: worker * memory.stride)
      let offsets = spare.advanced(bytes: packed)
      unsafe ck_multiply_rows(
        team.isa, &planes, &finish, x.floats, weights.floats, bias?.floats, residual?.floats, y.floats, rows * chunk / chunks,
        rows * (chunk + 1) / chunks, groups * part / parts, groups * (part + 1) / parts, spare.floats,
        offsets.start?.assumingMemoryBound(to: Int.self))
    }
  }
}

extension Kernels {
  /// y = f(x · matrix + bias + residual) for rows of `inputs` and of `outputs` elements.
  ///
  /// - Precondition: the matrix was packed for the team's instruction set, and the spans have the elements of `rows` rows.
  public static func multiply(
    _ x: Span<Float>, by matrix: PackedMatrix, rows: Int, residual: Span<Float>? = nil, activation: UnaryFunction? = nil,
    into y: inout MutableSpan<Float>, scratch: Scratch, team: ThreadTeam
  ) {
    precondition(matrix.instructionSet == team.instructionSet && rows > 0)
    precondition(x.count == rows * matrix.inputs && y.count == rows * matrix.outputs && (residual?.count ?? y.count) == y.count)
    matrix.multiply(Source(x), rows: rows, residual: Source(residual), activation, into: Target(&y), scratch, team)
  }
}
