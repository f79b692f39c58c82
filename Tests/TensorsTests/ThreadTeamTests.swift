import CarpusTensors
import Synchronization
import Testing

@Suite struct ThreadTeamTests {
  @Test(arguments: [1, 2, 3, 8]) func runsEveryTaskOnce(_ count: Int) {
    for tasks in [0, 1, 2, 7, 1000] {
      let runs = Mutex([Int](repeating: 0, count: tasks))
      ThreadTeam(count: count).run(tasks: tasks) { task, worker in
        #expect((0..<count).contains(worker))
        runs.withLock { $0[task] += 1 }
      }
      #expect(runs.withLock { $0 } == [Int](repeating: 1, count: tasks))
    }
  }

  /// One run after another, with and without pauses, from several threads and from within a run.
  @Test func runsFollowEachOther() async {
    let team = ThreadTeam(count: 3)
    let total = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 { group.addTask { await Self.runs(of: team) } }
      return await group.reduce(0, +)
    }
    #expect(total == 4 * 500 * (1 + 2 + 3 + 4))
  }

  private static func runs(of team: ThreadTeam) async -> Int {
    var total = 0
    for run in 0..<500 {
      if run.isMultiple(of: 100) { try? await Task.sleep(for: .milliseconds(1)) }
      total += nestedTasks(of: team)
    }
    return total
  }

  private static func nestedTasks(of team: ThreadTeam) -> Int {
    let sum = Mutex(0)
    team.run(tasks: 4) { task, _ in
      team.run(tasks: task + 1) { _, _ in sum.withLock { $0 += 1 } }
    }
    return sum.withLock { $0 }
  }

  /// Products and convolutions are cut differently for each number of threads, their results are the same bits.
  @Test func threadsGiveTheSameBits() throws {
    let window = try #require(
      SlidingWindow(
        input: [29, 31], output: [29, 31], kernel: [3, 3], strides: [1, 1], dilations: [1, 1], padsBegin: [1, 1], padsEnd: [1, 1]))
    let convolution = try #require(Convolution(batch: 2, inputChannels: 12, outputChannels: 45, window: window))
    let x = numbers(convolution.inputCount, seed: 1).cast(Float.self), w = numbers(convolution.weightCount, seed: 2).cast(Float.self)
    let seed = numbers(convolution.outputCount, seed: 3).cast(Float.self)
    func bits(_ team: ThreadTeam) -> [[Double]] {
      [
        filled(convolution.outputCount, Float.self) {
          Kernels.convolution(
            x.span, weights: w.span, residual: seed.span, activation: .silu, convolution, into: &$0, scratch: Scratch(), team: team)
        },
        filled(convolution.inputCount, Float.self) {
          Kernels.convolutionInputGradient(seed: seed.span, weights: w.span, convolution, into: &$0, scratch: Scratch(), team: team)
        },
        filled(100 * 54, Float.self) {
          Kernels.multiply(
            x.span.extracting(0..<100 * 90), w.span.extracting(0..<90 * 54), into: &$0, m: 100, n: 54, k: 90, transposeB: true, team: team)
        },
      ]
    }
    let one = bits(ThreadTeam(count: 1)), two = bits(ThreadTeam(count: 2)), three = bits(ThreadTeam(count: 3))
    #expect(one == two && one == three)
  }
}
