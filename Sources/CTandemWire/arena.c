/* SPDX-License-Identifier: Apache-2.0 */
/* A bump allocator; freeing is forgetting. Memory is only asked for when a larger message comes. */
#include "arena.h"

#include <stdlib.h>

enum { alignment = 16, spare = 64 * 1024, kept = 1024 * 1024 };

static void *take(void *data, size_t size) {
  tandem_arena *arena = data;
  size_t padded = (size + (alignment - 1)) & ~(size_t)(alignment - 1);
  if (padded < size || padded > arena->capacity - arena->used) {
    arena->exhausted = true;
    return NULL;
  }
  void *place = arena->base + arena->used;
  arena->used += padded;
  return place;
}

static void give_back(void *data, void *place) {
  (void)data;
  (void)place;
}

void tandem_arena_free(tandem_arena *arena) {
  free(arena->base);
  *arena = (tandem_arena){NULL, 0, 0, false};
}

static bool make_room(tandem_arena *arena, size_t cap) {
  bool fits = arena->capacity >= cap && (arena->capacity <= kept || cap > kept);
  if (fits) return true;
  tandem_arena_free(arena);
  arena->base = malloc(cap);
  arena->capacity = arena->base == NULL ? 0 : cap;
  return arena->base != NULL;
}

void *tandem_arena_unpack(tandem_arena *arena, const ProtobufCMessageDescriptor *message,
                          const uint8_t *bytes, size_t count) {
  arena->used = 0;
  arena->exhausted = false;
  if (count > (SIZE_MAX - spare) / 8 || !make_room(arena, 8 * count + spare)) {
    arena->exhausted = true;
    return NULL;
  }
  ProtobufCAllocator allocator = {take, give_back, arena};
  return protobuf_c_message_unpack(message, &allocator, count, bytes);
}
