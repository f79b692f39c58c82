import CarpusImaging
import CarpusTensors
import Crypto
import Foundation

/// SHA-256 in hexadecimal digits.
enum Hash {
  /// Of the elements, little-endian and row-major.
  static func sha256(_ tensor: Tensor) -> String { hexadecimal(SHA256.hash(data: tensor.byteArray)) }

  static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

  /// Of a file, read in one piece.
  static func sha256(ofFile path: String) throws(CarpusError) -> String {
    do { return hexadecimal(SHA256.hash(data: try FileReading.read(path, maximumByteCount: 1 << 31))) } catch {
      throw CarpusError(error, file: lastComponent(path))
    }
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
