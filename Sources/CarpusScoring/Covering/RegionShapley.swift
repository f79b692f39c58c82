/// What each region of an image adds to a score, fairly shared: the mean, over all orders in which the regions could be uncovered one after the other, of the
/// change of the score when it is the region's turn, `φᵢ = mean over orders of v(before i, and i) − v(before i)`. In the score's units.
///
/// Unlike covering one region at a time it also credits regions that stand in for each other: `Σ φᵢ = v(all) − v(none)`, here for every sample.
/// Orders are sampled in pairs, one and its reverse, which cancels a part of the scatter.
///
/// Sources: Shapley 1953; Castro, Gómez and Tejada, Polynomial calculation of the Shapley value based on sampling, Computers & Operations Research 36:1726, 2009;
/// Mitchell et al., Sampling permutations for Shapley value estimation, JMLR 23:43, 2022.
public struct RegionShapley: Hashable, Sendable {
  /// One for each region.
  public let values: [Double]
  /// Of the values: the standard deviation of the pairs' means, divided by √pairs.
  public let standardErrors: [Double]
  public let pairs: Int
  /// The score with all regions, and with none.
  public let whole, nothing: Double
  /// How many different sets of regions were scored.
  public let setCount: Int

  /// - Parameters:
  ///   - count: of regions.
  ///   - pairs: of orders; at least 2. The standard errors fall with 1/√pairs.
  ///   - seed: of the orders.
  ///   - scores: the score of each set; of a set, whether each region is there to be seen. A set is asked for once.
  public init<Failure: Error>(
    regions count: Int, pairs: Int, seed: UInt64, scores: (_ sets: [[Bool]]) throws(Failure) -> [Double]
  ) throws(Failure) {
    precondition(count >= 0 && pairs >= 2)
    var known: [[Bool]: Double] = [:]
    func learn(_ sets: [[Bool]]) throws(Failure) {
      var asked: [[Bool]] = []
      for set in sets where known[set] == nil {
        known[set] = .nan
        asked.append(set)
      }
      guard !asked.isEmpty else { return }
      for (set, score) in zip(asked, try scores(asked)) { known[set] = score }
    }
    let all = [Bool](repeating: true, count: count), none = [Bool](repeating: false, count: count)
    try learn([all, none])

    var random = RandomStream(seed: seed, index: 0, "shapley")
    var sums = [Double](repeating: 0, count: count), means = sums, squares = sums
    for pair in 1...pairs {
      let order = Array(0..<count).shuffled(using: &random)
      let paths = [order, order.reversed()].map { order in
        order.reduce(into: [none]) { sets, region in
          var next = sets[sets.count - 1]
          next[region] = true
          sets.append(next)
        }
      }
      try learn(paths.flatMap(\.self))
      for region in sums.indices { sums[region] = 0 }
      for (order, sets) in zip([order, order.reversed()], paths) {
        for (step, region) in order.enumerated() { sums[region] += (known[sets[step + 1]] ?? .nan) - (known[sets[step]] ?? .nan) }
      }
      for region in sums.indices {
        let value = sums[region] / 2, difference = value - means[region]
        means[region] += difference / Double(pair)
        squares[region] += difference * (value - means[region])
      }
    }
    values = means
    standardErrors = squares.map { ($0 / Double(pairs - 1) / Double(pairs)).squareRoot() }
    self.pairs = pairs
    (whole, nothing) = (known[all] ?? .nan, known[none] ?? .nan)
    setCount = known.count
  }
}
