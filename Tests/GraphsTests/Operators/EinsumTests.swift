import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct EinsumTests {
  @Test(arguments: try OperatorCase.load("Einsum")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Einsum", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [
    ("ij,jk->ik", [[2, 3], [3, 4]]), ("ij->ji", [[2, 3]]), ("ij->", [[2, 3]]), ("ij,k->i", [[2, 3], [4]]), ("bij,bjk", [[2, 2, 3],
    [2, 3, 2]]),
    ("...ij,jk->...ik", [[2, 1, 2, 3], [3, 2]]), ("...i,...i->...", [[2, 1, 3], [2, 3]]), ("ij,ij->ij", [[2, 3], [1, 3]]),
    ("ij,jk->ik", [[2, 1], [3, 4]]),
    ("ij,jk,kl->li", [[2, 3], [3, 2], [2, 4]]), ("byhwc,hkc->byhwk", [[1, 2, 2, 3, 2], [2, 3, 2]]), ("a,b,c->cab", [[2], [3], [2]]),
  ] as [(String, [Shape])])
  func gradients(_ equation: String, _ shapes: [Shape]) throws {
    let operands = shapes.enumerated().map { randomTensor($1, seed: UInt64($0)) }
    try expectDifferences(
      try TestNode("Einsum", ["equation": .string(equation)]), operands, wanted: Array(shapes.indices))
  }

  /// The definition: the sum of products over every assignment of numbers to the letters.
  @Test(arguments: [
    ("iij,jk,ki->k", [[2, 2, 3], [3, 4], [4, 2]], [4]), ("cab,dbe,ae->ecd", [[2, 3, 4], [5, 4, 2], [3, 2]], [2, 2, 5]),
    ("aab,bcc->ca", [[2, 2, 3], [3, 4, 4]], [4, 2]), ("ab,cb,ca->", [[2, 3], [4, 3], [4, 2]], []),
  ] as [(String, [Shape], Shape)])
  func definition(_ equation: String, _ shapes: [Shape], _ result: Shape) throws {
    let operands = shapes.enumerated().map { randomTensor($1, seed: UInt64($0)) }
    let y = try #require(try TestNode("Einsum", ["equation": .string(equation)]).run(operands)[0].tensor)
    let sides = equation.split(separator: "->", omittingEmptySubsequences: false)
    let terms = sides[0].split(separator: ",").map { Array($0) }, output = Array(sides[1])
    var extents: [Character: Int] = [:]
    for (term, shape) in zip(terms, shapes) { for (letter, extent) in zip(term, shape.extents) { extents[letter] = extent } }
    let letters = extents.keys.sorted()
    var expected = [Double](repeating: 0, count: result.count)
    for assignment in 0..<letters.reduce(1, { $0 * (extents[$1] ?? 1) }) {
      var rest = assignment, value: [Character: Int] = [:]
      for letter in letters {
        let extent = extents[letter] ?? 1
        value[letter] = rest % extent
        rest /= extent
      }
      func place(_ term: [Character], _ shape: Shape) -> Int { zip(term, shape.strides).reduce(0) { $0 + (value[$1.0] ?? 0) * $1.1 } }
      expected[place(output, result)] += zip(zip(terms, shapes), operands).reduce(1.0) { $0 * $1.1.doubles[place($1.0.0, $1.0.1)] }
    }
    #expect(y.shape == result)
    for (a, e) in zip(y.doubles, expected) { #expect(abs(a - e) < 1e-13) }
  }

  @Test func refusals() throws {
    let x = randomTensor([2, 3], seed: 1)
    for (equation, text) in [
      ("ij->ik", "no operand has"), ("ij->ii", "twice"), ("i1->i", "letters, commas"), ("ij->i->j", "one arrow"), ("i.j->i",
      "letters, commas"),
      ("......->", "two ellipses"), ("ijk->i", "does not fit its term"), ("ij,j->i", "2 terms for 1"), ("ii->i", "no diagonal"),
      ("", "does not fit"),
      ("ij-", "letters, commas"),
    ] {
      expectRefusal(text) { try TestNode("Einsum", ["equation": .string(equation)]).folded([x]) }
    }
    expectRefusal("equation is missing") { try TestNode("Einsum").folded([x]) }
    expectRefusal("extents 3 and 2") { try TestNode("Einsum", ["equation": .string("ij,jk->ik")]).folded([x, x]) }
  }
}
