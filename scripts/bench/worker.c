// SPDX-License-Identifier: Apache-2.0
// One thread of the load generator: arrivals, its epoll loop and its end. In the closed loop every
// answer lets the next request go; in the open loop a schedule does, which never looks at answers.
// Between the first and the last request it must not allocate.
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include "worker.h"

enum { events_per_turn = 128, largest_burst = 16 };

static void refill(struct loop *loop, struct connection *connection, uint64_t time) {
  if (connection->closed || time >= loop->worker->end) return;
  while (connection->free_count > 0) put_request(loop, connection, time, time);
}

static void schedule_next(struct loop *loop) {
  double gap = loop->mean_gap;
  if (!loop->worker->options->constant) {
    gap *= -log(((double)(random_number(loop) >> 11) + 1) * 0x1p-53);
  }
  loop->next_arrival += (uint64_t)(gap < 1 ? 1 : gap);
}

static void start_burst(struct loop *loop) {
  loop->next_connection = (loop->next_connection + 1) % loop->worker->connection_count;
  loop->burst = 0;
}

/// The connection for the next arrival; none when all of them are full. What is due in one turn goes
/// out in bursts, so that the generator's own system calls do not become the limit.
static struct connection *with_room(struct loop *loop) {
  struct worker *worker = loop->worker;
  for (uint32_t tried = 0; tried <= worker->connection_count; tried += 1) {
    struct connection *connection = &worker->connections[loop->next_connection];
    bool room = !connection->closed && connection->free_count > 0;
    if (room && loop->burst < largest_burst) {
      loop->burst += 1;
      return connection;
    }
    start_burst(loop);
  }
  return NULL;
}

/// Sends every request whose time has come. Its latency counts from that time, even if it waits.
static void issue_due(struct loop *loop, uint64_t time) {
  struct worker *worker = loop->worker;
  uint64_t patience = (uint64_t)(worker->options->give_up * 1e9);
  while (loop->next_arrival <= time && loop->next_arrival < worker->end) {
    uint64_t intended = loop->next_arrival;
    bool measured = intended >= worker->start;
    if (time - intended > patience) {
      if (measured) worker->dropped += 1;
      schedule_next(loop);
      continue;
    }
    struct connection *connection = with_room(loop);
    if (connection == NULL) break;
    put_request(loop, connection, intended, time);
    if (measured) histogram_record(&worker->lag, time - intended);
    if (!connection->touched) {
      connection->touched = true;
      loop->touched[loop->touched_count++] = connection;
    }
    schedule_next(loop);
  }
  if (loop->burst > 0) start_burst(loop);
  for (uint32_t i = 0; i < loop->touched_count; i += 1) {
    loop->touched[i]->touched = false;
    flush(loop, loop->touched[i]);
  }
  loop->touched_count = 0;
}

/// Sleeps until something arrives or a request is nearly due; waits shorter than 100 µs are spun.
static int wait(struct loop *loop, struct epoll_event *events, uint64_t time) {
  uint64_t pause = 50000000;
  if (loop->worker->options->rate > 0 && loop->next_arrival < loop->worker->end) {
    uint64_t gap = loop->next_arrival > time ? loop->next_arrival - time : 0;
    gap = gap > 100000 ? gap - 60000 : 0;
    if (gap < pause) pause = gap;
  }
  struct timespec limit = {.tv_sec = 0, .tv_nsec = (long)pause};
  return epoll_pwait2(loop->epoll, events, events_per_turn, &limit, NULL);
}

static void turn(struct loop *loop) {
  struct epoll_event events[events_per_turn];
  bool open_loop = loop->worker->options->rate > 0;
  uint64_t time = now();
  if (open_loop) {
    issue_due(loop, time);
    time = now();
  }
  int count = wait(loop, events, time);
  for (int i = 0; i < count; i += 1) {
    struct connection *connection = events[i].data.ptr;
    if (connection->closed) continue;
    if ((events[i].events & ~(uint32_t)EPOLLOUT) != 0) {
      uint64_t read_at = read_answers(loop, connection);
      if (!open_loop) refill(loop, connection, read_at);
    }
    flush(loop, connection);
  }
}

static void prepare(struct loop *loop) {
  struct worker *worker = loop->worker;
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (loop->epoll < 0) fail(exit_failed, "epoll_create1");
  loop->input = memory(input_size);
  loop->touched = memory(worker->connection_count * sizeof(struct connection *));
  loop->random = worker->options->seed + worker->index * 0x100000001u;
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  loop->realtime_offset = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec - now();
  for (uint32_t i = 0; i < worker->connection_count; i += 1) {
    struct connection *connection = &worker->connections[i];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0) {
      fail(exit_failed, "epoll_ctl");
    }
  }
  prctl(PR_SET_TIMERSLACK, 1);
}

void *run_worker(void *argument) {
  struct worker *worker = argument;
  struct loop loop = {.worker = worker};
  prepare(&loop);
  if (worker->options->rate > 0) {
    loop.mean_gap = 1e9 * worker->options->threads / worker->options->rate;
    // The schedules of the workers interleave.
    loop.next_arrival = worker->begin +
                        (uint64_t)(loop.mean_gap * worker->index / worker->options->threads);
  } else {
    for (uint32_t i = 0; i < worker->connection_count; i += 1) {
      refill(&loop, &worker->connections[i], now());
      flush(&loop, &worker->connections[i]);
    }
  }
  uint64_t patience = worker->end + answer_patience * 1000000000ull;
  for (uint64_t time = now(); time < worker->end || loop.in_flight > 0; time = now()) {
    if (time > patience || worker->lost > 0) break;
    turn(&loop);
  }
  if (loop.in_flight > 0) {
    complain(worker, "%llu answers did not come", (unsigned long long)loop.in_flight);
    worker->failed += loop.in_flight;
  }
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  worker->cpu_seconds = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
  return NULL;
}
