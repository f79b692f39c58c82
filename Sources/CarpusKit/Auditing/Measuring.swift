import CarpusGraphs
import CarpusScoring
import CarpusStore
import CarpusTensors
import Synchronization

extension Audit {
  /// So many images for each thread are measured before they are written; a stop is heeded after each.
  private static let stride = 8

  /// Makes the checks that are not made, and measures the images that are not measured. Several threads measure an image each, which are written in their order.
  static func measure(
    _ plan: AuditPlan, _ path: String, _ request: AuditRequest, isStopped: @Sendable () -> Bool, progress: (Int, Int) -> Void
  ) throws(CarpusError) {
    let store = try located { () throws(StoreError) in try AuditStore(writing: path, study: plan.stored) }
    for (index, model) in plan.models.enumerated() {
      guard !isStopped() else { return try located { () throws(StoreError) in try store.close() } }
      guard try located({ () throws(StoreError) in try store.checks(of: index).isEmpty }) else { continue }
      let checks = try AuditChecks(of: model, in: plan, threads: request.threads).measured()
      try located { () throws(StoreError) in try store.append(checks, of: index) }
    }
    let done = Set(try located { () throws(StoreError) in try store.images() })
    let wanted = plan.study.images.indices.filter { index in request.shard.map { index % $0.count == $0.index - 1 } ?? true }
    let missing = wanted.filter { !done.contains($0) }
    var count = wanted.count - missing.count
    for start in Swift.stride(from: 0, to: missing.count, by: stride * request.threads) {
      let part = Array(missing[start..<min(start + stride * request.threads, missing.count)])
      for image in images(part, of: plan, threads: request.threads, isStopped: isStopped) {
        let image = try image.get()
        try located { () throws(StoreError) in try store.append(image) }
        count += 1
        progress(count, wanted.count)
      }
      guard !isStopped() else { break }
    }
    try located { () throws(StoreError) in try store.close() }
  }

  /// The images up to the first that was not measured because of a stop, in their order.
  private static func images(
    _ indices: [Int], of plan: AuditPlan, threads: Int, isStopped: @Sendable () -> Bool
  ) -> [Result<StoredImage, CarpusError>] {
    let results = Mutex([Result<StoredImage, CarpusError>?](repeating: nil, count: indices.count))
    let next = Atomic<Int>(0)
    ThreadTeam(count: threads).run(tasks: min(threads, indices.count)) { _, _ in
      let memory = plan.models.map { model in model.members.map(AuditedMember.Memory.init) }
      while !isStopped() {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard indices.indices.contains(place) else { return }
        let result = Result { () throws(CarpusError) in try AuditedImage(indices[place], of: plan).measured(in: memory) }
        results.withLock { $0[place] = result }
      }
    }
    return results.withLock { results in
      var measured: [Result<StoredImage, CarpusError>] = []
      for case .some(let result) in results.prefix(while: { $0 != nil }) { measured.append(result) }
      return measured
    }
  }
}
