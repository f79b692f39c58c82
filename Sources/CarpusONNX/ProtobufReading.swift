import CCarpusONNX
import CarpusGraphs
import CarpusTensors

/// What stands at the outermost level of a file.
enum MessageKind {
  case model, tensor, sequence, optional

  /// The messages that it may consist of.
  var schema: WireSchema { unsafe WireSchema(descriptor) }

  fileprivate var descriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    switch self {
    case .model: unsafe cco_model_descriptor()
    case .tensor: unsafe cco_tensor_descriptor()
    case .sequence: unsafe cco_sequence_descriptor()
    case .optional: unsafe cco_optional_descriptor()
    }
  }
}

/// A message as protobuf-c unpacks it. Only this file sees those structures.
@safe struct UnpackedMessage: ~Copyable {
  private let kind: MessageKind
  private let message: UnsafeMutablePointer<ProtobufCMessage>

  /// - Parameters:
  ///   - skeleton: What `WireScan` made.
  ///   - budget: Bytes that may be allocated.
  init(_ kind: MessageKind, _ skeleton: [UInt8], budget: Int) throws(ONNXFileError) {
    guard let message = unsafe cco_unpack(kind.descriptor, skeleton, skeleton.count, budget) else {
      throw ONNXFileError(.malformed, "This is not an ONNX file, or it is damaged.")
    }
    self.kind = kind
    unsafe self.message = message
  }

  deinit { unsafe cco_free_message(message) }

  /// - Precondition: The message is a model.
  func model(_ tensors: TensorReader) throws(ONNXFileError) -> ONNXModel {
    precondition(kind == .model)
    var decoder = MessageDecoder(tensors: tensors)
    return try unsafe decoder.model(UnsafeRawPointer(message).assumingMemoryBound(to: Onnx__ModelProto.self).pointee)
  }

  /// - Precondition: The message is a tensor, a sequence or an optional value.
  func value(_ tensors: TensorReader) throws(ONNXFileError) -> RunValue {
    var decoder = MessageDecoder(tensors: tensors)
    let start = unsafe UnsafeRawPointer(message)
    switch kind {
    case .model: preconditionFailure("a model is no value")
    case .tensor: return .tensor(try unsafe decoder.denseTensor(start.assumingMemoryBound(to: Onnx__TensorProto.self).pointee, .tensor))
    case .sequence: return try unsafe decoder.sequence(start.assumingMemoryBound(to: Onnx__SequenceProto.self).pointee)
    case .optional: return try unsafe decoder.optional(start.assumingMemoryBound(to: Onnx__OptionalProto.self).pointee)
    }
  }
}

/// Turns the structures of protobuf-c into values.
private struct MessageDecoder {
  var tensors: TensorReader

  mutating func model(_ model: Onnx__ModelProto) throws(ONNXFileError) -> ONNXModel {
    guard let graph = unsafe model.graph else { throw ONNXFileError(.malformed, "This is not an ONNX model: it has no graph.") }
    let version = Int(unsafe model.ir_version)
    let opsets = try unsafe opsets(model.opset_import, model.n_opset_import)
    return unsafe ONNXModel(
      irVersion: version, producerName: text(model.producer_name), producerVersion: text(model.producer_version),
      domain: text(model.domain), modelVersion: Int(model.model_version), opsetImports: opsets, graph: try self.graph(graph.pointee),
      functions: try functions(model), metadata: dictionary(entries(model.metadata_props, model.n_metadata_props)))
  }

  private func opsets(
    _ start: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__OperatorSetIdProto>?>?, _ count: Int
  ) throws(ONNXFileError) -> [String: Int] {
    var opsets: [String: Int] = [:]
    for unsafe entry in unsafe UnsafeBufferPointer(start: start, count: count) {
      let entry = unsafe entry!.pointee
      let domain = unsafe domain(entry.domain)
      guard opsets.updateValue(Int(unsafe entry.version), forKey: domain) == nil else {
        throw ONNXFileError(.malformed, "The model imports the operator set \(quoted(domain.isEmpty ? "ai.onnx" : domain)) twice.")
      }
    }
    return opsets
  }

