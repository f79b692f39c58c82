import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Files that nobody wrote in good faith end in a value or a sentence.
@Suite(.timeLimit(.minutes(2))) struct HostileFileTests {
  /// What protobuf-c would have to refuse because the scan did not; it never does.
  private static let refusedAfterTheScan = "This is not an ONNX file, or it is damaged."

  @Test func everyTruncation() {
    var read = 0
    for count in 0..<Wire.sample.count {
      do {
        _ = try ONNXFile.read(bytes: Array(Wire.sample[..<count]))
        read += 1
      } catch { #expect(error.sentence != Self.refusedAfterTheScan) }
    }
    // Only ends between two fields of the model itself, from the graph on, are ends of a model.
    #expect(read == 6)
  }

  @Test func everyLieAboutALength() throws {
    let lies: [UInt64] = [0, 1, 127, 1 << 31 - 1, 1 << 31, 1 << 32, 1 << 63 - 1, 1 << 63, .max]
    for lie in lies {
      for position in Wire.sample.indices {
        var bytes = Array(Wire.sample[..<position])
        bytes += WireMessage.varint(lie)
        bytes += Wire.sample[(position + 1)...]
        do { _ = try ONNXFile.read(bytes: bytes) } catch { #expect(error.sentence != Self.refusedAfterTheScan) }
      }
    }
    let lying = Wire.model(Wire.graph()).raw([7 << 3 | 2] + WireMessage.varint(1 << 63))
    #expect(throws: ONNXFileError.self) { try ONNXFile.read(bytes: lying.bytes) }
  }

  @Test func randomMutations() {
    var generator = SeededGenerator(seed: 20)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = Wire.sample
      bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      do {
        _ = try ONNXFile.read(bytes: bytes)
        read += 1
      } catch { #expect(error.sentence != Self.refusedAfterTheScan) }
    }
    #expect(read > 1000 && read < 19_000)
  }

  /// Bytes that are mostly tags and short lengths reach deeper than plain noise.
  @Test func randomMessages() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 1...60, using: &generator)).map { _ -> UInt8 in
        switch UInt8.random(in: 0...3, using: &generator) {
        case 0: UInt8.random(in: 1...25, using: &generator) << 3 | 2
        case 1: UInt8.random(in: 1...25, using: &generator) << 3
        case 2: UInt8.random(in: 0...20, using: &generator)
        default: UInt8.random(in: 0...255, using: &generator)
        }
      }
      let graph = WireMessage().raw(bytes)
      for file in [bytes, Wire.model(graph).bytes] {
        do { _ = try ONNXFile.read(bytes: file) } catch { #expect(error.sentence != Self.refusedAfterTheScan) }
      }
    }
  }

  /// A chain of `count` messages, each the only field of the one around it; `step(level)` is the field's number.
  private func nested(_ count: Int, _ step: (Int) -> UInt64) -> [UInt8] {
    var reversed: [UInt8] = []
    for level in stride(from: count - 1, through: 0, by: -1) {
      reversed += WireMessage.varint(UInt64(reversed.count)).reversed()
      reversed += WireMessage.varint(step(level) << 3 | 2).reversed()
    }
    return reversed.reversed()
  }

  /// Graphs in attributes of nodes of graphs, to a depth in messages.
  private func nestedGraphs(_ depth: Int) -> [UInt8] { nested(depth) { $0 == 0 ? 7 : [6, 1, 5][$0 % 3] } }

  @Test func acceptsTheDeepestNestingThatIsAllowed() throws {
    // Model and 63 messages in it.
    do { _ = try ONNXFile.read(bytes: nestedGraphs(63)) } catch { #expect(error.sentence.contains("names no operator")) }
    #expect(throws: ONNXFileError.self) { try ONNXFile.read(bytes: nestedGraphs(64)) }
    let sequences = nested(60) { $0 == 0 ? 7 : $0 == 1 ? 11 : $0 == 2 ? 2 : $0 % 2 == 1 ? 4 : 1 }
    #expect(try ONNXFile.read(bytes: sequences).graph.inputs.count == 1)
  }

  @Test(arguments: [65, 600, 10_000, 1_000_000]) func refusesDeepNesting(_ depth: Int) throws {
    let bytes = nestedGraphs(depth)
    let clock = ContinuousClock()
    let time = clock.measure {
      do throws(ONNXFileError) {
        _ = try ONNXFile.read(bytes: bytes)
        Issue.record("read")
      } catch { #expect(error.sentence.contains("messages are nested more than 64 deep")) }
    }
    #expect(time < .seconds(1))
  }

  @Test(arguments: [60, 1_000_000]) func needsLittleStack(_ depth: Int) async throws {
    let graphs = nestedGraphs(depth)
    let types = nested(depth) { $0 == 0 ? 7 : $0 == 1 ? 11 : $0 == 2 ? 2 : $0 % 2 == 1 ? 4 : 1 }
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      let thread = Thread {
        for bytes in [graphs, types, Wire.sample] { _ = try? ONNXFile.read(bytes: bytes) }
        done.resume()
      }
      thread.stackSize = 512 << 10
      thread.start()
    }
  }

  /// Two bytes in the file become a structure of over a hundred bytes.
  @Test func refusesMoreMemoryThanTheFileIsWorth() {
    let nodes = WireMessage().bytes(7, [UInt8](repeating: 0, count: 2_000_000).indices.map { $0 % 2 == 0 ? 1 << 3 | 2 : 0 })
    #expect(throws: ONNXFileError.self) { try ONNXFile.read(bytes: nodes.bytes) }
    do { _ = try ONNXFile.read(bytes: nodes.bytes) } catch {
      #expect(error.kind == .tooLarge)
      #expect(error.sentence.contains("in graph › node "))
      #expect(error.sentence.contains("would take more than 71 MiB of memory"))
    }
    // Numbers that stand one by one are worth what they are.
    let numbers = Wire.attribute("a", type: 7).raw([UInt8](repeating: 0, count: 2_000_000).indices.map { $0 % 2 == 0 ? 8 << 3 : 5 })
    let graph = Wire.graph(nodes: [Wire.node("Conv", [numbers])])
    #expect(throws: Never.self) { try ONNXFile.read(bytes: Wire.model(graph).bytes) }
  }

  /// With any amount of memory, the scan refuses or unpacking succeeds: the estimate is an upper bound.
  @Test(arguments: [0, 1, 16, 40, 300, 1100]) func neverUnderestimatesMemory(_ operands: Int) {
    var node = Wire.node("Sum")
    for _ in 0..<operands { node = node.text(1, "x").number(99, 0) }
    let wide = Wire.attribute("a", type: 7).packed(8, Array(repeating: 1, count: operands)).raw([8 << 3, 1])
    for file in [Wire.sample, Wire.model(Wire.graph(nodes: [node, Wire.node("Conv", [wide])])).bytes] {
      var limits = ONNXLimits()
      limits.memoryPerFileByte = 0
      limits.additionalMemory = 0
      var isRead = false
      while !isRead {
        limits.additionalMemory += 97
        do throws(ONNXFileError) {
          _ = try ONNXFile.read(bytes: file, limits: limits)
          isRead = true
        } catch {
          #expect(error.kind == .tooLarge)
          if error.kind != .tooLarge { return }
        }
      }
      #expect(limits.additionalMemory > file.count)
    }
  }

  @Test func saysWhere() {
    func sentence(_ bytes: [UInt8]) -> String {
      do { _ = try ONNXFile.read(bytes: bytes) } catch { return error.sentence }
      return "read"
    }
    let opening = "This is not an ONNX file, or it is damaged: at byte "
    #expect(sentence([0x89, 0x50, 0x4e, 0x47]).hasPrefix(opening + "2: "))
    // A field of another wire type is passed over, as by every reader of the format.
    #expect(sentence([1 << 3 | 2, 0]) == "This is not an ONNX model: it has no graph.")
    #expect(sentence([1 << 3 | 2, 5, 0]) == opening + "2: a length of 5 bytes, but only 1 are left.")
    #expect(sentence([1 << 3]) == opening + "1, in ir_version: a number is cut off.")
    #expect(sentence([0]) == opening + "1: the field number 0 does not exist.")
    #expect(sentence([1 << 3 | 3]).contains("there is no field with the wire type 3"))
    #expect(sentence([31 << 3 | 3 & 7, 1]).contains("there is no field with the wire type"))
    #expect(sentence([7 << 3 | 2, 9, 0]) == opening + "2, in graph: a length of 9 bytes, but only 1 are left.")
    #expect(sentence([7 << 3 | 2, 0, 7 << 3 | 2, 0]) == opening + "3, in graph: the message occurs twice.")
    #expect(sentence([1 << 3] + [UInt8](repeating: 0xff, count: 11)).hasSuffix("in ir_version: a number takes more than 64 bits."))
    let node = Wire.node("Conv", [Wire.attribute("a", type: 7).bytes(1, [0x61, 0])])
    #expect(
      sentence(Wire.model(Wire.graph(nodes: [Wire.node("Relu"), node])).bytes)
        .hasSuffix("in graph › node 1 › attribute 0 › name: the field is no text in UTF-8."))
    #expect(
      sentence(Wire.model(initializer: Wire.tensor("w", type: 1, [1]).bytes(4, [0, 0, 0])))
        .hasSuffix("in graph › initializer 0 › float_data: 3 bytes are no whole number of elements of 4 bytes."))
  }

  /// As Protocol Buffers have it.
  @Test func theLastOfSeveralScalarsCounts() throws {
    let bytes = Wire.model(Wire.graph().text(2, "last")).number(1, 9).text(2, "other").bytes
    let model = try ONNXFile.read(bytes: bytes)
    #expect(model.irVersion == 9 && model.producerName == "other" && model.graph.name == "last")
  }
}
