/* SPDX-License-Identifier: Apache-2.0 */
/* One block of memory with a cap that unpacked messages live in until the next one. */
#ifndef TANDEM_ARENA_H
#define TANDEM_ARENA_H
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
  uint8_t *base;
  size_t capacity;
  size_t used;
  bool exhausted; /* an allocation was refused since the last unpack began */
} tandem_arena;

/* Bytes of a text that the guard has let through, which so has no NUL but the one at its end. */
static inline size_t tandem_text_length(const char *text) { return strlen(text); }

void tandem_arena_free(tandem_arena *arena);

/* Forgets what was unpacked before and unpacks one message. NULL: malformed, or `exhausted`.
   The cap is 8 times the bytes and 64 KiB. The result dies with the next call. */
void *tandem_arena_unpack(tandem_arena *arena, const ProtobufCMessageDescriptor *message,
                          const uint8_t *bytes, size_t count);
#endif
