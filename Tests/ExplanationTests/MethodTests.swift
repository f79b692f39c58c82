import CarpusExplanation
import CarpusTestSupport
import Testing

@Suite struct MethodTests {
  @Test func names() throws {
    #expect(MethodCatalog.all.map { $0.name } == ["hirescam", "gradcam"])
    for name in ["gradcam", "Grad-CAM", "GRAD_CAM"] { #expect(try MethodCatalog.method(named: name) == GradCAM.self) }
    for method in MethodCatalog.all { #expect(try MethodCatalog.method(named: method.title) == method) }
    expectRefusal("there is no method 'gradcam++'; there are hirescam, gradcam") { try MethodCatalog.method(named: "gradcam++") }
    expectRefusal("there is no method ''") { try MethodCatalog.method(named: "") }
  }

  @Test func numbersOfAMap() {
    let map = AttributionMap(method: "hirescam", layer: "a", height: 2, width: 3, values: [1, -2, 3, 0, 5, -6])
    #expect(map[1, 2] == -6 && map[0, 1] == -2)
    #expect([map.minimum, map.maximum, map.sum, map.sumPositive, map.sumNegative] == [-6, 5, 1, 9, -8])
  }
}