  private mutating func functions(_ model: Onnx__ModelProto) throws(ONNXFileError) -> [ONNXFunction] {
    var result: [ONNXFunction] = []
    for unsafe entry in unsafe UnsafeBufferPointer(start: model.functions, count: model.n_functions) {
      let function = unsafe entry!.pointee
      var nodes: [ONNXNode] = []
      for unsafe (index, node) in unsafe UnsafeBufferPointer(start: function.node, count: function.n_node).enumerated() {
        nodes.append(try unsafe self.node(node!.pointee, index))
      }
      var defaults: [String: ONNXAttribute] = [:]
      for unsafe attribute in unsafe UnsafeBufferPointer(start: function.attribute_proto, count: function.n_attribute_proto) {
        let name = unsafe text(attribute!.pointee.name)
        let subject = unsafe Subject.attribute(name, node: 0, name: "", operatorType: text(function.name))
        defaults[name] = try unsafe self.attribute(attribute!.pointee, subject)
      }
      result.append(
        unsafe ONNXFunction(
          name: text(function.name), domain: domain(function.domain), overload: text(function.overload),
          inputs: texts(function.input, function.n_input), outputs: texts(function.output, function.n_output),
          attributes: texts(function.attribute, function.n_attribute), defaults: defaults, nodes: nodes,
          opsetImports: try opsets(function.opset_import, function.n_opset_import)))
    }
    return result
  }

  private mutating func graph(_ graph: Onnx__GraphProto) throws(ONNXFileError) -> ONNXGraph {
    var result = unsafe ONNXGraph(
      name: text(graph.name), nodes: [], initializers: [:], initializerOrder: [], unsupportedInitializers: [:],
      inputs: try valueInfo(graph.input, graph.n_input), outputs: try valueInfo(graph.output, graph.n_output),
      valueInfo: try valueInfo(graph.value_info, graph.n_value_info))
    for unsafe initializer in unsafe UnsafeBufferPointer(start: graph.initializer, count: graph.n_initializer) {
      let name = unsafe text(initializer!.pointee.name)
      guard result.initializers[name] == nil, result.unsupportedInitializers[name] == nil else {
        throw ONNXFileError(.malformed, "The model has two initializers with the name \(quoted(name)).")
      }
      result.initializerOrder.append(name)
      switch try unsafe tensor(initializer!.pointee, .initializer(name)) {
      case .tensor(let tensor): result.initializers[name] = tensor
      case .unsupported(let kind): result.unsupportedInitializers[name] = kind
      }
    }
    for unsafe initializer in unsafe UnsafeBufferPointer(start: graph.sparse_initializer, count: graph.n_sparse_initializer) {
      let name = unsafe text(initializer!.pointee.values?.pointee.name)
      guard result.initializers[name] == nil, result.unsupportedInitializers[name] == nil else {
        throw ONNXFileError(.malformed, "The model has two initializers with the name \(quoted(name)).")
      }
      result.initializerOrder.append(name)
      result.initializers[name] = try unsafe sparseTensor(initializer!.pointee, .initializer(name))
    }
    result.nodes.reserveCapacity(unsafe graph.n_node)
    for unsafe (index, node) in unsafe UnsafeBufferPointer(start: graph.node, count: graph.n_node).enumerated() {
      result.nodes.append(try unsafe self.node(node!.pointee, index))
    }
    return result
  }

  private mutating func node(_ node: Onnx__NodeProto, _ index: Int) throws(ONNXFileError) -> ONNXNode {
    var result = unsafe ONNXNode(
      index: index, name: text(node.name), operatorType: text(node.op_type), domain: domain(node.domain), overload: text(node.overload),
      inputs: texts(node.input, node.n_input), outputs: texts(node.output, node.n_output), attributes: [:],
      metadata: dictionary(entries(node.metadata_props, node.n_metadata_props)))
    guard !result.operatorType.isEmpty else { throw ONNXFileError(.malformed, "Node \(index) of the model names no operator.") }
    for unsafe attribute in unsafe UnsafeBufferPointer(start: node.attribute, count: node.n_attribute) {
      let name = unsafe text(attribute!.pointee.name)
      let subject = Subject.attribute(name, node: index, name: result.name, operatorType: result.operatorType)
      let value = try unsafe self.attribute(attribute!.pointee, subject)
      guard result.attributes.updateValue(value, forKey: name) == nil else {
        throw ONNXFileError(.malformed, "\(subject) is given twice.")
      }
    }
    return result
  }

