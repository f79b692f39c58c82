/// The chunks of a PNG file, to be falsified.
struct PNGFile {
  struct Chunk {
    var name: String
    var data: [UInt8]
  }

  var chunks: [Chunk] = []

  /// - Precondition: a sound file.
  init(_ bytes: [UInt8]) {
    var position = 8
    while position < bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      chunks.append(Chunk(name: name, data: Array(bytes[position + 8..<position + 8 + length])))
      position += 12 + length
    }
  }

  /// The file with right lengths and checksums.
  var bytes: [UInt8] {
    chunks.reduce([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { file, chunk in
      let body = Array(chunk.name.utf8) + chunk.data
      return file + bigEndian(UInt32(chunk.data.count)) + body + bigEndian(checksum(body))
    }
  }

  /// The same file with another width and height in its header.
  func claiming(width: UInt32, height: UInt32) -> [UInt8] {
    var file = self
    file.chunks[0].data.replaceSubrange(0..<8, with: bigEndian(width) + bigEndian(height))
    return file.bytes
  }

  private func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 of ISO 3309, bit by bit.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
