/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and constant-time comparison from libcrypto. */
/* The plain SHA256 calls keep their state in the caller's memory; EVP would allocate for every digest. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "CLinux.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct linux_sha256), "libcrypto's state fits ours");

void linux_sha256_start(struct linux_sha256 *context) { SHA256_Init((SHA256_CTX *)context); }

void linux_sha256_update(struct linux_sha256 *context, const void *bytes, size_t count) {
  SHA256_Update((SHA256_CTX *)context, bytes, count);
}

void linux_sha256_finish(struct linux_sha256 *context, uint8_t digest[32]) {
  SHA256_Final(digest, (SHA256_CTX *)context);
}

/* Few bytes are one block, which is padded here: the general way costs more than that block itself. */
static void hash_one_block(SHA256_CTX *context, const void *first, size_t first_count,
                           const void *second, size_t second_count) {
  uint8_t block[64] = {0};
  size_t count = first_count + second_count;
  if (first_count > 0) memcpy(block, first, first_count);
  if (second_count > 0) memcpy(block + first_count, second, second_count);
  block[count] = 0x80;
  block[62] = (uint8_t)(count >> 5);
  block[63] = (uint8_t)(count << 3);
  SHA256_Transform(context, block);
}

void linux_sha256_joined(const void *first, size_t first_count, const void *second,
                         size_t second_count, uint64_t words[4]) {
  SHA256_CTX context;
  SHA256_Init(&context);
  if (first_count < 56 && second_count < 56 - first_count) {
    hash_one_block(&context, first, first_count, second, second_count);
  } else {
    uint8_t digest[32];
    SHA256_Update(&context, first, first_count);
    SHA256_Update(&context, second, second_count);
    SHA256_Final(digest, &context);
  }
  for (int index = 0; index < 4; index++)
    words[index] = (uint64_t)context.h[2 * index] << 32 | context.h[2 * index + 1];
}

bool linux_constant_time_equal(const void *left, const void *right, size_t count) {
  return CRYPTO_memcmp(left, right, count) == 0;
}