  private mutating func attribute(_ attribute: Onnx__AttributeProto, _ owner: Subject) throws(ONNXFileError) -> ONNXAttribute {
    if unsafe attribute.ref_attr_name != nil { return unsafe .reference(text(attribute.ref_attr_name)) }
    var attribute = unsafe attribute
    if unsafe attribute.type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED { unsafe attribute.type = Self.impliedType(attribute) }
    switch unsafe attribute.type {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH:
      guard let graph = unsafe attribute.g else { throw ONNXFileError(.malformed, "\(owner) is to be a graph, but has none.") }
      return .graph(try unsafe self.graph(graph.pointee))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTO:
      guard let type = unsafe attribute.tp else { throw ONNXFileError(.malformed, "\(owner) is to be a type, but has none.") }
      return .type(try unsafe self.type(type.pointee, of: "\(owner)"))
    default: return .value(try unsafe plainAttribute(attribute, owner))
    }
  }

  /// Files of the first versions do not name the type of an attribute: it is the one field that is filled.
  private static func impliedType(_ attribute: Onnx__AttributeProto) -> Onnx__AttributeProto__AttributeType {
    var found: [Onnx__AttributeProto__AttributeType] = []
    if unsafe attribute.has_f != 0 { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT) }
    if unsafe attribute.has_i != 0 { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT) }
    if unsafe attribute.has_s != 0 { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING) }
    if unsafe attribute.t != nil { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR) }
    if unsafe attribute.g != nil { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH) }
    if unsafe attribute.n_floats > 0 { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS) }
    if unsafe attribute.n_ints > 0 { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS) }
    if unsafe attribute.n_strings > 0 { found.append(ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS) }
    return found.count == 1 ? found[0] : ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED
  }

  private mutating func plainAttribute(_ attribute: Onnx__AttributeProto, _ owner: Subject) throws(ONNXFileError) -> AttributeValue {
    switch unsafe attribute.type {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT: return .float(unsafe attribute.f)
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT: return .int(Int(unsafe attribute.i))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
      return unsafe string(attribute.s).map(AttributeValue.string) ?? .unsupported(kind: "string that is not UTF-8")
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
      guard let tensor = unsafe attribute.t else { throw ONNXFileError(.malformed, "\(owner) is to be a tensor, but has none.") }
      return switch try unsafe self.tensor(tensor.pointee, owner) {
      case .tensor(let tensor): .tensor(tensor)
      case .unsupported(let kind): .unsupported(kind: kind)
      }
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSORS:
      var tensors: [Tensor] = []
      for unsafe tensor in unsafe UnsafeBufferPointer(start: attribute.tensors, count: attribute.n_tensors) {
        tensors.append(try unsafe denseTensor(tensor!.pointee, owner))
      }
      return .tensors(tensors)
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSOR:
      guard let tensor = unsafe attribute.sparse_tensor else { throw ONNXFileError(.malformed, "\(owner) is to be a tensor, but has none.") }
      return .tensor(try unsafe sparseTensor(tensor.pointee, owner))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS: return .floats(unsafe scalars(attribute.floats, attribute.n_floats))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS:
      return .ints(unsafe scalars(attribute.ints, attribute.n_ints).map(Int.init))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS:
      let strings = unsafe scalars(attribute.strings, attribute.n_strings).map { unsafe string($0) }
      return strings.contains(nil) ? .unsupported(kind: "strings that are not UTF-8") : .strings(strings.compactMap(\.self))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPHS: return .unsupported(kind: "list of graphs")
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSORS: return .unsupported(kind: "list of sparse tensors")
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTOS: return .unsupported(kind: "list of types")
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED: throw ONNXFileError(.malformed, "\(owner) does not say of which type it is.")
    default: throw unsafe ONNXFileError(.malformed, "\(owner) is of the unknown type \(attribute.type.rawValue).")
    }
  }

  // MARK: Values

  /// - Throws: when the tensor is of a type that is not supported.
  mutating func denseTensor(_ tensor: Onnx__TensorProto, _ owner: Subject) throws(ONNXFileError) -> Tensor {
    switch try unsafe self.tensor(tensor, owner) {
    case .tensor(let tensor): return tensor
    case .unsupported(let kind): throw ONNXFileError(.unsupported, "\(owner) is \(kind), which is not supported.")
    }
  }

  private mutating func sparseTensor(_ tensor: Onnx__SparseTensorProto, _ owner: Subject) throws(ONNXFileError) -> Tensor {
    guard let values = unsafe tensor.values, let indices = unsafe tensor.indices else {
      throw ONNXFileError(.malformed, "\(owner) is sparse, but has no values or no indices.")
    }
    return try tensors.dense(
      values: try unsafe denseTensor(values.pointee, owner), indices: try unsafe denseTensor(indices.pointee, owner),
      dimensions: unsafe scalars(tensor.dims, tensor.n_dims).map(Int.init), owner)
  }

  /// As deep as `WireScan` let the messages be.
  mutating func sequence(_ sequence: Onnx__SequenceProto) throws(ONNXFileError) -> RunValue {
    var elements: [RunValue] = []
    for unsafe tensor in unsafe UnsafeBufferPointer(start: sequence.tensor_values, count: sequence.n_tensor_values) {
      elements.append(.tensor(try unsafe denseTensor(tensor!.pointee, .tensor)))
    }
    for unsafe tensor in unsafe UnsafeBufferPointer(start: sequence.sparse_tensor_values, count: sequence.n_sparse_tensor_values) {
      elements.append(.tensor(try unsafe sparseTensor(tensor!.pointee, .tensor)))
    }
    for unsafe inner in unsafe UnsafeBufferPointer(start: sequence.sequence_values, count: sequence.n_sequence_values) {
      elements.append(try unsafe self.sequence(inner!.pointee))
    }
    for unsafe map in unsafe UnsafeBufferPointer(start: sequence.map_values, count: sequence.n_map_values) {
      elements.append(try unsafe self.map(map!.pointee))
    }
    for unsafe inner in unsafe UnsafeBufferPointer(start: sequence.optional_values, count: sequence.n_optional_values) {
      elements.append(try unsafe self.optional(inner!.pointee))
    }
    var type: ValueType?
    for element in elements {
      guard let common = (type ?? element.type).common(element.type) else {
        throw ONNXFileError(.malformed, "A sequence holds values of different types.")
      }
      type = common
    }
    return .sequence(elements, of: type ?? ValueType(.float32, .unknown))
  }

  mutating func optional(_ optional: Onnx__OptionalProto) throws(ONNXFileError) -> RunValue {
    var held: RunValue?
    if let tensor = unsafe optional.tensor_value { held = .tensor(try unsafe denseTensor(tensor.pointee, .tensor)) }
    if let tensor = unsafe optional.sparse_tensor_value { held = .tensor(try unsafe sparseTensor(tensor.pointee, .tensor)) }
    if let sequence = unsafe optional.sequence_value { held = try unsafe self.sequence(sequence.pointee) }
    if let map = unsafe optional.map_value { held = try unsafe self.map(map.pointee) }
    if let inner = unsafe optional.optional_value { held = try unsafe self.optional(inner.pointee) }
    return .optional(held, of: held?.type ?? ValueType(.float32, .unknown))
  }

  private mutating func map(_ map: Onnx__MapProto) throws(ONNXFileError) -> RunValue {
    let texts = unsafe scalars(map.string_keys, map.n_string_keys).map { unsafe string($0) }
    let keys = unsafe texts.isEmpty ? Tensor(scalars(map.keys, map.n_keys)) : Tensor(texts.map { $0 ?? "" }, shape: [texts.count])
    guard let values = unsafe map.values, case .sequence(let elements, _) = try unsafe sequence(values.pointee),
      elements.count == keys.shape.count, !texts.contains(nil)
    else { throw ONNXFileError(.malformed, "A map has other numbers of keys and values, or keys that are no text.") }
    let tensors = elements.compactMap(\.tensor)
    guard tensors.count == elements.count, tensors.allSatisfy({ $0.shape.count == 1 && $0.elementType == tensors[0].elementType }) else {
      throw ONNXFileError(.unsupported, "Only maps to single numbers or texts are supported.")
    }
    if let first = tensors.first, first.elementType == .string {
      return .map(keys: keys, values: Tensor(tensors.flatMap { $0.texts ?? [] }, shape: keys.shape))
    }
    let type = tensors.first?.elementType ?? .float32
    let storage = TensorStorage(byteCount: tensors.count * type.byteCount)
    for (index, tensor) in tensors.enumerated() { storage.fill(from: tensor.bytes, at: index * type.byteCount) }
    return .map(keys: keys, values: Tensor(elementType: type, shape: keys.shape, storage: storage))
  }

  mutating func tensor(_ tensor: Onnx__TensorProto, _ owner: Subject) throws(ONNXFileError) -> TensorReader.Outcome {
    let record = unsafe TensorRecord(
      dimensions: scalars(tensor.dims, tensor.n_dims).map(Int.init), dataType: Int(tensor.data_type),
      raw: tensor.has_raw_data == 0 ? nil : place(tensor.raw_data),
      floats: scalars(tensor.float_data, tensor.n_float_data), int32s: scalars(tensor.int32_data, tensor.n_int32_data),
      int64s: scalars(tensor.int64_data, tensor.n_int64_data), doubles: scalars(tensor.double_data, tensor.n_double_data),
      uint64s: scalars(tensor.uint64_data, tensor.n_uint64_data), texts: scalars(tensor.string_data, tensor.n_string_data).map { unsafe string($0) }, isSegment: tensor.segment != nil,
      location: Int(tensor.data_location.rawValue), external: entries(tensor.external_data, tensor.n_external_data))
    return try tensors.read(record, owner)
  }

  // MARK: Types

  private typealias ValueInfoPointer = UnsafeMutablePointer<Onnx__ValueInfoProto>

  private func valueInfo(_ start: UnsafeMutablePointer<ValueInfoPointer?>?, _ count: Int) throws(ONNXFileError) -> [ONNXValueInfo] {
    var result: [ONNXValueInfo] = []
    for unsafe entry in unsafe UnsafeBufferPointer(start: start, count: count) {
      let name = unsafe text(entry!.pointee.name)
      let type = unsafe entry!.pointee.type
      result.append(ONNXValueInfo(name: name, type: unsafe type == nil ? nil : try unsafe self.type(type!.pointee, of: name)))
    }
    return result
  }

  /// As deep as `WireScan` let the messages be.
  private func type(_ type: Onnx__TypeProto, of name: String) throws(ONNXFileError) -> ONNXType {
    var found: [ONNXType] = []
    if let tensor = unsafe type.tensor_type?.pointee {
      let code = Int(unsafe tensor.elem_type)
      let extents = try unsafe dimensions(tensor.shape, of: name)
      found.append(
        ElementType(dataType: code).map { .tensor($0, extents) } ?? .unsupported("tensor of \(ElementType.name(ofDataType: code))"))
    }
    if let sparse = unsafe type.sparse_tensor_type?.pointee {
      let code = Int(unsafe sparse.elem_type)
      let extents = try unsafe dimensions(sparse.shape, of: name)
      found.append(
        ElementType(dataType: code).map { .sparse($0, extents) } ?? .unsupported("sparse tensor of \(ElementType.name(ofDataType: code))"))
    }
    if let sequence = unsafe type.sequence_type?.pointee { found.append(.sequence(try unsafe element(sequence.elem_type, of: name))) }
    if let optional = unsafe type.optional_type?.pointee { found.append(.optional(try unsafe element(optional.elem_type, of: name))) }
    if let map = unsafe type.map_type?.pointee {
      let code = Int(unsafe map.key_type)
      let value = try unsafe element(map.value_type, of: name)
      found.append(ElementType(dataType: code).map { .map(key: $0, value: value) } ?? .unsupported("map from \(ElementType.name(ofDataType: code))"))
    }
    if unsafe type.opaque_type != nil { found.append(.unsupported("opaque")) }
    guard found.count <= 1 else { throw ONNXFileError(.malformed, "The value \(quoted(name)) is of several types at once.") }
    return found.first ?? .unsupported("no type")
  }

  private func element(_ type: UnsafeMutablePointer<Onnx__TypeProto>?, of name: String) throws(ONNXFileError) -> ONNXType {
    guard let type = unsafe type else { return .unsupported("no type") }
    return try unsafe self.type(type.pointee, of: name)
  }

  private func dimensions(
    _ shape: UnsafeMutablePointer<Onnx__TensorShapeProto>?, of name: String
  ) throws(ONNXFileError) -> [ONNXDimension]? {
    guard let shape = unsafe shape?.pointee else { return nil }
    var result: [ONNXDimension] = []
    for unsafe entry in unsafe UnsafeBufferPointer(start: shape.dim, count: shape.n_dim) {
      let dimension = unsafe entry!.pointee
      let symbol = unsafe text(dimension.dim_param)
      guard unsafe symbol.isEmpty || dimension.has_dim_value == 0 else {
        throw ONNXFileError(.malformed, "The value \(quoted(name)) has a dimension that is both a number and a symbol.")
      }
      // Some exporters write -1 where they do not know.
      let extent = unsafe dimension.has_dim_value == 0 ? -1 : Int(dimension.dim_value)
      guard extent <= 1 << 48 else { throw ONNXFileError(.malformed, "The value \(quoted(name)) has the impossible dimension \(extent).") }
      result.append(!symbol.isEmpty ? .symbol(symbol) : extent >= 0 ? .known(extent) : .unknown)
    }
    return result
  }
}

