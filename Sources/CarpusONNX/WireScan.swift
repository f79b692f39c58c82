/// Looks through a file in the wire format of Protocol Buffers before anything is allocated for it, without recursion, and makes
/// its skeleton: the same message without the fields that nobody reads, and with the place of the weights instead of the weights.
///
/// A skeleton that comes out is sound: every length lies inside its parent, text is
/// UTF-8 without zero bytes, a message that is single occurs once, messages are nested at most `ONNXLimits.nesting` deep, and
/// unpacking it takes no more than the memory that the limits allow.
///
/// Source: Protocol Buffers, "Encoding".
struct WireScan {
  private struct Frame {
    let message: Int
    /// Which field of the parent, and the how-manieth of that field.
    let field: Int
    let occurrence: Int
    let end: Int
    /// Where in the skeleton its length is to be written.
    let lengthAt: Int
  }

  /// Upper bounds of what protobuf-c allocates: for its notes on a field that it meets; for the overhead of a block.
  private static let bytesPerField = 128
  private static let bytesPerBlock = 40
  private static let lengthByteCount = 5

  private let schema: WireSchema
  private let limits: ONNXLimits
  private var cursor: ByteCursor
  private var frames: [Frame] = []
  /// How often each field has occurred in each open message.
  private var occurrences: [Int]
  private let widest: Int
  private var skeleton: [UInt8] = []
  private var memory = 0
  private let memoryLimit: Int
  /// The field that is being read, for messages.
  private var current: Int?
  /// The list of numbers that was last written to the skeleton, if nothing has followed it.
  private var run: (field: Int, lengthAt: Int)?

  /// - Throws: where the file is unsound, by byte and by field.
  static func skeleton(of source: ByteSource, schema: WireSchema, limits: ONNXLimits) throws(ONNXFileError) -> [UInt8] {
    var scan = WireScan(source, schema, limits)
    try scan.walk()
    return scan.skeleton
  }

  private init(_ source: ByteSource, _ schema: WireSchema, _ limits: ONNXLimits) {
    self.schema = schema
    self.limits = limits
    cursor = ByteCursor(source)
    widest = schema.widest
    occurrences = [Int](repeating: 0, count: widest * limits.nesting)
    memoryLimit = limits.memory(forFileOf: source.byteCount)
  }

  private mutating func walk() throws(ONNXFileError) {
    try open(message: 0, field: 0, occurrence: 0, end: cursor.byteCount, lengthAt: 0)
    while let frame = frames.last {
      if cursor.position < frame.end {
        try readField(of: frame)
      } else {
        frames.removeLast()
        run = nil
        if !frames.isEmpty { writeLength(at: frame.lengthAt) }
      }
    }
  }

  private mutating func open(message: Int, field: Int, occurrence: Int, end: Int, lengthAt: Int) throws(ONNXFileError) {
    guard frames.count < limits.nesting else { throw failure("messages are nested more than \(limits.nesting) deep") }
    for index in frames.count * widest..<(frames.count + 1) * widest { occurrences[index] = 0 }
    frames.append(Frame(message: message, field: field, occurrence: occurrence, end: end, lengthAt: lengthAt))
    current = nil
    run = nil
    try charge(schema.messages[message].byteCount + Self.bytesPerBlock)
  }

  private mutating func readField(of frame: Frame) throws(ONNXFileError) {
    current = nil
    let tag = try varint(before: frame.end)
    let wireType = tag & 7
    guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else { throw failure("the field number \(tag >> 3) does not exist") }
    guard let index = schema.messages[frame.message].index(ofField: tag >> 3) else { return try skip(wireType, before: frame.end) }
    let field = schema.messages[frame.message].fields[index]
    // As every reader of the format does: a field of another wire type is an unknown field. Some old files end in one.
    guard field.accepts(wireType) else { return try skip(wireType, before: frame.end) }
    current = index
    let slot = (frames.count - 1) * widest + index
    let occurrence = occurrences[slot]
    occurrences[slot] += 1
    if field.isRepeated, wireType == field.kind.scalarWireType { return try appendToRun(field, index, before: frame.end) }
    run = nil
    try charge(Self.bytesPerField + Self.bytesPerBlock)
    write(tag)
    switch (field.kind, wireType) {
    case (.varint, 0), (.fixed32, 5), (.fixed64, 1): try copyScalar(field.kind, before: frame.end)
    case (.varint(let size), 2) where field.isRepeated: try copyPacked(varintsOf: size, before: frame.end)
    case (.fixed32, 2) where field.isRepeated: try copyPacked(elementsOf: 4, before: frame.end)
    case (.fixed64, 2) where field.isRepeated: try copyPacked(elementsOf: 8, before: frame.end)
    case (.text, 2): try copyText(before: frame.end)
    case (.bytes, 2):
      let count = try length(before: frame.end)
      write(UInt64(count))
      try copy(count, before: frame.end)
    case (.place, 2):
      let count = try length(before: frame.end)
      write(16)
      write(place: cursor.position, count)
      cursor.skip(count)
    case (.message(let message), 2):
      guard field.isRepeated || occurrence == 0 else { throw failure("the message occurs twice") }
      let count = try length(before: frame.end)
      let end = cursor.position + count
      try open(message: message, field: index, occurrence: occurrence, end: end, lengthAt: reserveLength())
    default: preconditionFailure("a wire type that the field does not accept")
    }
  }

