/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32C, whether memory holds only zeros, and whether it equals other memory. */
/* The seed of a checksum is the one of what came before, 0 at the start, so calls can be chained. */
#include "CLinux.h"

#include <string.h>

#define POLYNOMIAL 0x82F63B78u /* Castagnoli, bit-reversed */

static uint32_t table[256];

/* A checksum instruction takes three cycles and one can start in each, so three parts are done at once.
   What a part's checksum becomes when more bytes follow is read from a table for that many bytes. */
#define LONG_PART 2048u
#define SHORT_PART 256u

static uint32_t behind_long[4][256];
static uint32_t behind_short[4][256];

static void fill_behind(uint32_t behind[4][256], size_t bytes) {
  for (int place = 0; place < 4; place++) {
    for (uint32_t byte = 1; byte < 256; byte++) {
      /* It is linear: a value is the sum of its lowest bit and of the rest. */
      uint32_t rest = byte & (byte - 1);
      uint32_t value = (byte ^ rest) << 8 * place;
      if (rest != 0) {
        behind[place][byte] = behind[place][rest] ^ behind[place][byte ^ rest];
        continue;
      }
      for (size_t count = bytes; count > 0; count--) value = value >> 8 ^ table[(uint8_t)value];
      behind[place][byte] = value;
    }
  }
}

__attribute__((constructor)) static void fill_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? POLYNOMIAL : 0);
    table[byte] = value;
  }
  fill_behind(behind_long, LONG_PART);
  fill_behind(behind_short, SHORT_PART);
}

uint32_t linux_crc32c_software(const void *bytes, size_t count, uint32_t seed) {
  const uint8_t *next = bytes;
  uint32_t value = ~seed;
  for (; count > 0; count--) value = value >> 8 ^ table[(uint8_t)(value ^ *next++)];
  return ~value;
}

#if defined(__x86_64__)

#include <nmmintrin.h>

static uint64_t shifted(const uint32_t behind[4][256], uint64_t value) {
  return behind[0][(uint8_t)value] ^ behind[1][(uint8_t)(value >> 8)] ^
         behind[2][(uint8_t)(value >> 16)] ^ behind[3][(uint8_t)(value >> 24)];
}

static uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/* Three parts that stand side by side. */
__attribute__((target("sse4.2"))) static uint64_t three_parts(
    const uint8_t *bytes, size_t part, const uint32_t behind[4][256], uint64_t first) {
  uint64_t second = 0, third = 0;
  for (size_t place = 0; place < part; place += 8) {
    first = _mm_crc32_u64(first, word_at(bytes + place));
    second = _mm_crc32_u64(second, word_at(bytes + part + place));
    third = _mm_crc32_u64(third, word_at(bytes + 2 * part + place));
  }
  return shifted(behind, shifted(behind, first) ^ second) ^ third;
}

__attribute__((target("sse4.2"))) static uint32_t crc32c_hardware(
    const void *bytes, size_t count, uint32_t seed) {
  const uint8_t *next = bytes;
  uint64_t value = ~seed;
  for (; count >= 3 * LONG_PART; count -= 3 * LONG_PART, next += 3 * LONG_PART) {
    value = three_parts(next, LONG_PART, behind_long, value);
  }
  for (; count >= 3 * SHORT_PART; count -= 3 * SHORT_PART, next += 3 * SHORT_PART) {
    value = three_parts(next, SHORT_PART, behind_short, value);
  }
  for (; count >= 8; count -= 8, next += 8) {
    value = _mm_crc32_u64(value, word_at(next));
  }
  for (; count > 0; count--) value = _mm_crc32_u8((uint32_t)value, *next++);
  return ~(uint32_t)value;
}

bool linux_crc32c_has_hardware(void) { return __builtin_cpu_supports("sse4.2"); }

uint32_t linux_crc32c(const void *bytes, size_t count, uint32_t seed) {
  if (linux_crc32c_has_hardware()) return crc32c_hardware(bytes, count, seed);
  return linux_crc32c_software(bytes, count, seed);
}

#else

bool linux_crc32c_has_hardware(void) { return false; }

uint32_t linux_crc32c(const void *bytes, size_t count, uint32_t seed) {
  return linux_crc32c_software(bytes, count, seed);
}

#endif

bool linux_is_zero(const void *bytes, size_t count) {
  const unsigned char *start = bytes;
  /* Every byte equals the one before it. */
  return count == 0 || (start[0] == 0 && memcmp(start, start + 1, count - 1) == 0);
}

bool linux_is_equal(const void *left, const void *right, size_t count) {
  return count == 0 || memcmp(left, right, count) == 0;
}
