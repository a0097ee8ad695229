// SPDX-License-Identifier: Apache-2.0
// What the parts of the load generator share: options, requests to send, workers and counters.
// No part may allocate or format while requests are measured.
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "histogram.h"

enum {
  largest_request = 4096,
  largest_identifier = 64,
  largest_reply = 64 * 1024,
  largest_depth = 4095,
  key_size = 16,
  exit_failed = 1,
  exit_usage = 2,
  exit_wrong_answer = 3,
};

/// One encoded REQUEST frame and where its changing parts stand. An offset of -1 means "none".
struct request {
  unsigned char frame[largest_request];
  uint32_t size;
  uint16_t method;
  int deal;        // Where the identifier of a deal goes, from the start of the frame.
  int key;         // Where a fresh idempotency key of 16 bytes goes.
  int text;        // Where `text_size` fresh letters go, so that a change always changes something.
  int text_size;
  int reply_deal;  // Where the answer's body repeats the identifier.
};

struct tenant {
  unsigned char *hello;  // A whole HELLO frame.
  uint32_t hello_size;
  unsigned char *deals;  // `deal_count` identifiers of `identifier_size` bytes each.
  uint32_t deal_count, deal_capacity;
};

struct requests {
  struct request *list;
  uint32_t count;
  struct tenant *tenants;
  uint32_t tenant_count;
  uint32_t identifier_size;
};

struct options {
  struct sockaddr_in address;
  uint32_t connections, depth, threads;
  double seconds, warm_up;
  double rate;  // 0 is the closed loop.
  bool constant;
  double give_up;
  uint64_t seed;
  pid_t server;
  const char *request_file, *allocation_file;
};

struct worker {
  const struct options *options;
  const struct requests *requests;
  uint32_t index;
  pthread_t thread;
  struct connection *connections;
  uint32_t connection_count;
  uint64_t begin, start, end;  // First request, measured part; CLOCK_MONOTONIC nanoseconds.

  struct histogram response, service, lag;
  uint64_t answered, answer_bytes, failed, wrong, dropped, lost;
  uint64_t sends;
  double cpu_seconds;  // Of the whole run, known at its end.
  char complaint[512];  // The first thing that was not right, in words.
};

/// Readings of the machine and the server at one moment.
struct counters {
  double server_seconds;
  uint64_t allocations;
  uint64_t steal, ticks;
};

static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// Ends the program with a sentence about `what`; adds errno's text when it is set.
_Noreturn void fail(int code, const char *what, ...) __attribute__((format(printf, 2, 3)));
void *memory(size_t size);

struct requests read_requests(const char *path);

/// Connects, says hello and waits for each connection's WELCOME.
void connect_all(struct worker *worker);
void *run_worker(void *worker);

struct counters read_counters(const struct options *options);

#endif
