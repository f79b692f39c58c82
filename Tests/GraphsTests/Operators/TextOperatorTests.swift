import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Operators on text.
@Suite struct TextOperatorTests {
  // MARK: RegexFullMatch

  /// RE2, as onnxruntime 1.32 has it.
  @Test(arguments: [
    ("a*b|c+?", ["aab", "cc", "ab", "abc", ""], "11100"), ("(a|ab)(c|bcd)(d*)", ["abcd", "acd", "abcdd", "ab"], "1110"),
    ("[^a-c\\d]+", ["xyz", "xa", "1", "-"], "1001"), ("a{2,3}", ["a", "aa", "aaa", "aaaa"], "0110"),
    ("(?i)straSSe", ["STRASSE", "strasse", "stras"], "110"), (".*", ["a\u{a}b", "ab", ""], "011"), ("(?s).*", ["a\u{a}b"], "1"),
    ("^ab$", ["ab", "ab\u{a}"], "10"), ("(?m)a$\u{a}^b", ["a\u{a}b"], "1"), ("\\bfoo\\b.*", ["foo bar", "foobar"], "10"),
    ("\\w+@\\w+\\.\\w{2,}", ["me@x.org", "me@x"], "10"), ("[[:alpha:]]+", ["abc", "ab1"], "10"),
    ("\\p{Lu}\\pL*", ["\u{c9}t\u{e9}", "\u{e9}t\u{e9}", "A1"], "100"), ("\\x41\\x{e9}\\101", ["A\u{e9}A", "AA"], "10"),
    ("(?P<n>a)(?:b)?", ["a", "ab", "b"], "110"), ("\\Qa.b\\E+", ["a.b", "a.bbb", "axb"], "110"), ("a{,2}", ["a{,2}", "aa"], "10"),
    ("[]a]+", ["]a", "b"], "10"), ("(a*)*", ["aaa", "b", ""], "101"), ("x*?y+?", ["xxyy"], "1"), ("a|", ["a", "", "b"], "110"),
    ("[^\\s]*", ["ab", "a b"], "10"), ("\\D\\W\\S", ["a!b", "1!b"], "10"), ("(?i)[k-m]", ["K", "n"], "10"), ("(?i:A)b", ["ab", "aB"], "10"),
    ("\\.", [".", "x"], "10"), ("\u{fc}?", ["\u{fc}", ""], "11"),
  ])
  func regularExpression(_ pattern: String, _ strings: [String], _ expected: String) throws {
    let y = try TestNode("RegexFullMatch", ["pattern": .string(pattern)]).result(Tensor(strings, shape: [strings.count]))
    #expect(y.array(of: Bool.self).map { $0 ? "1" : "0" }.joined() == expected)
  }

  /// What RE2 refuses too.
  @Test(arguments: ["a**", "(", "\\1", "(?=a)", "[b-a]", "a{1001}", ")", "[a", "\\8", "a\\", "(?<=a)", "*a", "[[:no:]]", "\\x{110000}", "(?P<a"])
  func refusedExpressions(_ pattern: String) {
    expectRefusal("syntax of RE2") { try TestNode("RegexFullMatch", ["pattern": .string(pattern)]) }
  }

  @Test func hostileExpressions() throws {
    for repeats in ["((((a{1000}){1000}){1000}){1000})", "((((){1000}){1000}){1000}){1000}", "((a{0,1000}){0,1000}){0,1000}"] {
      expectRefusal("repeats too much") { try TestNode("RegexFullMatch", ["pattern": .string(repeats)]) }
    }
    expectRefusal("200 deep") { try TestNode("RegexFullMatch", ["pattern": .string(String(repeating: "(", count: 100_000))]) }
    expectRefusal("general categories") { try TestNode("RegexFullMatch", ["pattern": .string("\\p{Greek}")]) }
    // Backtracking would take 2^5000 steps.
    let node = try TestNode("RegexFullMatch", ["pattern": .string("(a*)*(a|a)*b")])
    #expect(try node.result(texts(String(repeating: "a", count: 5000))).array(of: Bool.self) == [false])
  }

