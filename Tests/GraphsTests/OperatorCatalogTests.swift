import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

@Suite struct OperatorCatalogTests {
  @Test func everyOperatorStandsOnce() {
    let keys = OperatorCatalog.all.map { "\($0.signature.domain):\($0.signature.name) \($0.signature.since)" }
    #expect(Set(keys).count == keys.count)
  }

  /// Files can name no operator of ours.
  @Test func noneIsOurs() { #expect(OperatorCatalog.all.allSatisfy { !["adjoint", "carpus"].contains($0.signature.domain) }) }

  @Test func theNewestThatIsNotNewerIsTaken() {
    #expect(OperatorCatalog.type(domain: "", name: "HardSwish", opset: 13) == nil)
    #expect(OperatorCatalog.type(domain: "", name: "HardSwish", opset: 14) == HardSwish.self)
    #expect(OperatorCatalog.type(domain: "com.example", name: "Gelu", opset: 20) == nil)
  }

  /// The operators of the exports that Carpus is made for, as the README of the fixtures lists them.
  private static func listed() throws -> [String] {
    let text = try String(contentsOf: Fixtures.url("README.md"), encoding: .utf8)
    let paragraphs = text.components(separatedBy: "\n\n")
    let heading = try #require(paragraphs.firstIndex { $0.hasPrefix("The 56 operators") })
    return paragraphs[heading + 1].split(whereSeparator: \.isWhitespace).map(String.init)
  }

  @Test func everyOperatorOfTheExportsIsThereAndTested() throws {
    let names = try Self.listed()
    #expect(names.count == 56)
    let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Operators")
    for name in names {
      #expect(OperatorCatalog.type(domain: "", name: name, opset: 23) != nil, "\(name)")
      #expect(try !OperatorCase.load(name).isEmpty, "\(name)")
      let source = try String(contentsOf: tests.appending(path: "\(name)Tests.swift"), encoding: .utf8)
      #expect(source.contains("OperatorCase.load(\"\(name)\")"), "\(name)")
    }
  }

  /// What lies between a feature map and the score of the networks of torchvision.
  @Test(arguments: [
    "Add", "AveragePool", "BatchNormalization", "Clip", "Concat", "Conv", "Div", "Erf", "Flatten", "Gather", "Gemm", "GlobalAveragePool",
    "HardSigmoid", "HardSwish", "LayerNormalization", "MatMul", "MaxPool", "Mul", "Pad", "ReduceMean", "Relu", "Reshape",
    "Sigmoid", "Slice",
    "Softmax", "Squeeze", "Transpose", "Unsqueeze",
  ])
  func hasAGradient(_ name: String) throws {
    let type = try #require(OperatorCatalog.type(domain: "", name: name, opset: 23))
    #expect(type.signature.gradient == .defined)
    let source = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Operators/\(name)Tests.swift"), encoding: .utf8)
    #expect(source.contains("OperatorCase.load(\"\(name)\", from: \"Gradients\")"))
  }
}
