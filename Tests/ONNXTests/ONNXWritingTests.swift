import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Graphs that are written and read again.
@Suite struct ONNXWritingTests {
  /// The operators of ai.onnx that a folder of fixtures has cases of.
  private static func operators(_ folder: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url(folder).path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.filter { $0 != "Microsoft" }.sorted()
  }

  private func written(_ graph: Graph, envelope: ModelEnvelope = ModelEnvelope()) throws -> [UInt8] {
    try ONNXWriting(graph, envelope: envelope, producerVersion: "1", externalFile: "weights").model.bytes
  }

  private func read(_ bytes: [UInt8]) throws -> Graph { try ONNXDocument(try ONNXFile.read(bytes: bytes)).graph() }

  private func run(_ graph: Graph, _ inputs: [String: RunValue]) throws -> [RunValue] {
    let needed = Set(graph.inputs.map(\.name))
    return try Workspace(try Plan(graph)).run(values: inputs.filter { needed.contains($0.key) })
  }

  // MARK: Operators

  /// A case as a graph whose operands are inputs or constants.
  private func graph(of operatorCase: OperatorCase) throws -> (graph: Graph, operands: [Value?], results: [Value], inputs: [String: RunValue]) {
    let node = try TestNode(
      operatorCase.operatorName, opset: operatorCase.opset, operatorCase.attributes, operands: operatorCase.operands.count,
      results: operatorCase.results.count)
    var builder = GraphBuilder(composes: false), operands: [Value?] = [], inputs: [String: RunValue] = [:]
    for (index, tensor) in operatorCase.operands.enumerated() {
      let name = "operand \(index)"
      if let elements = operatorCase.sequenceOperands[index] {
        let value = RunValue(sequence: elements, elementType: .float32)
        operands.append(builder.input(name, value.type))
        inputs[name] = value
      } else if let tensor, operatorCase.constantOperands.contains(index) {
        operands.append(builder.constant(tensor))
      } else if let tensor {
        operands.append(builder.input(name, ValueType(tensor.elementType, tensor.shape)))
        inputs[name] = .tensor(tensor)
      } else {
        operands.append(nil)
      }
    }
    let results = try builder.add(node.op, operands, results: operatorCase.results.count, name: "node", source: node.source)
    let outputs = results.enumerated().map { NamedValue(name: "result \($0)", value: $1) }
    return (builder.finished(outputs: outputs), operands, results, inputs)
  }

