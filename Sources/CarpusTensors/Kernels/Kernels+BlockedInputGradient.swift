import CCarpusKernels

extension Kernels {
  /// The vector-Jacobian product of a convolution with respect to its input in the blocked layout: with `g` the transposed convolution of
  /// `seed` plus `residual`, `result` = f'(at) · g + addend.
  ///
  /// - Parameters:
  ///   - residual: as many elements as `result`.
  ///   - slope: f, with as many numbers `at`; without it `result` = g.
  ///   - addend: only with `slope`; the first blocks of each image are added, and there may be more.
  /// - Precondition: the weights were prepared for the team's instruction set, and the spans have the elements of the layout.
  public static func convolutionInputGradient(
    seed: Span<Float>, blocked: BlockedInputGradient, residual: Span<Float>? = nil, slope: UnaryGradient? = nil, at: Span<Float>? = nil,
    addend: Span<Float>? = nil, into result: inout MutableSpan<Float>, scratch: Scratch, team: ThreadTeam
  ) {
    let convolution = blocked.convolution, width = BlockedPlanes.width, blocks = BlockedPlanes.blocks(convolution.inputChannels)
    let plane = convolution.window.inputCount * width, image = blocks * plane
    precondition(blocked.instructionSet == team.instructionSet && result.count == convolution.batch * image)
    precondition(
      seed.count == convolution.batch * BlockedPlanes.blocks(convolution.outputChannels) * width * convolution.window.outputCount)
    precondition((residual?.count ?? result.count) == result.count && (slope == nil) == (at == nil) && (at?.count ?? result.count) == result.count)
    let added = (addend?.count ?? result.count) / convolution.batch
    precondition(added >= image && (added == image || convolution.batch == 1 || BlockedInputGradient.addsFirstBlocks(convolution)) && (addend == nil || slope != nil))
    let target = Target(&result), other = Source(residual)
    let finish = ck_finish(slope, at: Source(at), addend: Source(addend), y: target)
    let strides = convolution.window.strides, row = convolution.window.input[1] * width
    for phase in blocked.phases {
      let start = phase.row * row + phase.column * width
      func placed(_ planes: ck_planes) -> ck_planes {
        var planes = planes
        planes.output_height = phase.rows
        planes.output_width = phase.columns
        (planes.output_pixel, planes.output_row, planes.output_block) = (strides[1] * width, strides[0] * row, plane)
        return planes
      }
      let y = target.advanced(start, Float.self), residual = other?.advanced(start, Float.self)
      if let own = phase.blocked, let planes = own.convolution.planes {
        BlockedWork(
          blocked: own, planes: placed(planes), finish: finish, x: Source(seed), residual: residual, y: y, team: team,
          addendStep: addend == nil ? 0 : (added - image) * 4
        ).run(scratch)
      } else {
        let planes = placed(ck_planes()), rows = phase.rows
        forEachPlane(convolution.batch * blocks, convolution.window.outputCount, team) { index in
          var planes = planes, finish = finish
          unsafe ck_finish_rows(team.isa, &planes, &finish, residual?.floats(index * plane), y.floats(index * plane), 0, rows)
        }
      }
    }
  }
}
