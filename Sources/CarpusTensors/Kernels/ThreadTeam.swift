import CCarpusKernels

/// The vector instructions that kernels are compiled for.
public enum InstructionSet: UInt32, Sendable, CaseIterable {
  /// What every processor of the platform has.
  case scalar
  /// AVX2, FMA and F16C.
  case avx2
  /// AVX-512 F, VL, DQ and BW.
  case avx512
  /// NEON, of AArch64.
  case neon

  /// The best set that this processor has, or the one that the environment variable `CARPUS_ISA` names, if it has that.
  public static let preferred = InstructionSet(rawValue: ck_preferred_isa().rawValue) ?? .scalar

  /// Those that this processor has.
  public static var available: [InstructionSet] { allCases.filter { ck_has_isa(ck_isa(rawValue: $0.rawValue)) } }
}

/// How many threads share the work of a kernel, and with which instructions.
public struct ThreadTeam: Sendable {
  public let count: Int
  public let instructionSet: InstructionSet
  private let pool: ThreadPool?

  /// - Precondition: `count` is positive and the processor has the instruction set.
  public init(count: Int, instructionSet: InstructionSet = .preferred) {
    precondition(count > 0 && ck_has_isa(ck_isa(rawValue: instructionSet.rawValue)))
    self.count = count
    self.instructionSet = instructionSet
    pool = count > 1 ? ThreadPool(workers: count) : nil
  }

  public static let single = ThreadTeam(count: 1)

  /// Runs `body` once for every task in `0..<tasks`, in no particular order, and returns when all have ended.
  ///
  /// - Parameter body: Gets the task, and the worker in `0..<count` that runs it; one worker runs one task at a time.
  public func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    guard let pool, tasks > 1 else {
      for task in 0..<max(tasks, 0) { body(task, 0) }
      return
    }
    pool.run(tasks: tasks, body)
  }

  /// Runs `body` for the chunks of `0..<count`, each of `grain` items but the last.
  func forEachChunk(of count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let grain = max(grain, 1)
    run(tasks: (count + grain - 1) / grain) { task, _ in
      body(task * grain..<min(count, (task + 1) * grain))
    }
  }
}
