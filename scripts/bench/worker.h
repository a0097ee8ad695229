// SPDX-License-Identifier: Apache-2.0
// The inside of one worker of the load generator: its connections, the calls open on them and its
// event loop. Only the worker's own thread may touch these.
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include "frame.h"
#include "load.h"

enum {
  input_size = 256 * 1024,
  slot_bits = 12,       // Of a call id; the rest counts how often the slot was used.
  answer_patience = 5,  // Seconds that WELCOME and the last answers may take.
};

struct slot {
  uint32_t call;  // 0 while free.
  uint32_t generation;
  const struct request *request;
  const unsigned char *deal;
  uint64_t intended, written;
};

struct connection {
  int socket;
  bool closed, waiting_to_write, touched;
  const struct tenant *tenant;
  struct slot *slots;
  uint16_t *free_slots;
  uint32_t free_count;
  unsigned char *output, *input;
  uint32_t output_used, output_sent, output_room, input_used;
};

/// What only the running thread needs.
struct loop {
  struct worker *worker;
  int epoll;
  uint64_t random;
  uint64_t realtime_offset;  // From CLOCK_MONOTONIC to milliseconds of the idempotency keys.
  uint64_t in_flight;
  uint64_t next_arrival;
  double mean_gap;
  uint32_t next_connection, burst;
  struct connection **touched;  // Have something to send.
  uint32_t touched_count;
  unsigned char *input;
};

static inline uint64_t random_number(struct loop *loop) {
  uint64_t mixed = loop->random += 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

static inline uint32_t random_below(struct loop *loop, uint32_t bound) {
  return (uint32_t)((random_number(loop) >> 32) * bound >> 32);
}

/// Keeps the first complaint.
void complain(struct worker *worker, const char *what, ...) __attribute__((format(printf, 2, 3)));
/// Closes a connection and counts what was open on it as failed.
void give_up(struct loop *loop, struct connection *connection, const char *why);

/// Puts one request into the connection's output; it must have a free slot.
void put_request(struct loop *loop, struct connection *connection, uint64_t intended,
                 uint64_t time);
void flush(struct loop *loop, struct connection *connection);

/// Reads and checks one burst of answers; returns its time.
uint64_t read_answers(struct loop *loop, struct connection *connection);

#endif
