/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the wire bytes along the descriptor. Must not allocate and must not trust a length. */
#include "guard.h"

#include <string.h>

enum { max_levels = 32, counted_fields = 64 };

typedef struct level {
  const struct level *parent;
  const ProtobufCFieldDescriptor *field; /* that led here */
  uint32_t index;
} level;

typedef struct {
  const uint8_t *start;
  const tandem_guard_limits *limits;
  tandem_guard_result *result;
  uint32_t fields, unknown, elements;
} scan;

/* ---- text ---- */

static size_t multibyte(const uint8_t *at, size_t left) {
  uint8_t first = at[0];
  if (first < 0xC2) return 0;
  if (left < 2 || (at[1] & 0xC0) != 0x80) return 0;
  if (first < 0xE0) return 2;
  if (left < 3 || (at[2] & 0xC0) != 0x80) return 0;
  if (first < 0xF0) {
    if (first == 0xE0 && at[1] < 0xA0) return 0;
    if (first == 0xED && at[1] > 0x9F) return 0;
    return 3;
  }
  if (left < 4 || (at[3] & 0xC0) != 0x80) return 0;
  if (first > 0xF4 || (first == 0xF0 && at[1] < 0x90) || (first == 0xF4 && at[1] > 0x8F)) return 0;
  return 4;
}

static uint32_t check_text(const uint8_t *at, size_t left) {
  const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
  while (left > 0) {
    if (left >= 8) {
      uint64_t word;
      memcpy(&word, at, 8);
      if (((word | ((word - ones) & ~word)) & high) == 0) {
        at += 8, left -= 8;
        continue;
      }
    }
    if (at[0] == 0) return TANDEM_GUARD_NUL;
    size_t width = at[0] < 0x80 ? 1 : multibyte(at, left);
    if (width == 0) return TANDEM_GUARD_BAD_UTF8;
    at += width, left -= width;
  }
  return TANDEM_GUARD_OK;
}

bool tandem_is_text(const uint8_t *bytes, size_t count) {
  return check_text(bytes, count) == TANDEM_GUARD_OK;
}

/* ---- the path of a field at fault ---- */

static size_t append(char *to, size_t used, size_t room, const char *text) {
  while (*text != 0 && used + 1 < room) to[used++] = *text++;
  to[used] = 0;
  return used;
}

static size_t append_number(char *to, size_t used, size_t room, uint32_t number) {
  char digits[11];
  size_t at = sizeof digits;
  digits[--at] = 0;
  do digits[--at] = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  return append(to, used, room, digits + at);
}

static void write_path(tandem_guard_result *result, const level *inner,
                       const ProtobufCFieldDescriptor *last, uint32_t index) {
  const level *way[max_levels];
  size_t count = 0, used = 0, room = sizeof result->path;
  const level *from = inner;
  for (; from != NULL && from->field != NULL && count < max_levels; from = from->parent)
    way[count++] = from;
  level end = {NULL, last, index};
  for (size_t step = 0; step < count + 1; step++) {
    const level *at = step < count ? way[count - 1 - step] : &end;
    if (at->field == NULL) break;
    if (used > 0) used = append(result->path, used, room, ".");
    used = append(result->path, used, room, at->field->name);
    if (at->field->label != PROTOBUF_C_LABEL_REPEATED) continue;
    used = append(result->path, used, room, "[");
    used = append_number(result->path, used, room, at->index);
    used = append(result->path, used, room, "]");
  }
}

static bool refuse(scan *s, uint32_t reason, const level *at, const ProtobufCFieldDescriptor *field,
                   uint32_t index, uint32_t number, const uint8_t *where) {
  if (s->result == NULL) return false;
  s->result->reason = reason;
  s->result->field = number;
  s->result->offset = (size_t)(where - s->start);
  write_path(s->result, at, field, index);
  return false;
}

/* ---- wire ---- */

static size_t long_varint(const uint8_t *at, const uint8_t *end, uint64_t *value) {
  uint64_t result = 0;
  for (size_t index = 0; index < 10 && at + index < end; index++) {
    uint8_t byte = at[index];
    if (index == 9 && byte > 1) return 0;
    result |= (uint64_t)(byte & 0x7F) << (7 * index);
    if (byte < 0x80) {
      *value = result;
      return index + 1;
    }
  }
  return 0;
}

