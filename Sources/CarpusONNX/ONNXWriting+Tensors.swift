import CarpusGraphs
import CarpusTensors

/// Where the elements of initializers go.
///
/// Source: ONNX documentation, "External Data".
struct WeightPlacement {
  /// The file beside the model, if there is one, by its name.
  private let file: String?
  private(set) var external: [(offset: Int, tensor: Tensor)] = []
  private var end = 0

  /// Tensors of fewer bytes stay in the model.
  private static let leastByteCount = 1024
  /// Places are multiples of it, so that the file can be mapped into memory.
  private static let alignment = 4096

  init(file: String?) { self.file = file }

  /// A `TensorProto`.
  mutating func message(_ tensor: Tensor, name: String) -> OutgoingMessage {
    let stored = StoredElements(tensor)
    guard let file, stored.byteCount >= Self.leastByteCount, case .elements(let elements) = stored else { return tensor.message(name: name) }
    let offset = (end + Self.alignment - 1) / Self.alignment * Self.alignment
    external.append((offset, elements))
    end = offset + stored.byteCount
    var message = tensor.head()
    message.text(8, name)
    for (key, value) in [("location", file), ("offset", "\(offset)"), ("length", "\(stored.byteCount)")] {
      message.message(13) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
    message.integer(14, 1)
    return message
  }
}

/// The elements of a tensor as a file has them.
private enum StoredElements {
  case elements(Tensor)
  /// Several in a byte, the first in its lowest bits.
  case packed([UInt8])
  case texts([String])

  init(_ tensor: Tensor) {
    if let texts = tensor.texts {
      self = .texts(texts)
    } else if tensor.elementType.isPacked, let bits = tensor.elementType.bitCount {
      let perByte = 8 / bits
      var packed = [UInt8](repeating: 0, count: (tensor.shape.count + perByte - 1) / perByte)
      for (index, byte) in tensor.byteArray.enumerated() {
        packed[index / perByte] |= (byte & (1 << UInt8(bits) - 1)) << UInt8(index % perByte * bits)
      }
      self = .packed(packed)
    } else {
      self = .elements(tensor)
    }
  }

  var byteCount: Int {
    switch self {
    case .elements(let tensor): tensor.byteCount
    case .packed(let bytes): bytes.count
    case .texts(let texts): texts.reduce(0) { $0 + $1.utf8.count }
    }
  }
}

extension Tensor {
  /// The beginning of a `TensorProto`: shape and element type.
  fileprivate func head() -> OutgoingMessage {
    var message = OutgoingMessage()
    for extent in shape.extents { message.integer(1, extent) }
    message.integer(2, elementType.dataType)
    return message
  }

  /// A `TensorProto` with its elements.
  func message(name: String = "") -> OutgoingMessage {
    var message = head()
    let stored = StoredElements(self)
    if case .texts(let texts) = stored { texts.forEach { message.text(6, $0) } }
    message.optionalText(8, name)
    switch stored {
    case .elements(let tensor): message.elements(9, of: tensor)
    case .packed(let bytes): message.bytes(9, bytes)
    case .texts: break
    }
    return message
  }

  /// True when all elements have the same bytes.
  var isUniform: Bool {
    let bytes = byteArray, size = elementType.byteCount
    return bytes.count >= size && bytes.indices.allSatisfy { $0 < size || bytes[$0] == bytes[$0 - size] }
  }
}
