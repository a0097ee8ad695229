/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32C, whether memory holds only zeros, and whether it equals other memory. The seed of a checksum is the one of what came before, 0 at
   the start, so calls can be chained. */
#include "CLinux.h"

#include <string.h>

#define POLYNOMIAL 0x82F63B78u /* Castagnoli, bit-reversed */

static uint32_t table[256];

__attribute__((constructor)) static void fill_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? POLYNOMIAL : 0);
    table[byte] = value;
  }
}

uint32_t linux_crc32c_software(const void *bytes, size_t count, uint32_t seed) {
  const uint8_t *next = bytes;
  uint32_t value = ~seed;
  for (; count > 0; count--) value = value >> 8 ^ table[(uint8_t)(value ^ *next++)];
  return ~value;
}

#if defined(__x86_64__)

#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_hardware(
    const void *bytes, size_t count, uint32_t seed) {
  const uint8_t *next = bytes;
  uint64_t value = ~seed;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    memcpy(&word, next, sizeof word);
    value = _mm_crc32_u64(value, word);
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