/* Bytes of the varint, or 0. */
static inline size_t varint(const uint8_t *at, const uint8_t *end, uint64_t *value) {
  if (at >= end || *at >= 0x80) return long_varint(at, end, value);
  *value = *at;
  return 1;
}

/* The place of a field among those of its message, or -1. */
static int find(const ProtobufCMessageDescriptor *message, uint32_t number) {
  const ProtobufCIntRange *range = message->field_ranges;
  for (unsigned left = message->n_field_ranges; left > 0; left--, range++) {
    /* A number below the range is beyond every width. */
    uint32_t at = number - (uint32_t)range->start_value;
    if (at < (uint32_t)(range[1].orig_index - range->orig_index))
      return (int)(range->orig_index + at);
  }
  return -1;
}

/* The wire type of one value: 0 varint, 1 eight bytes, 2 length, 5 four bytes. */
static inline unsigned wire_type(ProtobufCType type) {
  static const uint8_t types[] = {
      [PROTOBUF_C_TYPE_FIXED32] = 5, [PROTOBUF_C_TYPE_SFIXED32] = 5, [PROTOBUF_C_TYPE_FLOAT] = 5,
      [PROTOBUF_C_TYPE_FIXED64] = 1, [PROTOBUF_C_TYPE_SFIXED64] = 1, [PROTOBUF_C_TYPE_DOUBLE] = 1,
      [PROTOBUF_C_TYPE_STRING] = 2,  [PROTOBUF_C_TYPE_BYTES] = 2,    [PROTOBUF_C_TYPE_MESSAGE] = 2};
  return (unsigned)type < sizeof types ? types[type] : 0;
}

/* Elements of a packed field; false when it is cut. */
static bool count_packed(unsigned type, const uint8_t *at, const uint8_t *end, uint32_t *count) {
  size_t bytes = (size_t)(end - at);
  if (type == 1 || type == 5) {
    size_t width = type == 1 ? 8 : 4;
    *count = (uint32_t)(bytes / width);
    return bytes % width == 0;
  }
  uint32_t found = 0;
  while (at < end) {
    uint64_t value;
    size_t width = varint(at, end, &value);
    if (width == 0) return false;
    at += width, found++;
  }
  *count = found;
  return true;
}

static bool message_is_safe(scan *s, const ProtobufCMessageDescriptor *message, const uint8_t *at,
                            const uint8_t *end, uint32_t depth, const level *here);

/* What is inside a length-delimited field. */
static inline bool content_is_safe(scan *s, const ProtobufCFieldDescriptor *field, const uint8_t *value,
                            const uint8_t *value_end, uint32_t depth, const level *here,
                            uint32_t index, const uint8_t *where) {
  if (field->type == PROTOBUF_C_TYPE_STRING) {
    uint32_t fault = check_text(value, (size_t)(value_end - value));
    if (fault != TANDEM_GUARD_OK) return refuse(s, fault, here, field, index, field->id, where);
    return true;
  }
  if (field->type != PROTOBUF_C_TYPE_MESSAGE) return true;
  if (depth >= s->limits->depth || depth >= max_levels)
    return refuse(s, TANDEM_GUARD_TOO_DEEP, here, field, index, field->id, where);
  level inner = {here, field, index};
  return message_is_safe(s, field->descriptor, value, value_end, depth + 1, &inner);
}

static bool unknown_is_allowed(scan *s, const level *here, uint32_t number, const uint8_t *where) {
  if (s->limits->refuse_unknown)
    return refuse(s, TANDEM_GUARD_UNKNOWN_FIELD, here, NULL, 0, number, where);
  if (++s->unknown > s->limits->unknown_fields)
    return refuse(s, TANDEM_GUARD_TOO_MANY_FIELDS, here, NULL, 0, number, where);
  return true;
}

