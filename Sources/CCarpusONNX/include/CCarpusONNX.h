#ifndef CCARPUSONNX_H
#define CCARPUSONNX_H
#include "carpus_files.h"
#include "carpus_messages.h"
#include "onnx.pb-c.h"
#endif
