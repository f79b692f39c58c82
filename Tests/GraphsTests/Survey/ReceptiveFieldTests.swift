import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReceptiveFieldTests {
  /// Kernel, stride, padding and dilation, the same on both axes.
  private struct Layer {
    let kernel, stride, padding: Int
    var dilation = 1

    var attributes: [String: AttributeValue] {
      [
        "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]), "pads": .ints([padding, padding, padding, padding]),
        "dilations": .ints([dilation, dilation]),
      ]
    }
  }

  private func field(_ layers: [Layer], size: Int = 224) throws -> ReceptiveField.Grid {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1, 1, size, size]))
    var value = x
    for layer in layers {
      let weights = builder.constant(Tensor([Float](repeating: 1, count: layer.kernel * layer.kernel), shape: [1, 1, layer.kernel, layer.kernel]))
      value = try builder.add("Relu", [:], [try builder.add("Conv", layer.attributes, [value, weights])])
    }
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: value)])
    let field = try #require(graph.receptiveFields(of: x, axis: 2)[value])
    #expect(field.beyond == .nothing)
    return try #require(field.grid)
  }

  /// Published values: ResNet-18 435, ResNet-50 with its stride in the 3×3 convolutions 427, VGG-16 up to its last pooling 212.
  @Test func knownNetworks() throws {
    let stem = [Layer(kernel: 7, stride: 2, padding: 3), Layer(kernel: 3, stride: 2, padding: 1)]
    let plain = Layer(kernel: 3, stride: 1, padding: 1), halving = Layer(kernel: 3, stride: 2, padding: 1)
    let resNet18 = stem + [plain, plain, plain, plain] + [halving, plain, plain, plain] + [halving, plain, plain, plain] + [halving, plain, plain, plain]
    let grid = try field(resNet18)
    #expect(grid.size == 435 && grid.stride == 32 && grid.centre == 0)
    let resNet50 = stem + [plain, plain, plain] + [halving, plain, plain, plain] + [halving, plain, plain, plain, plain, plain] + [halving, plain, plain]
    #expect(try field(resNet50).size == 427)
    let pool = Layer(kernel: 2, stride: 2, padding: 0)
    let vgg16 = [plain, plain, pool, plain, plain, pool, plain, plain, plain, pool, plain, plain, plain, pool, plain, plain, plain, pool]
    #expect(try field(vgg16).size == 212 && field(vgg16).centre == 15.5)
  }

  @Test func dilation() throws {
    let grid = try field([Layer(kernel: 3, stride: 2, padding: 0, dilation: 3), Layer(kernel: 2, stride: 3, padding: 1)], size: 40)
    // 7 positions, then two cells that lie 2 apart; the first one before the image.
    #expect(grid.size == 9 && grid.stride == 6 && grid.first == -2)
  }

  /// Several ways, uneven padding, pooling, a slice: a cell sees exactly the elements that have a gradient.
  @Test func isTheSupportOfAGradient() throws {
    var builder = GraphBuilder()
    let shape: Shape = [1, 2, 41, 37]
    let x = builder.input("x", ValueType(.float64, PartialShape(shape)))
    func conv(_ value: Value, _ kernel: [Int], seed: UInt64, _ attributes: [String: AttributeValue]) throws -> Value {
      try builder.add("Conv", attributes, [value, builder.constant(randomTensor(Shape([2, 2] + kernel), seed: seed))])
    }
    let first = try conv(x, [3, 4], seed: 1, ["strides": .ints([2, 1]), "pads": .ints([1, 0, 0, 2])])
    let wide = try conv(first, [3, 3], seed: 2, ["dilations": .ints([2, 3]), "pads": .ints([2, 3, 2, 3])])
    let narrow = try conv(first, [1, 2], seed: 3, ["pads": .ints([0, 1, 0, 0])])
    let sum = try builder.add("Add", [:], [wide, narrow])
    let pooled = try builder.add("AveragePool", ["kernel_shape": .ints([2, 3]), "strides": .ints([2, 2]), "pads": .ints([0, 1, 0, 0])], [sum])
    let sliced = try builder.add(
      "Slice", [:], [pooled, builder.constant(indices(1, 2)), builder.constant(indices(9, 15)), builder.constant(indices(2, 3)), builder.constant(indices(2, 3))])
    let exchanged = try builder.add("Transpose", ["perm": .ints([0, 3, 2, 1])], [sliced])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: exchanged)])
    let extents = try #require(graph.type(of: exchanged).staticShape)
    let image = randomTensor(shape, seed: 9)
    let rows = try #require(graph.receptiveFields(of: x, axis: 2)[exchanged]?.grid)
    let columns = try #require(graph.receptiveFields(of: x, axis: 3)[exchanged]?.grid)
    #expect(rows.axis == 2 && columns.axis == 1 && rows.stride == 8 && columns.stride == 6)
    for (column, row) in [(0, 0), (1, 2), (extents[1] - 1, extents[2] - 1)] {
      var seed = [Double](repeating: 0, count: extents.count)
      for channel in 0..<extents[3] { seed[(column * extents[2] + row) * extents[3] + channel] = 1 }
      let gradient = try graph.gradients(of: exchanged, seed: Tensor(seed, shape: extents), withRespectTo: [x], for: ["x": image])[0].doubles
      let touched = gradient.indices.filter { gradient[$0] != 0 }
      let touchedRows = touched.map { $0 / 37 % 41 }, touchedColumns = touched.map { $0 % 37 }
      func bounds(_ grid: ReceptiveField.Grid, _ cell: Int, extent: Int) -> [Int] {
        [max(0, Int(grid.first + Double(cell) * grid.stride)), min(extent - 1, Int(grid.last + Double(cell) * grid.stride))]
      }
      #expect([touchedRows.min(), touchedRows.max()] == bounds(rows, row, extent: 41))
      #expect([touchedColumns.min(), touchedColumns.max()] == bounds(columns, column, extent: 37))
    }
  }

  @Test func whatSeesEverything() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1, 2, 8, 8]))
    // Squeeze and excitation: the grid stays, and each cell knows of all others.
    let mean = try builder.add("GlobalAveragePool", [:], [x])
    let excited = try builder.add("Mul", [:], [x, try builder.add("Sigmoid", [:], [mean])])
    // Attention over the positions.
    let tokens = try builder.add("Transpose", ["perm": .ints([0, 2, 1])], [try builder.add("Reshape", [:], [x, builder.constant(indices(1, 2, 64))])])
    let products = try builder.add("MatMul", [:], [tokens, try builder.add("Transpose", ["perm": .ints([0, 2, 1])], [tokens])])
    let attended = try builder.add("MatMul", [:], [try builder.add("Softmax", ["axis": .int(-1)], [products]), tokens])
    let graph = builder.finished(outputs: [NamedValue(name: "a", value: excited), NamedValue(name: "b", value: attended)])
    let fields = graph.receptiveFields(of: x, axis: 2)
    #expect(fields[excited]?.beyond == .everything(by: "GlobalAveragePool"))
    #expect(fields[excited]?.grid?.size == 1 && fields[excited]?.grid?.axis == 2)
    #expect(fields[tokens]?.beyond == .regrouped(axes: [1], by: "Reshape") && fields[tokens]?.grid == nil)
    #expect(fields[products]?.beyond == .regrouped(axes: [1, 2], by: "Reshape"))
    #expect(fields[attended]?.beyond == .everything(by: "MatMul"))
  }

  @Test func interpolation() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1, 1, 6, 6]))
    let scales = builder.constant(Tensor([Float(1), 1, 2, 2]))
    let larger = try builder.add("Resize", ["mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"), "nearest_mode": .string("floor")], [x, nil, scales])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: larger)])
    let grid = try #require(graph.receptiveFields(of: x, axis: 3)[larger]?.grid)
    // Cells o and o + 1 of a pair see the same position o / 2.
    #expect(grid.stride == 0.5 && grid.first == -0.5 && grid.last == 0)
  }

  /// 2 × 2 blocks become channels and, behind a convolution, blocks again.
  @Test func blocks() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1, 1, 8, 8]))
    let deep = try builder.add("SpaceToDepth", ["blocksize": .int(2)], [x])
    let weights = builder.constant(Tensor([Float](repeating: 1, count: 4 * 4 * 9), shape: [4, 4, 3, 3]))
    let convolved = try builder.add("Conv", ["pads": .ints([1, 1, 1, 1])], [deep, weights])
    let flat = try builder.add("DepthToSpace", ["blocksize": .int(2)], [convolved])
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: flat)])
    let fields = graph.receptiveFields(of: x, axis: 2)
    let middle = try #require(fields[convolved]?.grid), last = try #require(fields[flat]?.grid)
    #expect(middle.stride == 2 && middle.first == -2 && middle.last == 3)
    // Both rows of a block see the same six; counted from the row itself these are 7.
    #expect(last.stride == 1 && last.first == -3 && last.last == 3)
  }
}
