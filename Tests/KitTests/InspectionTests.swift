import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// `carpus inspect` on networks whose numbers are known by hand: see Fixtures/Networks/make.py.
@Suite struct InspectionTests {
  private struct Inspected: Decodable {
    struct Module: Decodable { let name: String, `class`: String, parameters: Int, multiplyAdds: Int }
    struct Layer: Decodable {
      let name: String, module: String, height: Int, width: Int
      let stride: [Double]?, receptiveField: [Double]?, firstCentre: [Double]?
      let beyond: String?
    }
    struct Work: Decodable { let name: String, `operator`: String, module: String, results: String, multiplyAdds: Int?, bytes: Int? }

    let schema: String
    let parameters: Int, parameterBytes: Int
    let multiplyAdds: Int?, activationBytes: Int?, peakActivationBytes: Int?
    let modules: [Module]?
    let layers: [Layer]?
    let explainedLayer: String?
    let work: [Work]?
    let notes: [String]
    let missingOperators: [[String: JSONScalar]]
  }

  private enum JSONScalar: Decodable {
    case text(String), number(Int)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) { self = .number(number) } else { self = .text(try container.decode(String.self)) }
    }
  }

  private func inspected(_ path: String, _ more: String..., code: Int32 = 0) throws -> Inspected {
    let outcome = try Command.run(["inspect", path, "--json"] + more)
    #expect(outcome.code == code, "\(outcome.errors)")
    return try JSONDecoder().decode(Inspected.self, from: Data(outcome.output.utf8))
  }

  private func network(_ name: String) -> String { Fixtures.url("Networks/\(name)/model.onnx").path }

  @Test func twoConvolutionsAndALinearLayer() throws {
    let found = try inspected(network("pooled_linear"), "--nodes")
    #expect(found.schema == "carpus-inspection/1")
    // 3·12·9 + 12, 12·24·9 + 24, 24 + 1.
    #expect(found.parameters == 2977 && found.parameterBytes == 4 * 2977)
    // 32 × 24 cells of 12 × 27 products, 16 × 12 cells of 24 × 108, 24.
    #expect(found.multiplyAdds == 248_832 + 497_664 + 24)
    #expect(found.modules?.map(\.name).filter { !$0.isEmpty } == ["features", "pool", "head"])
    #expect(found.modules?.map(\.parameters).reduce(0, +) == 2976)  // The last bias is a single number.
    let layer = try #require(found.layers?.last)
    #expect(layer.name == "/features/features.3/Relu_output_0" && layer.name == found.explainedLayer && layer.module == "features.3")
    #expect(layer.stride == [4, 4] && layer.receptiveField == [7, 7] && layer.firstCentre == [0, 0] && layer.beyond == nil)
    let work = try #require(found.work?.first)
    #expect(work.operator == "Conv" && work.module == "features.0" && work.multiplyAdds == 248_832 && work.bytes == 4 * 12 * 32 * 24)
    #expect(found.work?.compactMap(\.bytes).reduce(0, +) == found.activationBytes)
    // The first convolution's result and its rectified copy.
    #expect(found.peakActivationBytes == 2 * 4 * 12 * 32 * 24)
  }

  @Test func aResidualNetworkOfTheNewerExporter() throws {
    let found = try inspected(network("residual_dynamo"))
    let modules = try #require(found.modules)
    #expect(modules.map(\.name).filter { !$0.isEmpty } == ["stem", "layer1", "layer2", "pool", "fc"])
    #expect(modules.map(\.class).contains("Block"))
    // 7 wide at stride 2; 3 wide at 2; twice 3 wide; 3 wide at 2 and 3 wide: 7 + 2·2 + 4·4 + 2·4 + 2·8.
    let layer = try #require(found.layers?.first { $0.name == found.explainedLayer })
    #expect(layer.stride == [8, 8] && layer.receptiveField == [51, 51])
  }

  @Test func squeezeAndExcitationSeesEverything() throws {
    let layer = try #require(try inspected(network("smooth")).layers?.last)
    #expect(layer.beyond == "sees everything since GlobalAveragePool" && layer.stride == [8, 8])
  }

  @Test func shapesChangeTheWork() throws {
    let path = network("pooled_linear")
    let two = try inspected(path, "--shape", "radiograph=2x3x64x48")
    #expect(two.multiplyAdds == 2 * (248_832 + 497_664 + 24))
    let outcome = try Command.run("inspect", path, "--nodes")
    #expect(outcome.output.contains("multiply-adds") && outcome.output.contains("746.5 k") && outcome.output.contains("features.3"))
  }

  @Test func whatIsMissingIsSaidAllAtOnce() throws {
    let folder = try TemporaryFolder()
    let nodes = [
      Wire.node("Frobnicate", name: "a", from: ["x"], to: ["z"]), Wire.node("Relu", domain: "org.example", name: "b", from: ["z"], to: ["y"]),
    ]
    let graph = Wire.graph(nodes: nodes).message(11, Wire.value("x", type: 1, [(2, nil)])).message(12, Wire.value("y", type: 1, [(2, nil)]))
    let found = try inspected(try folder.write(Wire.model(graph).bytes, to: "m.onnx"), code: 69)
    #expect(found.missingOperators.count == 2 && found.multiplyAdds == nil)
  }
}
