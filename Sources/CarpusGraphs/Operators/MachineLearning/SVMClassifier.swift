import CarpusTensors

/// The class that most of the comparisons of two classes choose, and scores of the classes or of the comparisons.
///
/// Classes `i < j` are compared by `s = ρ + Σ αₘ k(x, vₘ)` over the support vectors of both; class `i` is chosen where `s > 0`. With `prob_a`
/// and `prob_b` the scores are probabilities, `p = 1 / (1 + exp(a s + b))` for each pair and those of all classes coupled by the method
/// of Wu, Lin and Weng (2004); otherwise they are the `s`, `-s` and `s` for two classes. Without support vectors the scores are
/// `α·x + ρ₀` for each class, the largest is chosen. The transform (`PostTransform`) comes last. (onnxruntime leaves it out for SOFTMAX and
/// SOFTMAX_ZERO of two classes without probabilities, and uses `1 - s` and `s` then.)
///
/// A gradient flows from the scores to `X`, but not from probabilities: the rounds that couple them stop at an error that is not small.
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, F]` or `[F]`.
/// - Results: the labels, int64 or text `[N]`; the scores, float32 `[N, E]`.
public struct SVMClassifier: StandIn {
  public static let signature = OperatorSignature(
    "SVMClassifier", domain: "ai.onnx.ml", operands: 1...1, results: 1...2, gradient: .defined)
  private let labels: ClassLabels
  private let kernel: SupportVectorKernel
  private let vectors: [Float]
  private let vectorCount, features: Int
  /// `[S, comparisons]`, or `[F, classes]` without support vectors.
  private let weights: [Float]
  private let rho: [Float]
  private let probabilities: (a: [Double], b: [Double])?
  private let transform: PostTransform

  public init(_ node: inout NodeReader) throws(OperatorError) {
    labels = try ClassLabels(&node, integers: "classlabels_ints")
    let count = labels.count
    guard count >= 2, count < 1 << 16 else { throw .attribute("a classifier needs 2 to 65535 labels, not \(count)") }
    let pairs = count * (count - 1) / 2
    let given = try SupportVectorKernel(&node)
    let coefficients = try node.floats("coefficients") ?? [], rho = try node.floats("rho") ?? []
    let sizes = try node.ints("vectors_per_class") ?? [], a = try node.floats("prob_a") ?? [], b = try node.floats("prob_b") ?? []
    vectors = try node.floats("support_vectors") ?? []
    transform = try PostTransform(&node)
    guard sizes.allSatisfy({ (0..<1 << 31).contains($0) }) else { throw .attribute("\(sizes) are no numbers of vectors") }
    vectorCount = sizes.reduce(into: 0) { $0 = $0.addingReportingOverflow($1).partialValue }
    guard vectorCount > 0 else {
      guard !coefficients.isEmpty, coefficients.count % count == 0, !rho.isEmpty else {
        throw .attribute("\(coefficients.count) coefficients and \(rho.count) numbers rho do not fit \(count) classes")
      }
      let features = coefficients.count / count
      self.features = features
      kernel = .linear
      weights = (0..<coefficients.count).map { coefficients[$0 % count * features + $0 / count] }
      self.rho = [rho[0]]
      probabilities = nil
      return
    }
    guard sizes.count == count, coefficients.count == (count - 1) * vectorCount, !vectors.isEmpty, vectors.count % vectorCount == 0 else {
      throw .attribute(
        "\(coefficients.count) coefficients and \(vectors.count) numbers do not fit \(count) classes with \(sizes) support vectors")
    }
    guard rho.count == pairs, a.count == b.count, a.isEmpty || a.count == pairs else {
      throw .attribute("\(pairs) comparisons of \(count) classes need as many numbers rho, prob_a and prob_b")
    }
    guard vectorCount.multipliedReportingOverflow(by: pairs).partialValue <= 1 << 26 else {
      throw .tooLarge("\(vectorCount) support vectors in \(pairs) comparisons are too many")
    }
    let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    var weights = [Float](repeating: 0, count: vectorCount * pairs)
    var pair = 0
    for first in 0..<count {
      for second in first + 1..<max(count, first + 1) {
        // A row of coefficients for each other class: those of the first class stand in row second - 1.
        for vector in starts[first]..<starts[first] + sizes[first] {
          weights[vector * pairs + pair] = coefficients[(second - 1) * vectorCount + vector]
        }
        for vector in starts[second]..<starts[second] + sizes[second] {
          weights[vector * pairs + pair] = coefficients[first * vectorCount + vector]
        }
        pair += 1
      }
    }
    kernel = given
    features = vectors.count / vectorCount
    self.weights = weights
    self.rho = rho
    probabilities = a.isEmpty ? nil : (a.map(Double.init), b.map(Double.init))
  }

  private var scoreCount: Int {
    vectorCount == 0 || probabilities != nil || labels.count == 2 ? labels.count : rho.count
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let rows = try Features.rows(operands, features: features)
    return [ValueType(labels.elementType, [rows]), try Movement.resultType(.float32, [rows, scoreCount])]
  }

  /// A gradient flows from scores that are no probabilities to `X`.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = try Features.matrix(operands, infos, in: &graph) else { return nil }
    let label: Value, scores: Value
    if vectorCount == 0 {
      let product = try graph.add(MatMul(), x, graph.numbers(weights, [features, labels.count], like: x))
      let raw = try graph.shifted(product, by: Double(rho[0]))
      label = try graph.add(ClassChoice(labels, by: .largest), raw)
      scores = try transform.apply(raw, in: &graph)
    } else {
      let values = try kernel.values(x, vectors, count: vectorCount, features: features, in: &graph)
      let product = try graph.add(MatMul(), values, graph.numbers(weights, [vectorCount, rho.count], like: x))
      let raw = try graph.sum(product, graph.numbers(rho, [rho.count], like: x))
      label = try graph.add(ClassChoice(labels, by: .largest), graph.add(PairVotes(classes: labels.count), raw))
      if let probabilities {
        let coupled = try graph.add(PairProbabilities(classes: labels.count, a: probabilities.a, b: probabilities.b), raw)
        scores = try transform.apply(coupled, in: &graph)
      } else {
        scores = labels.count == 2
          ? try transform.applyToPair(raw, isSigned: true, in: &graph) : try transform.apply(raw, in: &graph)
      }
    }
    return Array([label, try graph.add(Cast(to: .float32), scores)].prefix(results))
  }
}

/// How many comparisons choose each class, `[N, classes]`, from the scores of all pairs, `[N, pairs]`.
struct PairVotes: InternalOperator {
  static let signature = OperatorSignature("PairVotes", domain: "carpus", operands: 1...1, gradient: .stops)
  private let classes: Int

  init(classes: Int) { self.classes = classes }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [try Movement.resultType(.float32, [try operands.tensor(0).shape[0], classes])]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let scores = operands[0].doubles
    var votes = results.elements(0, as: Float.self)
    for index in votes.indices { votes[index] = 0 }
    var place = 0
    for row in 0..<operands[0].shape[0] {
      for first in 0..<classes - 1 {
        for second in first + 1..<classes {
          votes[row * classes + (scores[place] > 0 ? first : second)] += 1
          place += 1
        }
      }
    }
  }

  /// A choice does not change with the numbers.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

/// Probabilities of all classes, `[N, classes]`, from the scores of all pairs.
///
/// `r(i, j) = 1 / (1 + exp(a s + b))`, at least 1e-7; `p` minimises `Σ (r(j, i) p(i) - r(i, j) p(j))²` with sum 1, by the second method of
/// T.-F. Wu, C.-J. Lin, R. C. Weng, "Probability estimates for multi-class classification by pairwise coupling", 2004, algorithm 2:
/// at most 100 rounds, to an error of 0.005 / classes, as in LIBSVM.
struct PairProbabilities: InternalOperator {
  static let signature = OperatorSignature("PairProbabilities", domain: "carpus", operands: 1...1, gradient: .undefined)
  private let classes: Int
  private let a, b: [Double]

  init(classes: Int, a: [Double], b: [Double]) {
    self.classes = classes
    self.a = a
    self.b = b
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    return [try Movement.resultType(x.elementType, [x.shape[0], classes])]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let scores = operands[0].doubles
    var logits = [Double](repeating: 0, count: scores.count), pairs = logits
    for place in scores.indices { logits[place] = -(a[place % a.count] * scores[place] + b[place % a.count]) }
    var span = pairs.mutableSpan
    Kernels.apply(.sigmoid, to: logits.span, into: &span, team: .single)
    results.setNumbers((0..<operands[0].shape[0]).flatMap { coupled(pairs[$0 * a.count..<($0 + 1) * a.count]) })
  }

  private func coupled(_ pairs: ArraySlice<Double>) -> [Double] {
    let k = classes
    var r = [Double](repeating: 0, count: k * k), q = r
    var place = pairs.startIndex
    for i in 0..<k {
      for j in i + 1..<max(k, i + 1) {
        r[i * k + j] = min(max(pairs[place], 1e-7), 1 - 1e-7)
        r[j * k + i] = 1 - r[i * k + j]
        place += 1
      }
    }
    for i in 0..<k {
      for j in 0..<k where j != i {
        q[i * k + i] += r[j * k + i] * r[j * k + i]
        q[i * k + j] = -r[j * k + i] * r[i * k + j]
      }
    }
    var p = [Double](repeating: 1 / Double(k), count: k), qp = p
    for _ in 0..<100 {
      for i in 0..<k { qp[i] = (0..<k).reduce(0) { $0 + q[i * k + $1] * p[$1] } }
      var pqp = (0..<k).reduce(0) { $0 + p[$1] * qp[$1] }
      guard qp.contains(where: { !(abs($0 - pqp) < 0.005 / Double(k)) }) else { break }
      for i in 0..<k {
        let change = (pqp - qp[i]) / q[i * k + i]
        p[i] += change
        pqp = (pqp + change * (change * q[i * k + i] + 2 * qp[i])) / ((1 + change) * (1 + change))
        for j in 0..<k {
          qp[j] = (qp[j] + change * q[i * k + j]) / (1 + change)
          p[j] /= 1 + change
        }
      }
    }
    return p
  }

  /// The probabilities come out of rounds that stop at an error that is not small.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("the probabilities of a support vector machine are coupled in rounds; its scores without prob_a have gradients")
  }
}
