/* SPDX-License-Identifier: Apache-2.0 */
/* Refuses bytes that would make unpacking expensive or wrong, before a byte is allocated for them. */
#ifndef TANDEM_GUARD_H
#define TANDEM_GUARD_H
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers are known to Swift (CInterop/Guard.swift). */
enum {
  TANDEM_GUARD_OK = 0,
  TANDEM_GUARD_TRUNCATED = 1,
  TANDEM_GUARD_BAD_TAG = 2,
  TANDEM_GUARD_BAD_VARINT = 3,
  TANDEM_GUARD_GROUP = 4,
  TANDEM_GUARD_WIRE_TYPE = 5,
  TANDEM_GUARD_UNKNOWN_FIELD = 6,
  TANDEM_GUARD_DUPLICATE_MESSAGE = 7,
  TANDEM_GUARD_TOO_DEEP = 8,
  TANDEM_GUARD_TOO_MANY_FIELDS = 9,
  TANDEM_GUARD_TOO_MANY_ELEMENTS = 10,
  TANDEM_GUARD_BAD_UTF8 = 11,
  TANDEM_GUARD_NUL = 12
};

typedef struct {
  uint32_t depth;          /* levels of messages, the outermost counts */
  uint32_t fields;         /* occurrences of fields in the whole message */
  uint32_t unknown_fields; /* of them without a name; beyond it: TOO_MANY_FIELDS */
  uint32_t elements;       /* elements of repeated fields in the whole message */
  bool refuse_unknown;     /* the first unknown field is an error */
} tandem_guard_limits;

typedef struct {
  uint32_t reason;
  uint32_t field;  /* number of the field at fault, 0 when there is none */
  size_t offset;   /* of the field at fault */
  char path[160];  /* "team[2].person.email"; cut when longer; always ends with 0 */
} tandem_guard_result;

/* Allocates nothing. Fills `result`, unless it is NULL; true when the bytes may be unpacked. */
bool tandem_guard(const ProtobufCMessageDescriptor *message, const uint8_t *bytes, size_t count,
                  const tandem_guard_limits *limits, tandem_guard_result *result);

/* True for UTF-8 without overlong forms, surrogates, code points above U+10FFFF and NUL. */
bool tandem_is_text(const uint8_t *bytes, size_t count);
#endif
