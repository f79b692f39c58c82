#ifndef CARPUS_MESSAGES_H
#define CARPUS_MESSAGES_H
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/* What may stand at the outermost level of a file. */
const ProtobufCMessageDescriptor *cco_model_descriptor(void);
const ProtobufCMessageDescriptor *cco_tensor_descriptor(void);
const ProtobufCMessageDescriptor *cco_sequence_descriptor(void);
const ProtobufCMessageDescriptor *cco_optional_descriptor(void);

/* Unpacks a message that a scan has found sound. NULL when it is not one, or when more than `budget` bytes would be
   allocated in all. The result belongs to the caller, who gives it to cco_free_message. */
ProtobufCMessage *cco_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t budget);
void cco_free_message(ProtobufCMessage *message);

#endif
