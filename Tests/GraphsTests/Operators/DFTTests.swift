import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// The numbers are numpy.fft's and torch.stft's.
@Suite struct DFTTests {
  static let signal = Tensor([0.5, -1.25, 2, 0.75, -0.5, 1.5, 3], shape: [1, 7, 1])

  @Test func primeLength() throws {
    let y = try TestNode("DFT", opset: 20).result(Self.signal)
    #expect(
      isClose(
        y.doubles,
        [
          6, 0, 0.58704167, 2.29296517, -2.88693022, 5.33767485, 1.04988855, 1.01626174, 1.04988855, -1.01626174, -2.88693022, -5.33767485,
          0.58704167, -2.29296517,
        ], tolerance: 1e-8))
  }

  @Test func longPrimeLength() throws {
    let x = Tensor((0..<1009).map { cos(0.37 * Double($0)) + 0.01 * Double($0 % 7) }, shape: [1009, 1])
    let y = try TestNode("DFT", opset: 17, ["axis": .int(0)]).result(x).doubles
    let expected = [
      (0, 32.500491406622245, 0), (1, 2.2308705851597326, 0.08603421562662876), (100, 0.13850434936655365, -4.5236688478194385),
      (504, 0.9175737364074887, -0.0012247703872882432),
    ]
    for (k, real, imaginary) in expected { #expect(abs(y[2 * k] - real) < 1e-11 && abs(y[2 * k + 1] - imaginary) < 1e-11) }
  }

  @Test func oneSided() throws {
    let four = Tensor(scalar: Int64(4)), five = Tensor(scalar: Int64(5))
    let spectrum = Tensor([1, 2, 3, -1, -2, 0.5], shape: [1, 3, 2])
    #expect(isClose(try TestNode("DFT", opset: 20, ["onesided": .int(1)]).result(Self.signal, four).doubles, [2, 0, -1.5, 2, 3, 0]))
    let inverse = try TestNode("DFT", opset: 20, ["onesided": .int(1), "inverse": .int(1)])
    #expect(isClose(try inverse.result(spectrum).doubles, [1.25, 1.25, -1.75, 0.25]))
    #expect(isClose(try inverse.result(spectrum, five).doubles, [0.6, 1.48089954, -0.59270858, -1.44335939, 0.95516843], tolerance: 1e-8))
    let whole = try TestNode("DFT", opset: 20, ["inverse": .int(1)]).result(spectrum).doubles
    #expect(isClose(whole, [2 / 3.0, 0.5, 0.59967937, 2.19337567, -0.26634604, -0.69337567], tolerance: 1e-8))
  }

  @Test(arguments: [4, 5, 8, 11]) func adjoints(_ length: Int) throws {
    let operands = [1: Tensor(scalar: Int64(length))]
    for (attributes, parts) in [([:], 1), ([:], 2), (["inverse": .int(1)], 2), (["onesided": .int(1)], 1), (["onesided": .int(1), "inverse": .int(1)], 2)]
      as [([String: AttributeValue], Int)]
    {
      try expectAdjoint(TestNode("DFT", opset: 20, attributes, operands: 2), [0: Shape([2, 6, 3, parts])], constants: operands)
      try expectAdjoint(
        TestNode("DFT", opset: 17, attributes.merging(["axis": .int(0)]) { $1 }, operands: 2), [0: Shape([5, 2, parts])], constants: operands)
    }
  }

  @Test func shortTime() throws {
    let x = Tensor([1, 2, -1, 0.5, 3, -2, 0.25], shape: [1, 7, 1]), window = Tensor([0.5, 1, 1, 0.25]), step = Tensor(scalar: Int64(2))
    let node = try TestNode("STFT", operands: 3)
    let expected = [1.625, 0, 1.5, -1.875, -2.625, 0, 2.5, 0, -3.5, -1, 2.5, 0]
    #expect(isClose(try node.result(x, step, window).doubles, expected))
    #expect(isClose(try node.result(x, step, window, shapes: [.unknown(rank: 3), [], .unknown(rank: 1)]).doubles, expected))
    try expectAdjoint(node, [0: [2, 7, 1]], constants: [1: step, 2: window])
    try expectAdjoint(node, [2: [4]], constants: [0: x, 1: step])
    try expectAdjoint(TestNode("STFT", ["onesided": .int(0)], operands: 4), [0: [1, 9, 2]], constants: [1: step, 3: Tensor(scalar: Int64(5))])
  }

  @Test func windowsOfOne() throws {
    for name in ["HannWindow", "HammingWindow", "BlackmanWindow"] {
      #expect(try TestNode(name, ["periodic": .int(0)]).result(Tensor(scalar: Int64(1))).doubles == [1])
      #expect(try TestNode(name, ["output_datatype": .int(7)]).result(Tensor(scalar: Int64(0))).integers == [])
      expectRefusal("not negative, not [-1]") { try TestNode(name).result(Tensor(scalar: Int64(-1))) }
    }
  }

  @Test func refusals() throws {
    let node = try TestNode("DFT", opset: 20, operands: 3)
    expectRefusal("cannot be computed") { try node.result(Self.signal, Tensor(scalar: Int64(0))) }
    expectRefusal("holds the parts of complex numbers") { try node.result(Self.signal, nil, Tensor(scalar: Int64(-1))) }
    expectRefusal("must have 1 or 2 elements, not 3") { try node.result(zeros(2, 3)) }
    expectRefusal("takes real numbers") { try TestNode("DFT", opset: 20, ["onesided": .int(1)]).result(zeros(1, 2, 2)) }
    let stft = try TestNode("STFT", operands: 4)
    expectRefusal("does not fit into a signal of 7") { try stft.result(Self.signal, Tensor(scalar: Int64(1)), nil, Tensor(scalar: Int64(8))) }
    expectRefusal("must be one positive number") { try stft.result(Self.signal, Tensor(scalar: Int64(0))) }
    expectRefusal("have two sides") { try stft.result(Tensor(zeros: .float64, shape: [1, 4, 2]), Tensor(scalar: Int64(1))) }
    let mel = try TestNode("MelWeightMatrix", operands: 5)
    let (bins, length, rate) = (Tensor(scalar: Int64(8)), Tensor(scalar: Int64(16)), Tensor(scalar: Int64(8192)))
    expectRefusal("lies beyond a spectrum") { try mel.result(bins, length, rate, Tensor(scalar: Float(0)), Tensor(scalar: Float(9000))) }
    expectRefusal("not below it") { try mel.result(bins, length, rate, Tensor(scalar: Float(10)), Tensor(scalar: Float(5))) }
    expectRefusal("one positive number") { try mel.result(bins, length, Tensor(scalar: Int64(0)), Tensor(scalar: Float(0)), Tensor(scalar: Float(5))) }
  }
}