  /// The file computes the same numbers, bit for bit, and writing what was read from it gives the file again.
  @Test(arguments: operators("Operators")) func anOperatorIsWrittenAgain(_ name: String) throws {
    for operatorCase in try OperatorCase.load(name) {
      let (graph, _, _, inputs) = try graph(of: operatorCase)
      let bytes = try written(graph), again = try read(bytes)
      #expect(again.inputs.map(\.name) == graph.inputs.map(\.name) && again.outputs.map(\.name) == graph.outputs.map(\.name))
      for (a, b) in zip(try run(graph, inputs), try run(again, inputs)) { #expect(same(a, b), "\(operatorCase.testDescription)") }
      let document = ONNXDocument(try ONNXFile.read(bytes: bytes))
      #expect(try written(try document.graph(composes: false), envelope: document.envelope) == bytes, "\(operatorCase.testDescription)")
    }
  }

  private func same(_ a: RunValue, _ b: RunValue) -> Bool {
    switch (a, b) {
    case (.tensor(let a), .tensor(let b)):
      a.elementType == b.elementType && a.shape == b.shape && a.texts == b.texts && (a.texts != nil || a.byteArray == b.byteArray)
    case (.sequence(let a, _), .sequence(let b, _)): a.count == b.count && zip(a, b).allSatisfy(same)
    default: false
    }
  }

  // MARK: Gradients

  /// Gradients that ONNX has no operators for, or that are not written here.
  private static let refused: Set<String> = ["Attention"]

  /// Gradients in float64, written in operators of ONNX, are those that our own operators compute, to rounding.
  @Test(arguments: operators("Gradients")) func aGradientIsWritten(_ name: String) throws {
    for operatorCase in try OperatorCase.load(name, from: "Gradients") {
      let (plain, operands, results, inputs) = try graph(of: operatorCase)
      let sources = operatorCase.gradients.indices.filter { operatorCase.gradients[$0] != nil }.compactMap { operands[$0] }
      for (result, seed) in zip(results, operatorCase.seeds) {
        guard let seed else { continue }
        let (differentiated, gradients) = try plain.differentiating(result, seed: seed, withRespectTo: sources)
        let graph = try differentiated.extracting(gradients.enumerated().map { NamedValue(name: "gradient \($0)", value: $1) })
        if Self.refused.contains(name) {
          expectRefusal("cannot be written as ONNX") { try written(graph) }
          continue
        }
        // Before version 13 and 16 some operators are missing: those cases are refused, and none of newer versions.
        guard operatorCase.opset >= 16 else {
          if let bytes = try? written(graph) { try expectSame(graph, try read(bytes), inputs, operatorCase) }
          continue
        }
        try expectSame(graph, try read(try written(graph)), inputs, operatorCase)
      }
    }
  }

  private func expectSame(_ graph: Graph, _ again: Graph, _ inputs: [String: RunValue], _ operatorCase: OperatorCase) throws {
    for (a, b) in zip(try run(graph, inputs), try run(again, inputs)) {
      let expected = try #require(a.tensor), actual = try #require(b.tensor)
      #expect(actual.shape == expected.shape)
      let scale = expected.doubles.reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 }
      let agrees = zip(actual.doubles, expected.doubles).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 1e-12 * scale }
      #expect(agrees, "\(operatorCase.testDescription): \(actual.doubles.prefix(8)) instead of \(expected.doubles.prefix(8))")
    }
  }

  /// Windows that overlap, with seeds that come from a graph of several nodes, and every step of a slice.
  @Test(arguments: [
    [1, 1, 1], [0, 2, 1], [-1, -6, -2], [5, 0, -1], [1, 6, 3],
  ]) func theGradientOfASliceIsWritten(_ range: [Int]) throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [6, 4] as Shape))
    let numbers = [[range[0]], [range[1]], [0], [range[2]]].map { builder.constant(Tensor($0.map(Int64.init))) }
    let node = try TestNode("Slice", operands: 5)
    let y = try builder.add(node.op, [x] + numbers, results: 1, source: node.source)[0]
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let shape = try #require(graph.type(of: y).staticShape)
    let (differentiated, gradients) = try graph.differentiating(y, seed: randomTensor(shape, seed: 3), withRespectTo: [x])
    let wanted = try differentiated.extracting([NamedValue(name: "dx", value: gradients[0])])
    let input = ["x": RunValue.tensor(randomTensor([6, 4], seed: 4))]
    #expect(same(try run(wanted, input)[0], try run(try read(try written(wanted)), input)[0]))
  }

  // MARK: Files

  private func constants(_ tensors: [Tensor]) throws -> Graph {
    var builder = GraphBuilder()
    let values = tensors.map { builder.constant($0) }
    return builder.finished(outputs: values.enumerated().map { NamedValue(name: "y\($0)", value: $1) })
  }

  /// Every element type, also those of which several share a byte, and text.
  @Test func elementsOfEveryTypeAreWritten() throws {
    for type in ElementType.allCases {
      let bits = UInt8(min(type.bitCount ?? 8, 8)), isSigned = type == .int4 || type == .int2
      let tensor: Tensor
      if type == .string {
        tensor = Tensor(["", "ß", "a\nb"], shape: [3])
      } else {
        // Fields that fit, with the sign as it lies in memory.
        let storage = (0..<5 * type.byteCount).map { index -> UInt8 in
          if type == .bool { return UInt8(index % 2) }
          let field = UInt8(truncatingIfNeeded: index * 37 + 1) & UInt8(truncatingIfNeeded: (1 << UInt16(bits)) - 1)
          return isSigned && field >> (bits - 1) == 1 ? field | ~((1 << bits) - 1) : field
        }
        tensor = Tensor(storage, shape: [storage.count]).reinterpreted(as: type, shape: [5])
      }
      let graph = try read(try written(try constants([tensor])))
      let result = try #require(try run(graph, [:])[0].tensor)
      #expect(result.elementType == type && result.shape == tensor.shape && result.texts == tensor.texts)
      if type != .string { #expect(result.byteArray == tensor.byteArray, "\(type)") }
    }
  }

  @Test func theSameGraphGivesTheSameBytes() throws {
    let graph = try constants([Tensor([1, 2, 3] as [Float]), Tensor([4] as [Int64])])
    #expect(try written(graph) == written(graph))
  }

  @Test func namesOfFreeExtentsAndMetadataStay() throws {
    let model = Wire.model(
      Wire.graph(nodes: [Wire.node("Relu")]).message(11, Wire.value("x", type: 1, [(nil, "N"), (3, nil), (nil, nil)]))
        .message(12, Wire.value("y", type: 1, [(nil, "M"), (3, nil), (nil, nil)])))
      .text(4, "org.example").number(5, 7).message(14, WireMessage().text(1, "author").text(2, "k"))
    let document = ONNXDocument(try ONNXFile.read(bytes: model.bytes))
    let again = try ONNXFile.read(bytes: try written(try document.graph(), envelope: document.envelope))
    #expect(again.graph.inputs[0].type == .tensor(.float32, [.symbol("N"), .known(3), .unknown]))
    #expect(again.graph.outputs[0].type == .tensor(.float32, [.symbol("M"), .known(3), .unknown]))
    #expect(again.metadata == ["author": "k"] && again.domain == "org.example" && again.modelVersion == 7)
    #expect(again.producerName == "Carpus" && again.producerVersion == "1" && again.opsetImports == ["": 17])
    #expect(again.graph.nodes.map(\.name) == ["n"])
  }

  @Test func weightsCanLieBesideTheModel() throws {
    let large = Tensor((0..<3000).map(Float.init), shape: [3000]), small = Tensor([1, 2] as [Float])
    let other = Tensor((0..<500).map(Int64.init), shape: [500])
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1] as Shape)), n = builder.input("n", ValueType(.int64, [1] as Shape))
    let sum = try builder.add(Add(), x, builder.constant(large)), part = try builder.add(Add(), x, builder.constant(small))
    let third = try builder.add(Add(), n, builder.constant(other))
    let graph = builder.finished(outputs: [("a", sum), ("b", part), ("c", third)].map { NamedValue(name: $0.0, value: $0.1) })
    let writing = try ONNXWriting(graph, externalFile: "m.onnx.data", movesWeights: true)
    #expect(writing.external.map(\.offset) == [0, 12288])
    let folder = try TemporaryFolder()
    var data = [UInt8](repeating: 0, count: 12288 + 4000)
    for (offset, tensor) in writing.external { data.replaceSubrange(offset..<offset + tensor.byteCount, with: tensor.byteArray) }
    try folder.write("m.onnx.data", data)
    let path = try folder.write("m.onnx", writing.model.bytes)
    let again = try ONNXDocument(path: path).graph()
    let inputs: [String: RunValue] = ["x": .tensor(Tensor([0] as [Float])), "n": .tensor(Tensor([0] as [Int64]))]
    for (value, tensor) in zip(try run(again, inputs), [large, small, other]) { #expect(same(value, .tensor(tensor))) }
    #expect(writing.model.byteCount < 1000)
  }

  @Test func largeConstantsOfOneNumberAreFilled() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [1] as Shape))
    let zeros = builder.constant(Tensor([Double](repeating: 0.25, count: 10_000), shape: [100, 100]))
    let sum = try builder.add(Add(), x, zeros)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: sum)])
    let bytes = try written(graph)
    #expect(bytes.count < 1000)
    let y = try #require(try run(try read(bytes), ["x": .tensor(Tensor([1.0]))])[0].tensor)
    #expect(y.shape == [100, 100] && y.doubles.allSatisfy { $0 == 1.25 })
  }

  /// Outputs that are an input, a constant, or the same value twice.
  @Test func outputsThatNoNodeComputes() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2] as Shape)), c = builder.constant(Tensor([5, 6] as [Float]))
    let y = try builder.add(Neg(), x)
    let outputs = [("x", x), ("copy", x), ("c", c), ("y", y), ("y again", y)].map { NamedValue(name: $0.0, value: $0.1) }
    let again = try read(try written(builder.finished(outputs: outputs)))
    let results = try run(again, ["x": .tensor(Tensor([1, 2] as [Float]))])
    #expect(again.outputs.map(\.name) == ["x", "copy", "c", "y", "y again"])
    #expect(results.compactMap { $0.tensor?.doubles } == [[1, 2], [1, 2], [5, 6], [-1, -2], [-1, -2]])
  }

  /// A branch that takes values from the graph around it, has a constant and names that the graph around it has too.
  @Test func graphsInsideNodesAreWritten() throws {
    let add = try TestNode("Add", operands: 2), mul = try TestNode("Mul", operands: 2)
    func branch(_ node: TestNode, _ number: Float) -> UntypedGraph {
      UntypedGraph(
        slotCount: 3, inputs: [], captures: [0], captureOperands: 1..<2, constants: [(1, Tensor([number]))],
        nodes: [UntypedGraph.Node(operator: node.op, operands: [0, 1], results: [2], name: "n", source: node.source)], outputs: [("y", 2)],
        names: [("x", 1), ("y", 2)])
    }
    let attributes: [String: AttributeValue] = ["then_branch": .graph(branch(add, 10)), "else_branch": .graph(branch(mul, 3))]
    let node = try TestNode("If", attributes, operands: 1)
    var builder = GraphBuilder(composes: false)
    let condition = builder.input("condition", ValueType(.bool, [] as Shape)), x = builder.input("x", ValueType(.float32, [1] as Shape))
    let y = try builder.add(node.op, [condition, x], results: 1, source: node.source)[0]
    let again = try read(try written(builder.finished(outputs: [NamedValue(name: "y", value: y)])))
    for (isTrue, expected) in [(true, 12.0), (false, 6.0)] {
      let results = try run(again, ["condition": .tensor(Tensor(scalar: isTrue)), "x": .tensor(Tensor([2] as [Float]))])
      #expect(results[0].tensor?.doubles == [expected])
    }
  }

  // MARK: Refusals

  @Test func anOperatorWithoutANameInONNXIsRefused() throws {
    struct Ours: Operator {
      static let signature = OperatorSignature("Ours", domain: "carpus", operands: 1...1, gradient: .undefined)
      init() {}
      init(_ node: inout NodeReader) throws(OperatorError) {}
      func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.tensor(0))] }
      func evaluate(_ operands: borrowing Operands, into results: inout Results) {}
      func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] { [nil] }
    }
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1] as Shape))
    let y = try builder.add(Ours(), x)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    expectRefusal("node without a name (carpus.Ours) cannot be written as ONNX") { try written(graph) }
  }

  /// What a gradient needs must be there in the version that the model is written for.
  @Test func aGradientInAnOldVersionIsRefused() throws {
    let node = try TestNode("Gather", opset: 11, operands: 2)
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [3] as Shape)), indices = builder.constant(Tensor([1, 1] as [Int64]))
    let y = try builder.add(node.op, [x, indices], results: 1, source: node.source)[0]
    let square = try builder.add(Mul(), y, y)
    let (graph, gradients) = try builder.finished(outputs: []).differentiating(square, seed: Tensor([1, 2] as [Float]), withRespectTo: [x])
    let wanted = try graph.extracting([NamedValue(name: "dx", value: gradients[0])])
    expectRefusal("and the model is written for version 11") { try written(wanted) }
  }
}

extension Tensor {
  /// The same bytes as elements of another type.
  fileprivate func reinterpreted(as type: ElementType, shape: Shape) -> Tensor {
    Tensor(elementType: type, shape: shape, bytes: bytes)
  }
}
