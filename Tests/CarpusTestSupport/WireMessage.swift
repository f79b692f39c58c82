/// Writes the wire format of Protocol Buffers, sound or not, field by field.
public struct WireMessage: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    repeat {
      bytes.append(UInt8(rest & 0x7f) | (rest >= 0x80 ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  /// Bytes that are no field at all.
  public func raw(_ more: [UInt8]) -> WireMessage {
    var result = self
    result.bytes += more
    return result
  }

  public func number(_ field: UInt64, _ value: Int) -> WireMessage {
    raw(Self.varint(field << 3) + Self.varint(UInt64(bitPattern: Int64(value))))
  }

  public func float(_ field: UInt64, _ value: Float) -> WireMessage {
    raw(Self.varint(field << 3 | 5) + littleEndian(value.bitPattern))
  }

  public func bytes(_ field: UInt64, _ value: [UInt8]) -> WireMessage {
    raw(Self.varint(field << 3 | 2) + Self.varint(UInt64(value.count)) + value)
  }

  public func text(_ field: UInt64, _ value: String) -> WireMessage { bytes(field, Array(value.utf8)) }

  public func message(_ field: UInt64, _ value: WireMessage) -> WireMessage { bytes(field, value.bytes) }

  public func packed(_ field: UInt64, _ values: [Int]) -> WireMessage {
    bytes(field, values.flatMap { Self.varint(UInt64(bitPattern: Int64($0))) })
  }
}

public func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) }
}

/// ONNX messages, with the field numbers of the specification.
public enum Wire {
  public static func model(_ graph: WireMessage) -> WireMessage {
    WireMessage().number(1, 8).text(2, "tests").message(7, graph).message(8, WireMessage().text(1, "").number(2, 17))
  }

  public static func graph(initializers: [WireMessage] = [], nodes: [WireMessage] = []) -> WireMessage {
    var graph = WireMessage().text(2, "g")
    for node in nodes { graph = graph.message(1, node) }
    for tensor in initializers { graph = graph.message(5, tensor) }
    return graph
  }

  public static func node(_ type: String, _ attributes: [WireMessage] = []) -> WireMessage {
    var node = WireMessage().text(1, "x").text(2, "y").text(3, "n").text(4, type)
    for attribute in attributes { node = node.message(5, attribute) }
    return node
  }

  public static func node(
    _ type: String, domain: String = "", name: String, from inputs: [String], to outputs: [String], _ attributes: [WireMessage] = [],
    metadata: [(String, String)] = []
  ) -> WireMessage {
    var node = outputs.reduce(inputs.reduce(WireMessage()) { $0.text(1, $1) }) { $0.text(2, $1) }.text(3, name).text(4, type).text(7, domain)
    for attribute in attributes { node = node.message(5, attribute) }
    for (key, value) in metadata { node = node.message(9, WireMessage().text(1, key).text(2, value)) }
    return node
  }

  /// An initializer of float32.
  public static func floats(_ name: String, _ extents: [Int], _ values: [Float]) -> WireMessage {
    tensor(name, type: 1, extents).bytes(9, values.flatMap { littleEndian($0.bitPattern) })
  }

  public static func attribute(_ name: String, type: Int) -> WireMessage { WireMessage().text(1, name).number(20, type) }

  public static func tensor(_ name: String, type: Int, _ extents: [Int]) -> WireMessage {
    extents.reduce(WireMessage()) { $0.number(1, $1) }.number(2, type).text(8, name)
  }

  public static func external(_ name: String, _ entries: [(String, String)], extents: [Int] = [2], type: Int = 1) -> WireMessage {
    entries.reduce(tensor(name, type: type, extents)) { $0.message(13, WireMessage().text(1, $1.0).text(2, $1.1)) }.number(14, 1)
  }

  /// `ValueInfoProto` of a tensor; a dimension is a number, a symbol, or nothing.
  public static func value(_ name: String, type: Int, _ dimensions: [(Int?, String?)]) -> WireMessage {
    var shape = WireMessage()
    for (extent, symbol) in dimensions {
      var dimension = WireMessage()
      if let extent { dimension = dimension.number(1, extent) }
      if let symbol { dimension = dimension.text(2, symbol) }
      shape = shape.message(1, dimension)
    }
    return WireMessage().text(1, name).message(2, WireMessage().message(1, WireMessage().number(1, type).message(2, shape)))
  }

  /// A model with one initializer.
  public static func model(initializer: WireMessage) -> [UInt8] { model(graph(initializers: [initializer])).bytes }

  /// A small model with something of everything.
  public static let sample: [UInt8] = {
    let weights = tensor("w", type: 1, [2, 2]).bytes(9, [Float(1), 2, -3, 0.5].flatMap { littleEndian($0.bitPattern) })
    let axes = tensor("axes", type: 7, [2]).packed(7, [-1, 5])
    let conv = Wire.node(
      "Conv",
      [
        attribute("pads", type: 7).number(8, 1).number(8, 2).number(8, 3), attribute("alpha", type: 1).float(2, 0.25),
        attribute("mode", type: 3).text(4, "constant"), attribute("group", type: 2).number(3, -7),
        attribute("value", type: 4).message(5, axes), attribute("scales", type: 6).float(7, 1.5).float(7, 2.5),
        attribute("names", type: 8).text(9, "a").text(9, "ß"),
        attribute("body", type: 5).message(6, Wire.graph(nodes: [Wire.node("Relu")])),
      ]
    ).message(9, WireMessage().text(1, "pkg.torch.onnx.name_scopes").text(2, "['', 'layer1']"))
    let whole = Wire.graph(initializers: [weights, axes], nodes: [conv, Wire.node("Relu")])
      .message(11, value("x", type: 1, [(nil, "N"), (3, nil), (nil, nil), (-1, nil)]))
      .message(12, value("y", type: 10, [])).message(13, WireMessage().text(1, "z"))
    return model(whole).text(6, "a description that nobody reads").number(5, 3)
      .message(14, WireMessage().text(1, "author").text(2, "k")).message(8, WireMessage().text(1, "com.example").number(2, 1))
      .message(25, WireMessage().text(1, "f").text(10, "d").message(7, Wire.node("Relu"))).bytes
  }()
}
