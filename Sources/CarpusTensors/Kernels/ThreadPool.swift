import CCarpusKernels

/// Threads that wait for the tasks of one kernel after another. They begin with the first run and end with the pool.
///
/// `@unchecked Sendable`: the pool guards itself. A run while another is under way is done by its caller alone.
@safe final class ThreadPool: @unchecked Sendable {
  private let pool: OpaquePointer

  /// - Precondition: there is memory for it.
  init(workers: Int) {
    guard let pool = unsafe ck_pool_create(Int32(clamping: workers)) else { preconditionFailure("out of memory: \(workers) threads") }
    unsafe self.pool = pool
  }

  deinit { unsafe ck_pool_destroy(pool) }

  func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var job = Job(body: body)
      unsafe withUnsafeMutablePointer(to: &job) { job in
        unsafe ck_pool_run(pool, tasks, { unsafe $0?.assumingMemoryBound(to: Job.self).pointee.body($1, $2) }, job)
      }
    }
  }

  private struct Job {
    let body: @Sendable (_ task: Int, _ worker: Int) -> Void
  }
}
