/// How often class j was predicted where the reference is class i.
public struct ConfusionMatrix: Hashable, Sendable {
  /// `counts[i][j]`: reference i, prediction j.
  public private(set) var counts: [[Int]]

  /// - Precondition: equally many of all; classes 0 ..< classCount.
  package init(reference: [Int], predicted: [Int], weights: [Int], classCount: Int) {
    counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    for index in weights.indices { counts[reference[index]][predicted[index]] += weights[index] }
  }

  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The mean over the images of a function of the two classes.
  func mean(_ function: (_ reference: Int, _ predicted: Int) -> Double) -> Double {
    var sum = 0.0
    for (i, row) in counts.enumerated() { for (j, count) in row.enumerated() where count > 0 { sum += Double(count) * function(i, j) } }
    return sum / Double(total)
  }

  /// The mean of the same function if reference and prediction were independent, with the margins that they have.
  func chanceMean(_ function: (_ reference: Int, _ predicted: Int) -> Double) -> Double {
    let rows = counts.map { Double($0.reduce(0, +)) }
    let columns = counts.indices.map { j in Double(counts.reduce(0) { $0 + $1[j] }) }
    var sum = 0.0
    for (i, row) in rows.enumerated() where row > 0 { for (j, column) in columns.enumerated() { sum += row * column * function(i, j) } }
    return sum / (Double(total) * Double(total))
  }
}

/// A statistic of predicted classes j beside reference classes i, which are in order: class 3 is nearer to class 4 than to class 9.
public enum ClassStatistic: String, CaseIterable, Sendable {
  /// Share of i = j, 0…1.
  case accuracy
  /// Share of |i − j| ≤ 1, 0…1.
  case withinOne
  /// Mean of |i − j|, in classes.
  case mae
  /// √ of the mean of (i − j)², in classes.
  case rmse
  /// Pearson's correlation of the indices.
  case pcc
  /// 1 − Σ|i−j|·p_ij / Σ|i−j|·p_i·p_j: 1 for the same classes, 0 for what margins alone would give. Source: Cohen, Psychological Bulletin 70:213, 1968.
  case linearKappa
  /// The same with (i−j)². Source: Cohen 1968.
  case quadraticKappa

  package func value(_ matrix: ConfusionMatrix) throws(Undefined) -> Double {
    guard matrix.total >= (self == .pcc ? 3 : 1) else { throw .tooFewImages(needed: self == .pcc ? 3 : 1) }
    let distance = { (i: Int, j: Int) in Double(abs(i - j)) }, square = { (i: Int, j: Int) in Double((i - j) * (i - j)) }
    switch self {
    case .accuracy: return matrix.mean { $0 == $1 ? 1 : 0 }
    case .withinOne: return matrix.mean { abs($0 - $1) <= 1 ? 1 : 0 }
    case .mae: return matrix.mean(distance)
    case .rmse: return matrix.mean(square).squareRoot()
    case .pcc: return try correlation(matrix)
    case .linearKappa: return try kappa(matrix, distance)
    case .quadraticKappa: return try kappa(matrix, square)
    }
  }

  private func kappa(_ matrix: ConfusionMatrix, _ disagreement: (Int, Int) -> Double) throws(Undefined) -> Double {
    let chance = matrix.chanceMean(disagreement)
    guard chance > 0 else { throw .nothingVaries }
    return 1 - matrix.mean(disagreement) / chance
  }

  private func correlation(_ matrix: ConfusionMatrix) throws(Undefined) -> Double {
    let meanX = matrix.mean { i, _ in Double(i) }, meanY = matrix.mean { _, j in Double(j) }
    guard matrix.counts.count(where: { $0.contains { $0 > 0 } }) > 1 else { throw .constantReference }
    guard matrix.counts.indices.count(where: { j in matrix.counts.contains { $0[j] > 0 } }) > 1 else { throw .constantPrediction }
    let xx = matrix.mean { i, _ in (Double(i) - meanX) * (Double(i) - meanX) }
    let yy = matrix.mean { _, j in (Double(j) - meanY) * (Double(j) - meanY) }
    return max(-1, min(1, matrix.mean { (Double($0) - meanX) * (Double($1) - meanY) } / (xx.squareRoot() * yy.squareRoot())))
  }
}
