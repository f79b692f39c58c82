import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct TensorDataTests {
  /// Each element type: its number in the file, two elements as little-endian bytes, the typed field and what stands in it.
  static let types: [(type: ElementType, number: Int, raw: [UInt8], typed: WireMessage)] = [
    (.float32, 1, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], WireMessage().float(4, 1).float(4, -2)),
    (.uint8, 2, [255, 1], WireMessage().packed(5, [255, 1])),
    (.int8, 3, [0x80, 1], WireMessage().packed(5, [-128, 1])),
    (.uint16, 4, [0xff, 0xff, 1, 0], WireMessage().packed(5, [65535, 1])),
    (.int16, 5, [0, 0x80, 1, 0], WireMessage().packed(5, [-32768, 1])),
    (.int32, 6, [0, 0, 0, 0x80, 1, 0, 0, 0], WireMessage().packed(5, [-2_147_483_648, 1])),
    (.int64, 7, [254, 255, 255, 255, 255, 255, 255, 255, 0, 1, 0, 0, 0, 0, 0, 0], WireMessage().packed(7, [-2, 256])),
    (.bool, 9, [0, 1], WireMessage().packed(5, [0, 3])),
    (.float16, 10, [0, 0x3c, 0, 0xc0], WireMessage().packed(5, [0x3c00, 0xc000])),
    (.float64, 11, [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0],
      WireMessage().bytes(10, littleEndian(Double(1).bitPattern) + littleEndian(Double(-2).bitPattern))),
    (.uint32, 12, [255, 255, 255, 255, 1, 0, 0, 0], WireMessage().packed(11, [4_294_967_295, 1])),
    (.uint64, 13, [0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0, 0, 0, 0, 0, 0], WireMessage().packed(11, [.min, 1])),
    (.bfloat16, 16, [0x80, 0x3f, 0, 0xc0], WireMessage().packed(5, [0x3f80, 0xc000])),
    (.complex64, 14, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f], WireMessage().float(4, 1).float(4, -2).float(4, 0).float(4, 1)),
    (.complex128, 15, littleEndian(Double(1).bitPattern) + littleEndian(Double(-2).bitPattern) + littleEndian(Double(0).bitPattern) + littleEndian(Double(3).bitPattern),
      WireMessage().bytes(10, littleEndian(Double(1).bitPattern) + littleEndian(Double(-2).bitPattern) + littleEndian(Double(0).bitPattern) + littleEndian(Double(3).bitPattern))),
    (.float8e4m3fn, 17, [0x7e, 0x81], WireMessage().packed(5, [0x7e, 0x81])),
    (.float8e4m3fnuz, 18, [0x7e, 0x81], WireMessage().packed(5, [0x7e, 0x81])),
    (.float8e5m2, 19, [0x7e, 0x81], WireMessage().packed(5, [0x7e, 0x81])),
    (.float8e5m2fnuz, 20, [0x7e, 0x81], WireMessage().packed(5, [0x7e, 0x81])),
    (.float8e8m0, 24, [0x7e, 0x81], WireMessage().packed(5, [0x7e, 0x81])),
  ]

  /// Several elements to a byte: the byte that holds the first ones, and what three elements are in memory.
  static let packed: [(type: ElementType, number: Int, raw: [UInt8], elements: [UInt8])] = [
    (.uint4, 21, [0xf1, 0x07], [1, 15, 7]), (.int4, 22, [0xf1, 0x08], [1, 0xff, 0xf8]), (.float4e2m1, 23, [0xf1, 0x07], [1, 15, 7]),
    (.uint2, 25, [0b111001], [1, 2, 3]), (.int2, 26, [0b111001], [1, 0xfe, 0xff]),
  ]

  @Test func coversEveryElementType() {
    #expect(Set(Self.types.map(\.type) + Self.packed.map(\.type) + [.string]) == Set(ElementType.allCases))
  }

  @Test(arguments: packed.indices) func unpacks(_ index: Int) throws {
    let (type, number, raw, elements) = Self.packed[index]
    let tensor = Wire.tensor("w", type: number, [3])
    for message in [tensor.bytes(9, raw), tensor.raw(WireMessage().packed(5, raw.map(Int.init)).bytes)] {
      let read = try #require(try initializer(message))
      #expect(read.elementType == type && read.shape == [3])
      #expect(Tensor(elementType: .uint8, shape: [3], storage: read.storage).array(of: UInt8.self) == elements)
    }
    #expect(throws: ONNXFileError.self) { try initializer(tensor.bytes(9, raw + [0])) }
    #expect(throws: ONNXFileError.self) { try initializer(tensor) }
  }

  @Test func readsText() throws {
    let tensor = Wire.tensor("w", type: 8, [2])
    #expect(try initializer(tensor.text(6, "a\0b").text(6, ""))?.texts == ["a\0b", ""])
    #expect(throws: ONNXFileError.self) { try initializer(tensor.text(6, "a")) }
    #expect(throws: ONNXFileError.self) { try initializer(tensor.bytes(9, [65, 66])) }
    #expect(throws: ONNXFileError.self) { try initializer(tensor.text(6, "a").bytes(6, [0xff])) }
  }

  @Test func fillsInTheZerosOfSparseTensors() throws {
    func sparse(_ indices: WireMessage) throws -> [Float]? {
      let values = Wire.tensor("w", type: 1, [2]).float(4, 5).float(4, 6)
      let message = WireMessage().message(1, values).message(2, indices).packed(3, [2, 3])
      return try ONNXFile.read(bytes: Wire.model(Wire.graph().message(15, message)).bytes).graph.initializers["w"]?.array(of: Float.self)
    }
    #expect(try sparse(Wire.tensor("", type: 7, [2]).packed(7, [1, 5])) == [0, 5, 0, 0, 0, 6])
    #expect(try sparse(Wire.tensor("", type: 7, [2, 2]).packed(7, [0, 1, 1, 0])) == [0, 5, 0, 6, 0, 0])
    #expect(throws: ONNXFileError.self) { try sparse(Wire.tensor("", type: 7, [2]).packed(7, [1, 6])) }
    #expect(throws: ONNXFileError.self) { try sparse(Wire.tensor("", type: 7, [2]).packed(7, [1, -1])) }
    #expect(throws: ONNXFileError.self) { try sparse(Wire.tensor("", type: 7, [2, 2]).packed(7, [0, 3, 1, 0])) }
    #expect(throws: ONNXFileError.self) { try sparse(Wire.tensor("", type: 7, [3]).packed(7, [0, 3, 1])) }
  }

  @Test(arguments: types.indices) func readsRawAndTyped(_ index: Int) throws {
    let (type, number, raw, typed) = Self.types[index]
    let tensor = Wire.tensor("w", type: number, [2])
    for message in [tensor.bytes(9, raw), tensor.raw(typed.bytes)] {
      let read = try #require(try initializer(message))
      #expect(read.elementType == type)
      #expect(read.shape == [2])
      #expect(Tensor(elementType: .uint8, shape: [raw.count], storage: read.storage).array(of: UInt8.self) == raw)
    }
    #expect(throws: ONNXFileError.self) { try initializer(tensor.bytes(9, Array(raw.dropLast()))) }
    #expect(throws: ONNXFileError.self) { try initializer(tensor.bytes(9, raw + [0])) }
    #expect(throws: ONNXFileError.self) { try initializer(tensor) }
    #expect(throws: ONNXFileError.self) { try initializer(tensor.bytes(9, raw).raw(typed.bytes)) }
  }

  /// Any other byte is no value of a truth value.
  @Test func readsTruthValues() throws {
    let bytes = Wire.tensor("w", type: 9, [4]).bytes(9, [0, 1, 7, 255])
    #expect(try initializer(bytes)?.array(of: Bool.self) == [false, true, true, true])
  }

  @Test func readsUnpackedLists() throws {
    let floats = Wire.tensor("w", type: 1, [3]).float(4, 1).float(4, 2).float(4, 3)
    #expect(try initializer(floats)?.array(of: Float.self) == [1, 2, 3])
    // One list in three pieces, one of them packed.
    let integers = Wire.tensor("w", type: 7, [4]).number(7, 300).packed(7, [-1, 2]).number(7, 4)
    #expect(try initializer(integers)?.array(of: Int64.self) == [300, -1, 2, 4])
  }

  @Test func readsScalarsAndEmptyTensors() throws {
    #expect(try initializer(Wire.tensor("w", type: 7, []).packed(7, [5]))?.shape == [])
    #expect(try initializer(Wire.tensor("w", type: 1, [3, 0]))?.shape == [3, 0])
    #expect(try initializer(Wire.tensor("w", type: 1, [0]).bytes(9, []))?.shape == [0])
  }

  @Test func saysWhatItHasAndNeeds() throws {
    func sentence(_ tensor: WireMessage, _ limits: ONNXLimits = ONNXLimits()) -> String {
      do { _ = try ONNXFile.read(bytes: Wire.model(initializer: tensor), limits: limits) } catch { return error.sentence }
      return "read"
    }
    #expect(
      sentence(Wire.tensor("w", type: 1, [2, 3]).bytes(9, [0, 0, 0, 0]))
        == "The initializer 'w' has 4 bytes of raw_data, but float32 of shape 2×3 needs 24.")
    #expect(
      sentence(Wire.tensor("w", type: 7, [2]).packed(7, [1]))
        == "The initializer 'w' has 1 elements in int64_data, but int64 of shape 2 needs 2.")
    #expect(
      sentence(Wire.tensor("w", type: 7, [1]).packed(5, [1]))
        == "The initializer 'w' is of int64, but has its data in int32_data; int64_data or raw_data is meant.")
    #expect(
      sentence(Wire.tensor("w", type: 2, [1]).packed(5, [256])) == "The initializer 'w' has the element 256, which lies outside 0 to 255.")
    #expect(sentence(Wire.tensor("w", type: 1, [-1])) == "The initializer 'w' has the impossible shape [-1].")
    #expect(sentence(Wire.tensor("w", type: 1, [1 << 31, 1 << 31])).contains("impossible shape"))
    #expect(sentence(Wire.tensor("w", type: 1, [1 << 40])).contains("beyond 16384 MiB"))
    #expect(sentence(Wire.tensor("w", type: 1, [1]).message(3, WireMessage())).contains("segments"))
    #expect(sentence(Wire.tensor("w", type: 1, [1]).number(14, 7)) == "The initializer 'w' has the unknown data location 7.")
    #expect(sentence(Wire.tensor("a\u{1b}[31m\n", type: 1, [-1])) == "The initializer 'a�[31m�' has the impossible shape [-1].")
    var limits = ONNXLimits()
    limits.tensorByteCount = 7
    #expect(sentence(Wire.tensor("w", type: 7, [1]).packed(7, [1]), limits).contains("brings the tensors of the file beyond"))
  }

  /// They are kept by name, so that only a node that reads one fails.
  @Test(arguments: [(0, "no element type"), (77, "element type number 77")])
  func namesUnsupportedTypes(_ number: Int, _ words: String) throws {
    let graph = try ONNXFile.read(bytes: Wire.model(initializer: Wire.tensor("w", type: number, [1]).bytes(9, [1]))).graph
    #expect(graph.initializers.isEmpty)
    #expect(graph.initializerOrder == ["w"])
    #expect(graph.unsupportedInitializers == ["w": "a tensor of \(words)"])
  }

  private func initializer(_ tensor: WireMessage) throws -> Tensor? {
    try ONNXFile.read(bytes: Wire.model(initializer: tensor)).graph.initializers["w"]
  }
}