// MARK: Fields

private func text(_ text: UnsafeMutablePointer<CChar>?) -> String { unsafe text == nil ? "" : String(cString: text!) }

/// `ai.onnx` has two names.
private func domain(_ name: UnsafeMutablePointer<CChar>?) -> String {
  let domain = unsafe text(name)
  return domain == "ai.onnx" ? "" : domain
}

private func string(_ bytes: ProtobufCBinaryData) -> String? {
  let buffer = unsafe UnsafeBufferPointer(start: bytes.data, count: bytes.len)
  let string = unsafe String(decoding: buffer, as: UTF8.self)
  return unsafe string.utf8.elementsEqual(buffer) ? string : nil
}

/// The place that `WireScan` has put where `raw_data` was.
private func place(_ bytes: ProtobufCBinaryData) -> (offset: Int, byteCount: Int) {
  precondition(unsafe bytes.len == 16)
  let buffer = unsafe UnsafeRawBufferPointer(start: bytes.data, count: bytes.len)
  return unsafe (
    Int(UInt64(littleEndian: buffer.loadUnaligned(as: UInt64.self))),
    Int(UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  )
}

private func scalars<Scalar>(_ start: UnsafeMutablePointer<Scalar>?, _ count: Int) -> [Scalar] {
  unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

private func texts(_ start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) -> [String] {
  unsafe UnsafeBufferPointer(start: start, count: count).map { unsafe text($0) }
}

private func list<Message, Value>(
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int, _ value: (Message) -> Value
) -> [Value] {
  unsafe UnsafeBufferPointer(start: start, count: count).map { unsafe value($0!.pointee) }
}

private func entries(
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__StringStringEntryProto>?>?, _ count: Int
) -> [(key: String, value: String)] {
  unsafe list(start, count) { entry in unsafe (text(entry.key), text(entry.value)) }
}

/// The last one counts, as in other readers.
private func dictionary(_ entries: [(key: String, value: String)]) -> [String: String] {
  Dictionary(entries.map { ($0.key, $0.value) }) { _, last in last }
}

// MARK: Schema

extension WireSchema {
  /// The messages that `root` may consist of, as the generated code describes them.
  fileprivate init(_ root: UnsafePointer<ProtobufCMessageDescriptor>) {
    var descriptors = unsafe [root]
    var messages: [Message] = []
    while unsafe messages.count < descriptors.count {
      let descriptor = unsafe descriptors[messages.count].pointee
      let fields = unsafe UnsafeBufferPointer(start: descriptor.fields, count: Int(descriptor.n_fields)).map { field in
        let name = unsafe String(cString: field.name)
        let kind: Kind =
          switch unsafe field.type {
          case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_ENUM: .varint(byteCount: 4)
          case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_UINT64: .varint(byteCount: 8)
          case PROTOBUF_C_TYPE_FLOAT: .fixed32
          case PROTOBUF_C_TYPE_DOUBLE: .fixed64
          case PROTOBUF_C_TYPE_STRING: .text
          case PROTOBUF_C_TYPE_BYTES: name == "raw_data" ? .place : .bytes
          case PROTOBUF_C_TYPE_MESSAGE: .message(unsafe index(of: field.descriptor, in: &descriptors))
          default: preconditionFailure("onnx.proto has a field of a type that the scan does not know")
          }
        return unsafe Field(number: Int(field.id), name: name, kind: kind, isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED)
      }
      messages.append(Message(byteCount: unsafe descriptor.sizeof_message, fields: fields))
    }
    self.init(messages: messages)
  }
}

private func index(of descriptor: UnsafeRawPointer, in known: inout [UnsafePointer<ProtobufCMessageDescriptor>]) -> Int {
  let descriptor = unsafe descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
  if let index = unsafe known.firstIndex(of: descriptor) { return index }
  unsafe known.append(descriptor)
  return unsafe known.count - 1
}