/* Moves past the value of a field, or past the length of a length-delimited one. */
static inline uint32_t pass_value(unsigned type, const uint8_t **at, const uint8_t *end, uint64_t *length) {
  size_t left = (size_t)(end - *at);
  size_t width = type == 1 ? 8 : 4;
  switch (type) {
    case 0:
      width = varint(*at, end, length);
      if (width == 0) return TANDEM_GUARD_BAD_VARINT;
      break;
    case 1:
    case 5:
      if (left < width) return TANDEM_GUARD_TRUNCATED;
      break;
    case 2:
      width = varint(*at, end, length);
      if (width == 0 || *length > (uint64_t)(left - width)) return TANDEM_GUARD_TRUNCATED;
      break;
    case 3:
    case 4: return TANDEM_GUARD_GROUP;
    default: return TANDEM_GUARD_WIRE_TYPE;
  }
  *at += width;
  return TANDEM_GUARD_OK;
}

/* A known field whose value begins at `at`; `length` counts for length-delimited ones. */
static inline bool field_is_safe(scan *s, const ProtobufCFieldDescriptor *field, unsigned type,
                          const uint8_t *at, uint64_t length, uint32_t depth, const level *here,
                          uint32_t index, const uint8_t *where) {
  bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
  unsigned expected = wire_type(field->type);
  uint32_t added = 1;
  if (type != expected) {
    bool packed = repeated && type == 2;
    if (!packed) return refuse(s, TANDEM_GUARD_WIRE_TYPE, here, field, index, field->id, where);
    if (!count_packed(expected, at, at + length, &added))
      return refuse(s, TANDEM_GUARD_BAD_VARINT, here, field, index, field->id, where);
  }
  if (repeated) {
    s->elements += added;
    if (s->elements > s->limits->elements)
      return refuse(s, TANDEM_GUARD_TOO_MANY_ELEMENTS, here, field, index, field->id, where);
  } else if (index > 0 && field->type == PROTOBUF_C_TYPE_MESSAGE) {
    return refuse(s, TANDEM_GUARD_DUPLICATE_MESSAGE, here, field, index, field->id, where);
  }
  return type != 2 || content_is_safe(s, field, at, at + length, depth, here, index, where);
}

static bool message_is_safe(scan *s, const ProtobufCMessageDescriptor *message, const uint8_t *at,
                            const uint8_t *end, uint32_t depth, const level *here) {
  uint16_t seen[counted_fields] = {0};
  while (at < end) {
    const uint8_t *where = at;
    uint64_t tag = 0, length = 0;
    size_t width = varint(at, end, &tag);
    if (width == 0 || tag >> 32 != 0 || tag >> 3 == 0)
      return refuse(s, TANDEM_GUARD_BAD_TAG, here, NULL, 0, 0, where);
    at += width;
    unsigned type = (unsigned)(tag & 7);
    uint32_t number = (uint32_t)(tag >> 3), index = 0;
    if (++s->fields > s->limits->fields)
      return refuse(s, TANDEM_GUARD_TOO_MANY_FIELDS, here, NULL, 0, number, where);
    const ProtobufCFieldDescriptor *field = NULL;
    int slot = find(message, number);
    if (slot >= 0) {
      field = &message->fields[slot];
      if (slot < counted_fields) index = seen[slot]++;
    } else if (!unknown_is_allowed(s, here, number, where)) {
      return false;
    }
    uint32_t fault = pass_value(type, &at, end, &length);
    if (fault != TANDEM_GUARD_OK) return refuse(s, fault, here, field, index, number, where);
    if (field != NULL &&
        !field_is_safe(s, field, type, at, length, depth, here, index, where))
      return false;
    if (type == 2) at += length;
  }
  return true;
}

bool tandem_guard(const ProtobufCMessageDescriptor *message, const uint8_t *bytes, size_t count,
                  const tandem_guard_limits *limits, tandem_guard_result *result) {
  if (result != NULL) {
    result->reason = TANDEM_GUARD_OK;
    result->field = 0;
    result->offset = 0;
    result->path[0] = 0;
  }
  if (count == 0) return true;
  scan s = {bytes, limits, result, 0, 0, 0};
  level outermost = {NULL, NULL, 0};
  return message_is_safe(&s, message, bytes, bytes + count, 1, &outermost);
}