  // MARK: Splitting, joining, normalizing

  @Test func split() throws {
    func parts(_ text: String..., attributes: [String: AttributeValue]) throws -> ([String], [Int]) {
      let results = try TestNode("StringSplit", attributes, results: 2).run([Tensor(text, shape: [text.count])], extentsAreKnown: false)
      return (results[0].tensor?.texts ?? [], results[1].tensor?.integers ?? [])
    }
    let dashes = try parts("--a--b--c", "x", "", attributes: ["delimiter": .string("--"), "maxsplit": .int(2)])
    #expect(dashes.0 == ["", "a", "b--c", "x", "", "", "", "", ""] && dashes.1 == [3, 1, 1])
    let words = try parts("  x  y z  ", " ", attributes: [:])
    #expect(words.0 == ["x", "y", "z", "", "", ""] && words.1 == [3, 0])
    // onnxruntime 1.32.
    #expect(try parts("  x  y z  ", attributes: ["maxsplit": .int(1)]).0 == ["x", "y z"])
    #expect(try parts("  x  y z  ", attributes: ["maxsplit": .int(0)]).0 == ["x  y z"])
    #expect(try parts(" ", attributes: [:]).1 == [0])
  }

  @Test func concatenation() throws {
    let node = try TestNode("StringConcat", operands: 2)
    #expect(try node.result(Tensor(["a", "b"], shape: [2, 1]), texts("x", "", "\u{e9}")).texts == ["ax", "a", "a\u{e9}", "bx", "b", "b\u{e9}"])
    expectRefusal("do not broadcast") { try node.types((.string, [2]), (.string, [3])) }
    expectRefusal("not int64") { try node.types((.string, [2]), (.int64, [2])) }
  }

  @Test func normalization() throws {
    let node = try TestNode("StringNormalizer", ["stopwords": .strings(["MONDAY"]), "case_change_action": .string("UPPER"), "locale": .string("de_DE")])
    #expect(try node.result(texts("monday", "stra\u{df}e"), shapes: [.unknown]).texts == ["STRASSE"])
    let nothing = try node.result(Tensor(["Monday"], shape: [1, 1]))
    #expect(nothing.texts == [""] && nothing.shape == [1, 1])
    expectRefusal("[C] or [1, C]") { try node.types((.string, [2, 3])) }
    expectRefusal("LOWER, UPPER or NONE") { try TestNode("StringNormalizer", ["case_change_action": .string("TITLE")]) }
  }

  // MARK: TfIdfVectorizer

  private static let vectorizer: [String: AttributeValue] = [
    "min_gram_length": .int(1), "max_gram_length": .int(2), "max_skip_count": .int(1), "ngram_counts": .ints([0, 2]),
    "ngram_indexes": .ints([2, 0, 1, 3]), "pool_int64s": .ints([1, 2, 1, 2, 2, 2]), "weights": .floats([0.5, 2, 3, 7]),
  ]

  /// onnxruntime 1.32: weights belong to n-grams, not to columns.
  @Test(arguments: [("TF", [2, 2, 2, 0, 5, 0, 0, 7]), ("IDF", [2, 3, 0.5, 0, 2, 0, 0, 7]), ("TFIDF", [4, 6, 1, 0, 10, 0, 0, 49])] as [(String, [Float])])
  func termFrequencies(_ mode: String, _ expected: [Float]) throws {
    let node = try TestNode("TfIdfVectorizer", Self.vectorizer.merging(["mode": .string(mode)]) { $1 })
    let y = try node.result(Tensor([1, 2, 1, 3, 2, 2, 2, 2, 2, 2] as [Int32], shape: [2, 5]))
    #expect(y.array(of: Float.self) == expected && y.shape == [2, 4])
  }

