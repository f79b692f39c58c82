public import CarpusTensors
import CarpusImaging

/// Tensors in npy files, as the command reads and writes them.
public enum TensorFiles {
  /// - Throws: `CarpusError` 66 when there is no such file, 65 when it is no array.
  public static func read(_ path: String) throws(CarpusError) -> Tensor {
    let name = lastComponent(path)
    let bytes: [UInt8]
    do { bytes = try FileReading.read(path, maximumByteCount: 1 << 34) } catch { throw CarpusError(error, file: name) }
    do { return try NPY.read(bytes) } catch { throw CarpusError(.badData, "\(name): \(error)") }
  }

  public static func write(_ tensor: Tensor, to path: String) throws(CarpusError) {
    do { try AtomicWriting.write(NPY.encode(tensor), to: path) } catch { throw CarpusError(error, file: lastComponent(path)) }
  }

  /// A name of a tensor made fit for a file: what is not in `[A-Za-z0-9._-]` becomes `_`.
  public static func fileName(for tensor: String) -> String {
    let safe = tensor.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": Character(scalar)
      default: "_"
      }
    }
    return String(safe)
  }

  /// File names for several tensors; where two names become the same, the later ones get a number.
  public static func fileNames(for tensors: [String], prefix: String = "") -> [String] {
    var used: [String: Int] = [:]
    return tensors.map { tensor in
      let name = prefix + fileName(for: tensor)
      let count = used[name, default: 0] + 1
      used[name] = count
      return count == 1 ? "\(name).npy" : "\(name)_\(count).npy"
    }
  }
}
