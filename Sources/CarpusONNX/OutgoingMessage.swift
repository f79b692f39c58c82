package import CarpusTensors

/// A message of the Protocol Buffers wire format while it is written, front to back. The elements of tensors are not copied into it.
///
/// Source: Protocol Buffers documentation, "Encoding".
package struct OutgoingMessage: Sendable {
  package enum Piece: Sendable {
    case bytes([UInt8])
    /// The elements as they lie in memory.
    case elements(Tensor)
  }

  package private(set) var pieces: [Piece] = []
  package private(set) var byteCount = 0

  /// The whole message.
  package var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    for piece in pieces {
      switch piece {
      case .bytes(let bytes): result += bytes
      case .elements(let tensor): result += tensor.byteArray
      }
    }
    return result
  }

  // MARK: Fields

  mutating func integer(_ field: Int, _ value: Int) {
    append(Self.varint(UInt64(field) << 3) + Self.varint(UInt64(bitPattern: Int64(value))))
  }

  mutating func float(_ field: Int, _ value: Float) {
    append(Self.varint(UInt64(field) << 3 | 5) + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) })
  }

  /// Left out where it is empty.
  mutating func optionalText(_ field: Int, _ value: String) {
    if !value.isEmpty { text(field, value) }
  }

  mutating func text(_ field: Int, _ value: String) { bytes(field, Array(value.utf8)) }

  mutating func bytes(_ field: Int, _ value: [UInt8]) { append(Self.head(field, value.count) + value) }

  mutating func elements(_ field: Int, of tensor: Tensor) {
    append(Self.head(field, tensor.byteCount))
    pieces.append(.elements(tensor))
    byteCount += tensor.byteCount
  }

  mutating func message(_ field: Int, _ message: OutgoingMessage) {
    append(Self.head(field, message.byteCount))
    for piece in message.pieces {
      switch piece {
      case .bytes(let bytes): append(bytes)
      case .elements(let tensor):
        pieces.append(piece)
        byteCount += tensor.byteCount
      }
    }
  }

  mutating func message(_ field: Int, _ fill: (inout OutgoingMessage) -> Void) {
    var inner = OutgoingMessage()
    fill(&inner)
    message(field, inner)
  }

  // MARK: Inside

  private mutating func append(_ bytes: [UInt8]) {
    byteCount += bytes.count
    if case .bytes(var last)? = pieces.last {
      // The array is taken out first, so that it grows in place.
      pieces[pieces.count - 1] = .bytes([])
      last += bytes
      pieces[pieces.count - 1] = .bytes(last)
    } else {
      pieces.append(.bytes(bytes))
    }
  }

  /// The beginning of a field that says how many bytes follow.
  private static func head(_ field: Int, _ count: Int) -> [UInt8] { varint(UInt64(field) << 3 | 2) + varint(UInt64(count)) }

  /// Seven bits a byte, the lowest first; all but the last have the highest bit set.
  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }
}
