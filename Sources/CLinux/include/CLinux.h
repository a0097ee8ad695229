/* SPDX-License-Identifier: Apache-2.0 */
/* Linux and libcrypto for Swift, in plain types: no libc struct, macro or variadic call crosses over. */
/* Every call that can fail returns a result of zero or more, or a negated errno. */
/* Must not hold policy: what to do about an error is decided in Swift. */
#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files; all calls are retried when a signal interrupts them (files.c). */
#define LINUX_OPEN_READ 1
#define LINUX_OPEN_CREATE_NEW 2
#define LINUX_OPEN_READ_WRITE 3
#define LINUX_OPEN_DIRECTORY 4
/* Past the page cache: memory, count and offset are multiples of a block. EINVAL where that is unknown. */
#define LINUX_OPEN_DIRECT_READ 5
#define LINUX_OPEN_DIRECT_READ_WRITE 6

int linux_close(int fd);
int linux_open_root(const char *path);
int linux_open_at(int root, const char *path, int mode);
/* Reads until the count or the end of the file; writes all or fails. */
int64_t linux_read_at(int fd, void *bytes, size_t count, int64_t offset);
/* The same for whole blocks; what is read at the end of the file need not be one. */
int64_t linux_read_blocks_at(int fd, void *bytes, size_t count, int64_t offset);
int64_t linux_write_at(int fd, const void *bytes, size_t count, int64_t offset);
int linux_sync_data(int fd);
int linux_sync(int fd);
int64_t linux_size(int fd);
int linux_truncate(int fd, int64_t size);
/* Memory of zeros in whole pages, NULL without any; and a wish for pages of 2 MiB. */
void *linux_pages_map(size_t count);
void linux_pages_unmap(void *pages, size_t count);
void linux_pages_prefer_large(void *bytes, size_t count);
int linux_lock(int fd);
int linux_rename_at(int root, const char *from, const char *to);
int linux_remove_at(int root, const char *path);
int linux_exists_at(int root, const char *path);
int linux_make_directory(const char *path);
int linux_make_directory_at(int root, const char *path);
int64_t linux_free_bytes(int fd);
/* A listing: open, next until NULL (the name lives until the next call), close. */
int linux_directory_open(int root, const char *path, void **directory);
const char *linux_directory_next(void *directory, int *error);
void linux_directory_close(void *directory);

/* Readiness and wake-ups (events.c). */
#define LINUX_READABLE 1u
#define LINUX_WRITABLE 2u
#define LINUX_HUNG_UP 4u
#define LINUX_FAILED 8u

struct linux_event {
  uint64_t token;
  uint32_t readiness;
};

int linux_poll_create(void);
int linux_poll_add(int poll, int fd, uint32_t interest, uint64_t token);
/* Reports every write to a wake descriptor once, so that it need not be read. */
int linux_poll_add_wake(int poll, int fd, uint64_t token);
int linux_poll_change(int poll, int fd, uint32_t interest, uint64_t token);
int linux_poll_remove(int poll, int fd);
/* Waits for events; a signal ends the wait with none. A negative time waits for ever. */
int linux_poll_wait(int poll, struct linux_event *events, int capacity, int milliseconds);
int linux_wake_create(void);
int linux_wake(int fd);
int linux_wake_wait(int fd);

/* Signals: each SIGTERM or SIGINT becomes one byte, its number, in a pipe (events.c). */
int linux_ignore_broken_pipes(void);
int linux_signals_watch(void);
/* The next signal, 0 when there is none. */
int linux_signals_next(int fd);

/* Threads, clocks, randomness (threads.c). */
int linux_thread_start(uint64_t *thread, void *(*body)(void *), void *context);
int linux_thread_join(uint64_t thread);
uint64_t linux_thread_self(void);
int linux_thread_name(const char *name);
int linux_thread_pin(int core);
int linux_thread_yield_to_others(int niceness);
int linux_allowed_cores(int *cores, int capacity);
int64_t linux_wall_milliseconds(void);
uint64_t linux_monotonic_nanoseconds(void);
int linux_random(void *bytes, size_t count);
const char *linux_error_name(int error);

/* TCP (sockets.c). Version 4 keeps its address in the low 32 bits of `low`. */
struct linux_address {
  uint64_t high;
  uint64_t low;
  uint16_t port;
  uint8_t version;
};

bool linux_address_parse(const char *host, struct linux_address *address);
void linux_address_text(const struct linux_address *address, char text[46]);
int linux_listen(const struct linux_address *address, bool reuse_port, int backlog);
int linux_accept(int listener, struct linux_address *peer);
/* Starts to connect; the socket becomes writable when that is decided. */
int linux_connect(const struct linux_address *address);
/* 0 once connected, or why it failed. */
int linux_connect_result(int fd);
int linux_local_address(int fd, struct linux_address *address);
/* TCP_NODELAY, and TCP_USER_TIMEOUT unless zero. */
int linux_tune(int fd, uint32_t user_timeout_milliseconds);
int64_t linux_receive(int fd, void *bytes, size_t capacity);
/* The same, but the kernel keeps the bytes, for `linux_discard`. */
int64_t linux_peek(int fd, void *bytes, size_t capacity);
/* Takes bytes from a TCP socket without copying them. */
int64_t linux_discard(int fd, size_t count);
int64_t linux_send(int fd, const void *bytes, size_t count);
int linux_shutdown_write(int fd);

/* CRC-32C (Castagnoli), with SSE4.2 where the processor has it (checksum.c). */
uint32_t linux_crc32c(const void *bytes, size_t count, uint32_t seed);
uint32_t linux_crc32c_software(const void *bytes, size_t count, uint32_t seed);
bool linux_crc32c_has_hardware(void);
bool linux_is_zero(const void *bytes, size_t count);
bool linux_is_equal(const void *left, const void *right, size_t count);

/* libcrypto (digest.c). */
struct linux_sha256 {
  uint64_t state[14];
};

void linux_sha256_start(struct linux_sha256 *context);
void linux_sha256_update(struct linux_sha256 *context, const void *bytes, size_t count);
void linux_sha256_finish(struct linux_sha256 *context, uint8_t digest[32]);
/* The digest of two pieces, one behind the other, as big-endian words. */
void linux_sha256_joined(const void *first, size_t first_count, const void *second,
                         size_t second_count, uint64_t words[4]);
bool linux_constant_time_equal(const void *left, const void *right, size_t count);

/* This program again, with one argument per line; its pid. Waiting gives its exit code, or 128 and the signal (processes.c). */
int linux_spawn_self(const char *lines);
int linux_wait_child(int child);

#endif
