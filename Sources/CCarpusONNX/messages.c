#include "carpus_messages.h"
#include "onnx.pb-c.h"
#include <stdlib.h>

const ProtobufCMessageDescriptor *cco_model_descriptor(void) { return &onnx__model_proto__descriptor; }
const ProtobufCMessageDescriptor *cco_tensor_descriptor(void) { return &onnx__tensor_proto__descriptor; }
const ProtobufCMessageDescriptor *cco_sequence_descriptor(void) { return &onnx__sequence_proto__descriptor; }
const ProtobufCMessageDescriptor *cco_optional_descriptor(void) { return &onnx__optional_proto__descriptor; }

static void *allocate_within(void *remaining, size_t count) {
  size_t *left = remaining;
  if (count > *left) return NULL;
  *left -= count;
  return malloc(count);
}

static void release(void *remaining, void *memory) {
  (void)remaining;
  free(memory);
}

ProtobufCMessage *cco_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t budget) {
  ProtobufCAllocator allocator = {allocate_within, release, &budget};
  return protobuf_c_message_unpack(descriptor, &allocator, count, bytes);
}

void cco_free_message(ProtobufCMessage *message) {
  size_t none = 0;
  ProtobufCAllocator allocator = {allocate_within, release, &none};
  protobuf_c_message_free_unpacked(message, &allocator);
}
