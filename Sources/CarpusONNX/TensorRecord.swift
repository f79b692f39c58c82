/// The fields of a `TensorProto`.
struct TensorRecord {
  var dimensions: [Int]
  var dataType: Int
  /// Where in the file `raw_data` lies.
  var raw: (offset: Int, byteCount: Int)?
  var floats: [Float]
  var int32s: [Int32]
  var int64s: [Int64]
  var doubles: [Double]
  var uint64s: [UInt64]
  /// `nil` where the bytes are no UTF-8.
  var texts: [String?]
  var isSegment: Bool
  /// `TensorProto.DataLocation`: 0 here, 1 in another file.
  var location: Int
  var external: [(key: String, value: String)]

  /// The names of the fields that hold elements.
  var filledFields: [String] {
    var names: [String] = []
    if let raw, raw.byteCount > 0 { names.append("raw_data") }
    if !floats.isEmpty { names.append("float_data") }
    if !int32s.isEmpty { names.append("int32_data") }
    if !texts.isEmpty { names.append("string_data") }
    if !int64s.isEmpty { names.append("int64_data") }
    if !doubles.isEmpty { names.append("double_data") }
    if !uint64s.isEmpty { names.append("uint64_data") }
    return names
  }
}
