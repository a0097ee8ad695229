/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and constant-time comparison from libcrypto. */
/* The plain SHA256 calls keep their state in the caller's memory; EVP would allocate for every digest. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "CLinux.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct linux_sha256), "libcrypto's state fits ours");

void linux_sha256_start(struct linux_sha256 *context) { SHA256_Init((SHA256_CTX *)context); }

void linux_sha256_update(struct linux_sha256 *context, const void *bytes, size_t count) {
  SHA256_Update((SHA256_CTX *)context, bytes, count);
}

void linux_sha256_finish(struct linux_sha256 *context, uint8_t digest[32]) {
  SHA256_Final(digest, (SHA256_CTX *)context);
}

bool linux_constant_time_equal(const void *left, const void *right, size_t count) {
  return CRYPTO_memcmp(left, right, count) == 0;
}
