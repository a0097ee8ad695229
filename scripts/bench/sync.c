// SPDX-License-Identifier: Apache-2.0
// Measures what one durable write of 4 KiB costs on the disk of a directory: pwrite and fdatasync
// on a zero-filled file, one at a time. It must leave nothing behind: the file is unlinked first.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"

enum { block = 4096, file_size = 16 * 1024 * 1024 };

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "sync: %s: %s\n", what, strerror(errno));
  exit(1);
}

/// An unlinked file whose blocks exist, so that a later fdatasync writes data and no metadata.
static int prepared_file(const char *directory) {
  char path[4096];
  int length = snprintf(path, sizeof path, "%s/sync-probe-XXXXXX", directory);
  if (length < 0 || (size_t)length >= sizeof path) {
    errno = ENAMETOOLONG;
    fail(directory);
  }
  int file = mkstemp(path);
  if (file < 0) fail(path);
  unlink(path);
  static const unsigned char zeros[64 * 1024];
  for (off_t at = 0; at < file_size; at += (off_t)sizeof zeros) {
    if (pwrite(file, zeros, sizeof zeros, at) != (ssize_t)sizeof zeros) fail("filling the file");
  }
  if (fsync(file) != 0) fail("fsync");
  return file;
}

int main(int count, char **arguments) {
  double seconds = count == 3 ? strtod(arguments[2], NULL) : 0;
  if (count != 3 || !(seconds > 0 && seconds <= 60)) {
    fprintf(stderr, "usage: sync DIRECTORY SECONDS\nexample: sync .build/bench 0.5\n");
    return 2;
  }
  int file = prepared_file(arguments[1]);
  static struct histogram histogram;
  static unsigned char data[block];
  uint64_t started = now(), end = started + (uint64_t)(seconds * 1e9), before = started;
  for (off_t at = 0; before < end; at = (at + block) % file_size) {
    memcpy(data, &before, sizeof before);
    if (pwrite(file, data, block, at) != block) fail("pwrite");
    if (fdatasync(file) != 0) fail("fdatasync");
    uint64_t after = now();
    histogram_record(&histogram, after - before);
    before = after;
  }
  close(file);
  printf("{\"count\": %llu, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
         (unsigned long long)histogram.count, histogram_microseconds(&histogram, 0.50),
         histogram_microseconds(&histogram, 0.99), (double)histogram.largest / 1e3);
  return 0;
}
