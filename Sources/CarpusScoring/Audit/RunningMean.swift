/// The mean of the numbers that exist.
struct RunningMean: Hashable, Sendable {
  private var sum = 0.0, count = 0

  mutating func add(_ value: Double?) {
    guard let value else { return }
    sum += value
    count += 1
  }

  var mean: Double? { count > 0 ? sum / Double(count) : nil }
}
