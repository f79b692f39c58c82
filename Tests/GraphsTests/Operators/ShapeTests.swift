import CarpusTestSupport
import Testing

@Suite struct ShapeOperatorTests {
  @Test(arguments: try OperatorCase.load("Shape"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }
}
