import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// Convolutions, pooling, regions, sampling.
extension GradientTable {
  static let windows: [GradientEntry] = [
    GradientEntry("Conv", conv), GradientEntry("ConvTranspose") { draw in
      let groups = draw.int(1...2), axes = draw.int(1...2)
      let attributes = window(&draw, axes: axes, kernel: 2).merging(["group": .int(groups)]) { $1 }
      return GradientSample(
        attributes: attributes,
        operands: [
          draw.tensor(Shape([2, 2] + [3, 4].prefix(axes))), draw.tensor(Shape([2, 2] + [2, 2].prefix(axes))),
          draw.flag() ? draw.tensor([2 * groups]) : nil,
        ])
    },
    GradientEntry("DeformConv") { draw in
      let offsetGroups = draw.int(1...2)
      return GradientSample(
        attributes: ["offset_group": .int(offsetGroups), "kernel_shape": .ints([2, 2]), "pads": .ints([0, 1, 1, 0])],
        operands: [
          draw.tensor([1, 2, 3, 3]), draw.tensor([2, 2, 2, 2]), draw.tensor([1, offsetGroups * 8, 3, 3]), draw.flag() ? draw.tensor([2]) : nil,
          draw.flag() ? draw.tensor([1, offsetGroups * 4, 3, 3]) : nil,
        ])
    },
    GradientEntry("Col2Im") { draw in
      GradientSample(
        attributes: ["pads": .ints([1, 0, 0, 1]), "dilations": .ints([1, 2])],
        operands: [draw.tensor([2, 8, 12]), Tensor([4, 4] as [Int64]), Tensor([2, 2] as [Int64])])
    },
    pool("AveragePool") { ["count_include_pad": .int($0.int(0...1)), "ceil_mode": .int($0.int(0...1))] },
    pool("MaxPool") { ["ceil_mode": .int($0.int(0...1)), "storage_order": .int($0.int(0...1))] }, pool("LpPool") { ["p": .int($0.int(1...3))] },
    GradientEntry("MaxPool") { draw in
      GradientSample(attributes: ["kernel_shape": .ints([2, 2])], operands: [draw.tensor([1, 2, 4, 3])], results: 2)
    },
    GradientEntry("MaxUnpool") { draw in
      GradientSample(
        attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])],
        operands: [draw.tensor([1, 1, 2, 2]), Tensor([1, 6, 8, 15] as [Int64], shape: [1, 1, 2, 2])])
    },
    whole("GlobalAveragePool"), whole("GlobalMaxPool"), whole("GlobalLpPool") { ["p": .int($0.int(1...3))] },
    GradientEntry("RoiAlign") { draw in
      GradientSample(
        attributes: [
          "mode": .string(draw.pick(["avg", "max"])), "coordinate_transformation_mode": .string(draw.pick(["half_pixel", "output_half_pixel"])),
          "output_height": .int(2), "output_width": .int(2), "sampling_ratio": .int(draw.int(0...2)),
        ],
        operands: [
          draw.tensor([2, 2, 4, 4]), Tensor([0.51, 0.33, 3.64, 2.27, 1.13, 1.02, 3.46, 3.18], shape: [2, 4]), Tensor([1, 0] as [Int64]),
        ])
    },
    GradientEntry("MaxRoiPool") { draw in
      GradientSample(
        attributes: ["pooled_shape": .ints([2, 2])], operands: [draw.tensor([2, 2, 4, 4]), Tensor([0, 0, 0, 3, 3, 1, 1, 0, 3, 2], shape: [2, 5])],
        wanted: [0])
    },
    GradientEntry("GridSample", opset: 20, gridSample),
  ]

  static let conv: @Sendable (inout Draw) -> GradientSample = { draw in
    let groups = draw.int(1...2), axes = draw.int(1...3)
    let attributes = window(&draw, axes: axes, kernel: 2).merging(["group": .int(groups)]) { $1 }
    return GradientSample(
      attributes: attributes,
      operands: [
        draw.tensor(Shape([2, 2] + [3, 4, 3].prefix(axes))), draw.tensor(Shape([4, 2 / groups] + [2, 2, 2].prefix(axes))),
        draw.flag() ? draw.tensor([4]) : nil,
      ])
  }

  private static let gridSample: @Sendable (inout Draw) -> GradientSample = { draw in
    let axes = draw.int(2...3), mode = draw.pick(axes == 2 ? ["linear", "cubic", "nearest"] : ["linear", "nearest"])
    let attributes: [String: AttributeValue] = [
      "mode": .string(mode), "padding_mode": .string(draw.pick(["zeros", "border", "reflection"])), "align_corners": .int(draw.int(0...1)),
    ]
    let grid = Shape([2] + [2, 3, 2].prefix(axes) + [axes])
    return GradientSample(attributes: attributes, operands: [draw.tensor(Shape([2, 2] + [3, 4, 3].prefix(axes))), draw.tensor(grid, -1.3...1.3)])
  }

  private static func window(_ draw: inout Draw, axes: Int, kernel: Int) -> [String: AttributeValue] {
    [
      "kernel_shape": .ints([Int](repeating: kernel, count: axes)), "strides": .ints((0..<axes).map { _ in draw.int(1...2) }),
      "dilations": .ints((0..<axes).map { _ in draw.int(1...2) }), "pads": .ints((0..<2 * axes).map { _ in draw.int(0...1) }),
    ]
  }

  private static func pool(_ name: String, _ attributes: @escaping @Sendable (inout Draw) -> [String: AttributeValue]) -> GradientEntry {
    GradientEntry(name) { draw in
      let axes = draw.int(1...3)
      return GradientSample(
        attributes: window(&draw, axes: axes, kernel: 2).merging(attributes(&draw)) { $1 },
        operands: [draw.tensor(Shape([2, 2] + [4, 5, 3].prefix(axes)))])
    }
  }

  private static func whole(
    _ name: String, _ attributes: @escaping @Sendable (inout Draw) -> [String: AttributeValue] = { _ in [:] }
  ) -> GradientEntry {
    GradientEntry(name) { draw in
      GradientSample(attributes: attributes(&draw), operands: [draw.tensor(Shape([2, 2] + draw.shape(1...3, 2...3).extents))])
    }
  }
}
