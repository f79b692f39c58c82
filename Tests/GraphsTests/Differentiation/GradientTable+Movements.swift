import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// Operators that choose, place and arrange elements.
extension GradientTable {
  static let movements: [GradientEntry] = [
    GradientEntry("CenterCropPad") { draw in
      GradientSample(operands: [draw.tensor([3, 4]), draw.indices([2], 2...6)])
    },
    GradientEntry("Compress") { draw in
      let axis = draw.int(0...1)
      return GradientSample(attributes: ["axis": .int(axis)], operands: [draw.tensor([3, 3]), Tensor([true, draw.flag(), true], shape: [3])])
    },
    GradientEntry("Concat") { draw in
      let axis = draw.int(0...2), shape = draw.shape(3...3)
      return GradientSample(
        attributes: ["axis": .int(axis)],
        operands: (0..<draw.int(1...4)).map { _ in
          var extents = shape.extents
          extents[axis] = draw.int(1...3)
          return draw.tensor(Shape(extents))
        })
    },
    GradientEntry("Crop", opset: 1) { draw in
      GradientSample(attributes: ["border": .ints([0, 1, draw.int(0...1), 2])], operands: [draw.tensor([2, 2, 4, 4])])
    },
    GradientEntry("DepthToSpace") { draw in
      GradientSample(attributes: ["blocksize": .int(2), "mode": .string(draw.pick(["DCR", "CRD"]))], operands: [draw.tensor([1, 8, 2, 3])])
    },
    GradientEntry("SpaceToDepth") { draw in GradientSample(attributes: ["blocksize": .int(2)], operands: [draw.tensor([1, 2, 4, 2])]) },
    GradientEntry("Expand") { draw in
      let shape = draw.shape(1...4)
      return GradientSample(operands: [draw.tensor(draw.part(of: shape)), Tensor(shape.extents.map(Int64.init))])
    },
    GradientEntry("Flatten") { draw in GradientSample(attributes: ["axis": .int(draw.int(0...3))], operands: [draw.tensor([2, 3, 2])]) },
    GradientEntry("Gather") { draw in
      let axis = draw.int(0...2)
      return GradientSample(
        attributes: ["axis": .int(axis)], operands: [draw.tensor([3, 3, 3]), draw.indices(draw.shape(0...2), -3...2)])
    },
    GradientEntry("GatherElements") { draw in
      GradientSample(attributes: ["axis": .int(draw.int(0...1))], operands: [draw.tensor([3, 3]), draw.indices([3, 2], -3...2)])
    },
    GradientEntry("GatherND") { draw in
      let batch = draw.int(0...1), count = draw.int(1...3 - batch)
      return GradientSample(
        attributes: ["batch_dims": .int(batch)], operands: [draw.tensor([2, 2, 2]), draw.indices(Shape([2, 3, count]), -2...1)])
    },
    GradientEntry("OneHot") { draw in
      GradientSample(
        attributes: ["axis": .int(draw.int(-2...1))],
        operands: [draw.indices([4], -3...2), Tensor(scalar: Int64(3)), draw.tensor([2])])
    },
    GradientEntry("Pad") { draw in
      GradientSample(
        attributes: ["mode": .string(draw.pick(["edge", "reflect", "wrap"]))], operands: [draw.tensor([3, 4]), draw.indices([4], -1...3)])
    },
    GradientEntry("Pad") { draw in
      GradientSample(operands: [draw.tensor([3, 4]), draw.indices([2], -1...2), draw.tensor(draw.pick([[], [1]])), draw.indices([1], -2...1)])
    },
    GradientEntry("Reshape") { draw in
      GradientSample(operands: [draw.tensor([2, 3, 4]), draw.pick([Tensor([-1] as [Int64]), Tensor([0, -1, 2] as [Int64]), Tensor([4, 6] as [Int64])])])
    },
    GradientEntry("ReverseSequence") { draw in
      let time = draw.int(0...1)
      return GradientSample(
        attributes: ["time_axis": .int(time), "batch_axis": .int(1 - time)], operands: [draw.tensor([3, 3, 2]), draw.indices([3], 1...3)])
    },
    GradientEntry("Scatter", opset: 10, scatter(reductions: [])),
    GradientEntry("ScatterElements", opset: 18, scatter(reductions: ["none", "add", "mul", "max", "min"])),
    GradientEntry("ScatterND", opset: 18) { draw in
      // Indices that are repeated are allowed where elements are combined.
      let reduction = draw.pick(["none", "add", "mul", "max", "min"])
      let places = reduction == "none" ? Tensor(draw.permutation(4).prefix(3).map(Int64.init)) : draw.indices([3], -4...3)
      return GradientSample(
        attributes: ["reduction": .string(reduction)], operands: [draw.tensor([4, 2]), places.reshaped([3, 1]), draw.tensor([3, 2])])
    },
    GradientEntry("Slice") { draw in
      let step = draw.pick([1, 2, -1, -2] as [Int64])
      return GradientSample(operands: [
        draw.tensor([3, 5]), Tensor([step > 0 ? 1 : -1] as [Int64]), Tensor([step > 0 ? 5 : -6] as [Int64]), draw.indices([1], -1...1), Tensor([step]),
      ])
    },
    GradientEntry("Split") { draw in
      let axis = draw.int(0...1)
      return GradientSample(
        attributes: ["axis": .int(axis)], operands: [draw.tensor([4, 4]), Tensor([1, 2, 1] as [Int64])], results: 3)
    },
    GradientEntry("Squeeze") { draw in GradientSample(operands: [draw.tensor([1, 3, 1]), draw.flag() ? Tensor([-1] as [Int64]) : nil]) },
    GradientEntry("Unsqueeze") { draw in GradientSample(operands: [draw.tensor([2, 3]), Tensor(draw.permutation(4).prefix(2).map(Int64.init))]) },
    GradientEntry("TensorScatter", opset: 24) { draw in
      GradientSample(
        attributes: ["mode": .string("circular"), "axis": .int(1)], operands: [draw.tensor([2, 4, 2]), draw.tensor([2, 2, 2]), draw.indices([2], 0...3)])
    },
    GradientEntry("Tile") { draw in GradientSample(operands: [draw.tensor([2, 3]), draw.indices([2], 1...3)]) },
    GradientEntry("TopK") { draw in
      GradientSample(
        attributes: ["axis": .int(draw.int(0...1)), "largest": .int(draw.int(0...1))],
        operands: [draw.tensor([3, 4]), Tensor([Int64(draw.int(1...3))])], results: 2)
    },
    GradientEntry("Transpose") { draw in GradientSample(attributes: ["perm": .ints(draw.permutation(3))], operands: [draw.tensor([2, 3, 4])]) },
    GradientEntry("Trilu") { draw in
      GradientSample(
        attributes: ["upper": .int(draw.int(0...1))], operands: [draw.tensor([2, 3, 4]), Tensor(scalar: Int64(draw.int(-1...1)))])
    },
    GradientEntry("Resize") { draw in
      let coordinates = draw.pick(["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"])
      let mode = draw.pick(["nearest", "linear", "cubic"])
      var attributes: [String: AttributeValue] = ["coordinate_transformation_mode": .string(coordinates), "mode": .string(mode)]
      if mode != "nearest" { attributes["antialias"] = .int(draw.int(0...1)) }
      let sizes = draw.flag()
      return GradientSample(
        attributes: attributes,
        operands: [
          draw.tensor([1, 2, 3, 4]), nil, sizes ? nil : Tensor([1, 1, draw.float(), draw.float()]),
          sizes ? Tensor([1, 2, Int64(draw.int(1...6)), Int64(draw.int(1...6))]) : nil,
        ])
    },
    GradientEntry("Resize") { draw in
      GradientSample(
        attributes: ["coordinate_transformation_mode": .string("tf_crop_and_resize"), "mode": .string("linear"), "axes": .ints([2, 1])],
        operands: [draw.tensor([1, 3, 4]), Tensor([0.1, -0.2, 0.7, 1.2]), nil, Tensor([3, 5] as [Int64])], wanted: [0])
    },
    GradientEntry("Upsample", opset: 9) { draw in
      GradientSample(
        attributes: ["mode": .string(draw.pick(["nearest", "linear"]))],
        operands: [draw.tensor([1, 2, 3, 2]), Tensor([1, 1, draw.float(1...2.5), 2] as [Float])])
    },
  ]

  private static func scatter(reductions: [String]) -> @Sendable (inout Draw) -> GradientSample {
    { draw in
      var attributes: [String: AttributeValue] = ["axis": .int(1)]
      let reduction = reductions.isEmpty ? "none" : draw.pick(reductions)
      if !reductions.isEmpty { attributes["reduction"] = .string(reduction) }
      let rows = (0..<3).flatMap { _ in draw.permutation(4).prefix(2).map(Int64.init) }
      return GradientSample(
        attributes: attributes,
        operands: [draw.tensor([3, 4]), reduction == "none" ? Tensor(rows, shape: [3, 2]) : draw.indices([3, 2], -4...3), draw.tensor([3, 2])])
    }
  }
}
