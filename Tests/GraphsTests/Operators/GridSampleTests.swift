import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GridSampleTests {
  struct Reference: Sendable {
    let mode, padding: String
    let alignsCorners: Bool
    let values, gradient: [Double]

    init(_ mode: String, _ padding: String, _ alignsCorners: Bool, _ values: [Double], _ gradient: [Double]) {
      (self.mode, self.padding, self.alignsCorners, self.values, self.gradient) = (mode, padding, alignsCorners, values, gradient)
    }

    func node() throws -> TestNode {
      try TestNode(
        "GridSample", ["mode": .string(mode), "padding_mode": .string(padding), "align_corners": .int(alignsCorners ? 1 : 0)])
    }
  }

  static let points = [-1, -1, 1, 1, -1.3, 0.1, 0.5, 1.7, 0.25, -0.2, 2.9, -2.6, 0, 0]
  static let cubicPoints = [-1.3, 0.1, 0.5, 1.7, 2.9, -2.6, 0.95, -0.9]

  /// `torch.nn.functional.grid_sample` of PyTorch 2.13 on n^1.5 for n = 1…12 in 3 × 4, and the gradient of the sum of the results
  /// with respect to the points: at corners, inside, outside, and at the centre.
  static let references = [
    Reference("bilinear", "zeros", false, [0.25, 10.3923048454133, 0.0, 0.0, 14.5230271510285, 0.0, 16.6085988170756],
      [1.0, 0.75, -41.5692193816531, -31.1769145362398, 0.0, 0.0, 0.0, 0.0, 7.4323294951004, 19.9861601321183, 0.0, 0.0,
       7.6466414415061, 26.1663387460815]),
    Reference("bilinear", "border", false, [1.0, 41.5692193816531, 13.5532889043741, 39.0260460377812, 14.5230271510285, 8.0,
      16.6085988170756],
      [0.0, 0.0, 0.0, 0.0, 0.0, 23.7294901687516, 10.1726933754873, 0.0, 7.4323294951004, 19.9861601321183, 0.0, 0.0,
       7.6466414415061, 26.1663387460815]),
    Reference("bilinear", "reflection", false, [1.0, 41.5692193816531, 13.9215414317814, 28.8773316652425, 14.5230271510285,
      25.4180339887499, 16.6085988170756],
      [0.0, 0.0, 0.0, 0.0, -7.3650505481453, 23.8954168736241, 9.0955856215384, -27.6783119251056, 7.4323294951004,
       19.9861601321183, 0.0, -23.7294901687516, 7.6466414415061, 26.1663387460815]),
    Reference("bilinear", "zeros", true, [1.0, 41.5692193816531, 7.019268244312, 11.3263378097536, 15.4139126219787, 0.0,
      16.6085988170756],
      [2.7426406871193, 10.1803398874989, -62.3538290724796, -41.5692193816531, 19.1434588481236, 8.7008130618756,
       2.2888560094846, -37.7544593658453, 5.2983024542918, 13.1421573268964, 0.0, 0.0, 5.7349810811296, 17.444225830721]),
    Reference("bilinear", "border", true, [1.0, 41.5692193816531, 12.7623058987491, 37.7544593658453, 15.4139126219787, 8.0,
      16.6085988170756],
      [0.0, 0.0, 0.0, 0.0, 0.0, 15.8196601125011, 7.6295200316155, 0.0, 5.2983024542918, 13.1421573268964, 0.0, 0.0,
       5.7349810811296, 17.444225830721]),
    Reference("bilinear", "reflection", true, [1.0, 41.5692193816531, 14.3945532663509, 25.0092718525606, 15.4139126219787,
      21.2991817633031, 16.6085988170756],
      [0.0, 0.0, 0.0, 0.0, -5.4408245586727, 16.3174402271187, 6.6013717210279, -18.2074107332638, 5.2983024542918,
       13.1421573268964, -6.2704580830355, -15.9855868173736, 5.7349810811296, 17.444225830721]),
    Reference("bicubic", "zeros", false, [-0.8757151829304, -3.6234849166725, 0.0, 2.4594935594137],
      [13.622236178917, -2.1111714023283, -2.1058396257501, 14.2743345202252, 0.0, 0.0, -8.5562295726389, 8.1773579984091]),
    Reference("bicubic", "border", false, [14.0277834895947, 39.4816800464274, 8.0, 6.6649326847371],
      [0.0, 27.6896051309189, 9.6217440128386, 0.0, 0.0, 0.0, -0.4786744186135, -0.5399613803112]),
    Reference("bicubic", "reflection", false, [14.3114788272817, 30.6055023600065, 25.055909402273, 5.9688616227892],
      [-5.6783826098166, 27.8754289600151, 8.8562631274815, -28.1416031141273, -2.7260790961622, -18.8731785993351,
       0.774441080113, 5.0159293340905]),
    Reference("bicubic", "zeros", true, [7.0032615469486, 11.9468292302751, 0.0, 9.8425676645431],
      [21.5221951506528, 12.1353443658716, 6.9550866552306, -46.8763892261553, 0.0, 0.0, -4.1623716140074, 14.8659838691902]),
    Reference("bicubic", "border", true, [12.7172539838885, 39.0122188218199, 8.0, 8.90627389014],
      [-0.8034168990932, 18.6292271237208, 8.9750211428971, -4.5277175781704, 0.0, 0.0, 3.3490049068082, 10.4727152391057]),
    Reference("bicubic", "reflection", true, [14.1386319045192, 27.5015209496955, 23.4422212486906, 8.1580451662759],
      [-5.7396274967945, 21.3377831071574, 9.5881263818795, -24.781289003297, -2.7060735447301, -16.5702742328843,
       0.9825516479815, 3.6155505225458]),
    Reference("nearest", "zeros", false, [1.0, 0.0, 0.0, 0.0, 18.5202591774521, 0.0, 18.5202591774521],
      [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    Reference("nearest", "reflection", true, [1.0, 41.5692193816531, 11.1803398874989, 18.5202591774521, 18.5202591774521, 27.0,
      18.5202591774521],
      [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
  ]

  @Test(arguments: references) func likePyTorch(_ reference: Reference) throws {
    let x = Tensor((1...12).map { Double($0) * Double($0).squareRoot() }, shape: [1, 1, 3, 4])
    let points = reference.mode == "bicubic" ? Self.cubicPoints : Self.points
    let grid = Tensor(points, shape: [1, points.count / 2, 1, 2])
    let ones = Tensor(reference.values.map { _ in 1.0 }, shape: [1, 1, points.count / 2, 1])
    let node = try reference.node()
    let values = try node.result(x, grid).doubles, gradient = try node.gradients(x, grid, seed: ones)[1]
    #expect(isClose(values, reference.values, tolerance: 1e-12), "\(values)")
    #expect(isClose(gradient, reference.gradient, tolerance: 1e-12), "\(gradient)")
  }

  @Test(arguments: ["nearest", "linear", "cubic"], ["zeros", "border", "reflection"])
  func gradients(_ mode: String, _ padding: String) throws {
    let node = try TestNode("GridSample", ["mode": .string(mode), "padding_mode": .string(padding)])
    let plane = [randomTensor([2, 2, 4, 3], seed: 1), randomTensor([2, 3, 2, 2], seed: 2)]
    try expectDifferences(node, plane, wanted: [0, 1])
    let volume = [randomTensor([1, 2, 2, 3, 4], seed: 3), randomTensor([1, 2, 1, 2, 3], seed: 4)]
    try expectDifferences(node, volume, wanted: [0, 1])
    let line = [randomTensor([1, 1, 5], seed: 5), randomTensor([1, 3, 1], seed: 6)]
    try expectDifferences(node, line, wanted: [0, 1])
  }

  /// Halfway between 1 and 4 there is 2, and everything that is no number is outside or at the border.
  @Test func typesAndOddPoints() throws {
    let grid = Tensor([0, .nan, .infinity, -1e30] as [Float], shape: [1, 4, 1])
    let node = try TestNode("GridSample"), x = Tensor([1, 4] as [UInt8], shape: [1, 1, 2])
    #expect(try node.result(x, grid).integers == [2, 0, 0, 0])
    let border = try TestNode("GridSample", ["padding_mode": .string("border")])
    #expect(try border.result(x, grid).integers == [2, 1, 4, 1])
    let reflection = try TestNode("GridSample", ["padding_mode": .string("reflection"), "mode": .string("cubic")])
    #expect(try reflection.result(x, grid).shape == [1, 1, 4])
    let wide = try node.result(Tensor([1 << 40, 3 << 40] as [Int64], shape: [1, 1, 2]), Tensor([0.0], shape: [1, 1, 1]))
    #expect(wide.integers == [2 << 40])
  }

  @Test func refusals() throws {
    let node = try TestNode("GridSample"), x = zeros(2, 1, 3, 3)
    expectRefusal("3 coordinates for 2 spatial axes") { try node.folded([x, zeros(2, 1, 1, 3)]) }
    expectRefusal("1 items for a batch of 2") { try node.folded([x, zeros(1, 1, 1, 2)]) }
    expectRefusal("of the same rank") { try node.folded([x, zeros(2, 1, 2)]) }
    expectRefusal("axis 2 of X has no elements") { try node.folded([zeros(2, 1, 0, 3), zeros(2, 1, 1, 2)]) }
    expectRefusal("mode must be linear") { try TestNode("GridSample", ["mode": .string("area")]) }
    expectRefusal("padding_mode must be zeros") { try TestNode("GridSample", ["padding_mode": .string("wrap")]) }
  }
}
