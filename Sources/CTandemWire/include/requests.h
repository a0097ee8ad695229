/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors by number, so that Swift never takes the address of a C global. */
#ifndef TANDEM_REQUESTS_H
#define TANDEM_REQUESTS_H
#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

/* The message that a method takes; NULL for numbers that are no method. */
const ProtobufCMessageDescriptor *tandem_request_descriptor(uint16_t method);

enum {
  TANDEM_WIRE_HELLO = 1,
  TANDEM_WIRE_WELCOME = 2,
  TANDEM_WIRE_META = 3,
  TANDEM_WIRE_ERROR_STATUS = 4,
  TANDEM_WIRE_GO_AWAY = 5
};

/* A message of the protocol itself; NULL for other numbers. */
const ProtobufCMessageDescriptor *tandem_wire_descriptor(uint32_t message);
#endif