  @Test func termRefusals() throws {
    func refuse(_ text: String, _ more: [String: AttributeValue]) {
      expectRefusal(text) { try TestNode("TfIdfVectorizer", Self.vectorizer.merging(["mode": .string("TF")]) { $1 }.merging(more) { $1 }) }
    }
    refuse("mode must be", ["mode": .string("X")])
    refuse("must be given", ["max_gram_length": .int(0)])
    refuse("ngram_counts", ["ngram_counts": .ints([5, 2])])
    refuse("ngram_counts", ["max_gram_length": .int(.max)])
    for column in [-1, 1 << 30] { refuse("a column", ["ngram_indexes": .ints([column])]) }
    refuse("weights", ["weights": .floats([1])])
    refuse("more n-grams", ["ngram_indexes": .ints([0]), "weights": .floats([1])])
    refuse("whole number", ["ngram_counts": .ints([0, 3])])
    // A gap longer than any row takes no time.
    let node = try TestNode("TfIdfVectorizer", Self.vectorizer.merging(["mode": .string("TF"), "max_skip_count": .int(.max)]) { $1 })
    #expect(try node.result(Tensor([1, 2] as [Int64])).array(of: Float.self) == [1, 1, 1, 0])
  }

  // MARK: Comparing and moving text

  @Test func equal() throws {
    let node = try TestNode("Equal", operands: 2)
    #expect(try node.result(texts("a", "", "b"), texts("a")).array(of: Bool.self) == [true, false, false])
    expectRefusal("not compared") { try node.types((.complex64, [1]), (.complex64, [1])) }
  }

  @Test func movement() throws {
    let x = Tensor(["a", "", "c", "a"], shape: [2, 2])
    func moved(_ name: String, _ attributes: [String: AttributeValue] = [:], _ operands: Tensor...) throws -> [String] {
      let node = try TestNode(name, attributes, operands: operands.count)
      let known = try node.run(operands)[0].tensor, constant = try OperatorRun(node, operands, constants: Set(operands.indices))
      #expect(constant.graph.constant(constant.results[0])?.texts == known?.texts)
      return known?.texts ?? []
    }
    func list(_ numbers: Int64...) -> Tensor { Tensor(numbers) }
    #expect(try moved("Identity", [:], x) == ["a", "", "c", "a"])
    #expect(try moved("Reshape", [:], x, list(4, 1)) == ["a", "", "c", "a"])
    #expect(try moved("Flatten", [:], x) == ["a", "", "c", "a"])
    #expect(try moved("Transpose", [:], x) == ["a", "c", "", "a"])
    #expect(try moved("Gather", ["axis": .int(1)], x, list(1, -2)) == ["", "a", "a", "c"])
    #expect(try moved("GatherND", [:], x, Tensor([1, 0] as [Int64], shape: [1, 2])) == ["c"])
    #expect(try moved("Concat", ["axis": .int(0)], x, Tensor(["z", "a"], shape: [1, 2])) == ["a", "", "c", "a", "z", "a"])
    #expect(try moved("Slice", [:], x, list(1), list(2), list(0)) == ["c", "a"])
    #expect(try moved("Tile", [:], x, list(1, 2)) == ["a", "", "a", "", "c", "a", "c", "a"])
    #expect(try moved("Expand", [:], texts("q"), list(2, 1)) == ["q", "q"])
    #expect(try moved("Unsqueeze", [:], x, list(0)) == ["a", "", "c", "a"])
    #expect(try moved("Squeeze", [:], Tensor(["k"], shape: [1, 1])) == ["k"])
    #expect(try moved("Where", [:], Tensor([true, false]), texts("a"), texts("", "b")) == ["a", "b"])
    #expect(try moved("Split", ["num_outputs": .int(1)], x) == ["a", "", "c", "a"])
    #expect(try TestNode("Shape").result(x).integers == [2, 2])
  }
}