  /// Numbers of a list that stand one by one in the file are joined: protobuf-c would keep notes on each.
  private mutating func appendToRun(_ field: WireSchema.Field, _ index: Int, before end: Int) throws(ONNXFileError) {
    let lengthAt: Int
    if let run, run.field == index {
      lengthAt = run.lengthAt
    } else {
      try charge(Self.bytesPerField + Self.bytesPerBlock)
      write(UInt64(field.number) << 3 | 2)
      lengthAt = reserveLength()
      run = (index, lengthAt)
    }
    try copyScalar(field.kind, before: end)
    writeLength(at: lengthAt)
  }

  private mutating func copyScalar(_ kind: WireSchema.Kind, before end: Int) throws(ONNXFileError) {
    switch kind {
    case .varint(let size):
      write(try varint(before: end))
      try charge(size)
    case .fixed32: try copy(4, before: end)
    case .fixed64: try copy(8, before: end)
    case .text, .bytes, .place, .message: break
    }
  }

  private mutating func skip(_ wireType: UInt64, before end: Int) throws(ONNXFileError) {
    switch wireType {
    case 0: _ = try varint(before: end)
    case 1: try require(8, before: end)
      cursor.skip(8)
    case 2: cursor.skip(try length(before: end))
    case 5: try require(4, before: end)
      cursor.skip(4)
    default: throw failure("there is no field with the wire type \(wireType) in ONNX")
    }
  }

  private mutating func copyPacked(varintsOf size: Int, before end: Int) throws(ONNXFileError) {
    let count = try length(before: end)
    let last = cursor.position + count
    let lengthAt = reserveLength()
    while cursor.position < last {
      try copyScalar(.varint(byteCount: size), before: last)
    }
    writeLength(at: lengthAt)
  }

  private mutating func copyPacked(elementsOf size: Int, before end: Int) throws(ONNXFileError) {
    let count = try length(before: end)
    guard count % size == 0 else { throw failure("\(count) bytes are no whole number of elements of \(size) bytes") }
    write(UInt64(count))
    try copy(count, before: end)
  }

  private mutating func copyText(before end: Int) throws(ONNXFileError) {
    let count = try length(before: end)
    write(UInt64(count))
    let start = skeleton.count
    try copy(count, before: end)
    let text = skeleton[start...]
    guard !text.contains(0), String(decoding: text, as: UTF8.self).utf8.elementsEqual(text) else {
      throw failure("the field is no text in UTF-8")
    }
  }

  private mutating func copy(_ count: Int, before end: Int) throws(ONNXFileError) {
    try require(count, before: end)
    try charge(count)
    try cursor.copy(count, to: &skeleton)
  }

  private mutating func charge(_ byteCount: Int) throws(ONNXFileError) {
    memory += byteCount
    guard memory + skeleton.count <= memoryLimit, skeleton.count < Int(Int32.max) - limits.nesting * 64 else {
      throw failure(.tooLarge, "what has been read so far would take more than \(memoryLimit >> 20) MiB of memory")
    }
  }

  // MARK: The wire format

  private mutating func varint(before end: Int) throws(ONNXFileError) -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<10 {
      guard cursor.position < end else { throw failure("a number is cut off") }
      let byte = try cursor.next()
      guard place < 9 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7f) << UInt64(7 * place)
      if byte < 0x80 { return value }
    }
    throw failure("a number takes more than 64 bits")
  }

  private mutating func length(before end: Int) throws(ONNXFileError) -> Int {
    let length = try varint(before: end)
    guard length <= UInt64(end - cursor.position) else {
      throw failure("a length of \(length) bytes, but only \(end - cursor.position) are left")
    }
    return Int(length)
  }

  private func require(_ count: Int, before end: Int) throws(ONNXFileError) {
    guard count <= end - cursor.position else { throw failure("a value is cut off") }
  }

  private mutating func write(_ varint: UInt64) {
    var rest = varint
    while rest >= 0x80 {
      skeleton.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    skeleton.append(UInt8(rest))
  }

  private mutating func write(place offset: Int, _ count: Int) {
    for value in [UInt64(offset), UInt64(count)] {
      for shift in stride(from: 0 as UInt64, to: 64, by: 8) { skeleton.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
  }

  /// A varint of fixed width: its value is known only when what it counts has been written.
  private mutating func reserveLength() -> Int {
    for _ in 0..<Self.lengthByteCount { skeleton.append(0) }
    writeLength(at: skeleton.count - Self.lengthByteCount)
    return skeleton.count - Self.lengthByteCount
  }

  private mutating func writeLength(at position: Int) {
    let length = skeleton.count - position - Self.lengthByteCount
    for index in 0..<Self.lengthByteCount {
      let more: UInt8 = index < Self.lengthByteCount - 1 ? 0x80 : 0
      skeleton[position + index] = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7f | more
    }
  }

  // MARK: Errors

  private func failure(_ reason: String) -> ONNXFileError { failure(.malformed, reason) }

  private func failure(_ kind: ONNXFileError.Kind, _ reason: String) -> ONNXFileError {
    var steps = zip(frames, frames.dropFirst()).map { parent, frame in words(frame.field, frame.occurrence, of: parent.message) }
    if let current, let frame = frames.last {
      steps.append(words(current, occurrences[(frames.count - 1) * widest + current] - 1, of: frame.message))
    }
    let place = steps.isEmpty ? "" : ", in \(steps.joined(separator: " › "))"
    let opening = kind == .malformed ? "This is not an ONNX file, or it is damaged" : "The file is too large"
    return ONNXFileError(kind, "\(opening): at byte \(cursor.position)\(place): \(reason).")
  }

  private func words(_ field: Int, _ occurrence: Int, of message: Int) -> String {
    let field = schema.messages[message].fields[field]
    guard field.isRepeated, case .message = field.kind else { return field.name }
    return "\(field.name) \(occurrence)"
  }
}
