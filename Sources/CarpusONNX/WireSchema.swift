/// The kinds of message that a file may consist of, as far as they are unpacked.
struct WireSchema: Sendable {
  enum Kind: Sendable {
    /// `byteCount` bytes when unpacked.
    case varint(byteCount: Int)
    case fixed32
    case fixed64
    case text
    case bytes
    /// Bytes that stay in the file; what is unpacked is their place.
    case place
    /// One of `messages`.
    case message(Int)

    /// The wire type of a number that stands alone; `nil` for what is no number.
    var scalarWireType: UInt64? {
      switch self {
      case .varint: 0
      case .fixed64: 1
      case .fixed32: 5
      case .text, .bytes, .place, .message: nil
      }
    }
  }

  struct Field: Sendable {
    let number: Int
    let name: String
    let kind: Kind
    let isRepeated: Bool

    /// Numbers of a list may stand one by one or packed.
    func accepts(_ wireType: UInt64) -> Bool {
      guard let scalar = kind.scalarWireType else { return wireType == 2 }
      return wireType == scalar || (isRepeated && wireType == 2)
    }
  }

  struct Message: Sendable {
    /// Of the structure that it is unpacked to.
    let byteCount: Int
    let fields: [Field]
    /// Where in `fields` each field number is; -1 for the unknown ones.
    private let indices: [Int]

    init(byteCount: Int, fields: [Field]) {
      self.byteCount = byteCount
      self.fields = fields
      var indices = [Int](repeating: -1, count: (fields.map(\.number).max() ?? 0) + 1)
      for (index, field) in fields.enumerated() { indices[field.number] = index }
      self.indices = indices
    }

    func index(ofField number: UInt64) -> Int? {
      guard number < UInt64(indices.count) else { return nil }
      let index = indices[Int(number)]
      return index < 0 ? nil : index
    }
  }

  /// The first is the outermost one.
  let messages: [Message]

  /// The most fields that one message has.
  var widest: Int { messages.map(\.fields.count).max() ?? 0 }
}
