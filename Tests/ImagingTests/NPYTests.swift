import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct NPYTests {
  static let types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]
  static let elementTypes: [String: ElementType] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
  ]

  /// The numbers in the reference files of shape 2×3×4; see make.py.
  private func expected(_ type: String) -> [Double] {
    (0..<24).map { $0 * 5 % 120 }.map { value in
      if type == "b1" { return value % 3 == 0 ? 1 : 0 }
      return Double(type.hasPrefix("u") ? value : value - 60)
    }
  }

  @Test(arguments: types, ["", "-fortran", "-big"]) func readsNumPy(_ type: String, order: String) throws {
    let tensor = try NPY.read(fixture("array-\(type)\(order).npy"))
    #expect(tensor.elementType == Self.elementTypes[type])
    #expect(tensor.shape == [2, 3, 4])
    #expect(tensor.integers?.map { Double($0) } ?? tensor.doubles == expected(type))
  }

  @Test(arguments: types) func writesTheBytesOfNumPy(_ type: String) throws {
    let bytes = try fixture("array-\(type).npy")
    #expect(NPY.encode(try NPY.read(bytes)) == bytes)
  }

  /// The first and the last element of 2×3×4 complex numbers `value + 0.5i · place`; see make.py.
  @Test(arguments: ["c8", "c16"], ["", "-fortran", "-big"]) func readsComplexNumbers(_ type: String, order: String) throws {
    let tensor = try NPY.read(fixture("array-\(type)\(order).npy"))
    #expect(tensor.elementType == (type == "c8" ? .complex64 : .complex128) && tensor.shape == [2, 3, 4])
    // Its parts as NumPy writes an array of real numbers with one more axis, the last, has them.
    let parts = try NPY.read(fixture("array-\(type)-parts.npy"))
    #expect(tensor.byteArray == parts.byteArray)
    #expect(NPY.encode(tensor) == (try fixture("array-\(type).npy")))
  }

  @Test(arguments: ["", "-fortran", "-big"]) func readsText(_ order: String) throws {
    let tensor = try NPY.read(fixture("array-text\(order).npy"))
    #expect(tensor.shape == [2, 3] && tensor.texts == ["", "a", "ß\u{1F9B4}", "Karpus", "0", "ab c"])
    #expect(NPY.encode(tensor) == (try fixture("array-text.npy")))
  }

  @Test func refusesWhatIsNoText() throws {
    var bytes = try fixture("array-text.npy")
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0xd8, 0, 0])
    #expect(throws: NPYError.notText(value: 0xd800, element: 5)) { try NPY.read(bytes) }
    // Texts without characters would be an array of any size in no bytes.
    let header = "{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,), }"
    #expect(throws: NPYError.elementType("<U0")) { try NPY.read([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)) }
  }

  @Test(arguments: 1...3) func readsVersions(_ version: Int) throws {
    let tensor = try NPY.read(fixture("array-version-\(version).npy"))
    #expect(tensor.shape == [1, 3])
    #expect(tensor.array(of: Float.self) == [1.5, -2.25, .infinity])
  }

  @Test func scalarsAndEmptyArrays() throws {
    let scalar = try NPY.read(fixture("array-scalar.npy"))
    #expect(scalar.shape == [])
    #expect(scalar.doubles == [0.1])
    #expect(NPY.encode(scalar) == (try fixture("array-scalar.npy")))
    #expect(try NPY.read(fixture("array-empty.npy")).shape == [0, 3])
  }

  @Test func roundTripsEveryBit() throws {
    let floats = [Float.nan, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let read = try NPY.read(NPY.encode(Tensor(floats)))
    #expect(read.shape == [5])
    #expect(read.array(of: Float.self).map(\.bitPattern) == floats.map(\.bitPattern))
    let integers = [Int64.min, -1, 0, .max]
    #expect(try NPY.read(NPY.encode(Tensor(integers, shape: [2, 2]))).array(of: Int64.self) == integers)
  }

  @Test func brainFloatsAreWrittenAsFloat32() throws {
    let read = try NPY.read(NPY.encode(Tensor([BFloat16(1.5), BFloat16(-3)])))
    #expect(read.array(of: Float.self) == [1.5, -3])
  }

  @Test func dataBeginAtMultiplesOf64() {
    for rank in 0...20 {
      let shape = Shape([Int](repeating: 1, count: rank))
      #expect((NPY.encode(Tensor([Float(1)], shape: shape)).count - 4) % 64 == 0)
    }
  }

  @Test func refusesTypesWithoutTensors() throws {
    #expect(throws: NPYError.elementType("|O")) { try NPY.read(fixture("array-object.npy")) }
    #expect(throws: NPYError.elementType("structure")) { try NPY.read(fixture("array-structure.npy")) }
    #expect(throws: NPYError.elementType("|S3")) { try NPY.read(fixture("array-bytes.npy")) }
  }

  @Test(arguments: ["array-f4.npy", "array-b1-fortran.npy", "array-version-3.npy"])
  func refusesEveryTruncation(_ name: String) throws {
    let bytes = try fixture(name)
    for length in 0..<bytes.count {
      #expect(throws: NPYError.self, "\(length) of \(bytes.count) bytes") { try NPY.read(Array(bytes.prefix(length))) }
    }
    #expect(throws: NPYError.self) { try NPY.read(bytes + [0]) }
  }

  /// A file of version 1.0 around a header of any text.
  private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
    let text = Array(header.utf8)
    return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text + data
  }

  @Test func acceptsOtherSpellings() throws {
    let header = "  { \"shape\" : ( 2 , ) , 'fortran_order':True,'descr':\"|u1\"}  \n"
    #expect(try NPY.read(file(header, data: [7, 9])).array(of: UInt8.self) == [7, 9])
  }

  @Test(arguments: [
    "", "{}", "{'descr': '<f4', 'fortran_order': False}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (281474976710656,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9, 9)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
    "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}", "{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + x", "{'descr': '<f4\\'', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False 'shape': (1,)}", "[1]", "{{{{", "{'descr",
  ]) func refusesHeadersThatLie(_ header: String) {
    #expect(throws: NPYError.self) { try NPY.read(file(header, data: [0, 0, 0, 0])) }
  }

  @Test func huge() throws {
    // An array without elements takes no memory, whatever its other extents.
    let empty = "{'descr': '<f4', 'fortran_order': True, 'shape': (281474976710656, 0)}"
    #expect(try NPY.read(file(empty)).shape.count == 0)
    var longHeader = file("{}")
    longHeader.replaceSubrange(6..<10, with: [2, 0, 0xff, 0xff, 0xff, 0xff])
    #expect(throws: NPYError.self) { try NPY.read(longHeader) }
    let deep = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + String(repeating: "1, ", count: 65) + ")}"
    #expect(throws: NPYError.self) { try NPY.read(file(deep, data: [0])) }
  }

  @Test func refusesOtherTruths() {
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}"
    #expect(throws: NPYError.notBool(value: 2, offset: 10 + header.utf8.count + 1)) { try NPY.read(file(header, data: [1, 2])) }
  }

  @Test func survivesMutations() throws {
    let sound = try fixture("array-i2-fortran.npy")
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<20_000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: 0..<100, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let tensor = try? NPY.read(bytes) else { continue }
      #expect(tensor.byteCount == 48)
    }
  }
}
