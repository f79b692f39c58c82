import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CastLikeTests {
  @Test(arguments: try OperatorCase.load("CastLike"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func gradientIsCastBack() throws {
    let gradients = try TestNode("CastLike").gradients(Tensor([0.5, 2.5]), Tensor([0] as [Float]), seed: Tensor([0.25, -3] as [Float]))
    #expect(gradients == [[0.25, -3], [0]])
  }

  @Test func refusesAMissingOperand() throws {
    #expect(throws: OperatorError.self) { try TestNode("CastLike").types((.float32, [2])) }
  }
}
