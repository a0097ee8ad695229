/* SPDX-License-Identifier: Apache-2.0 */
/* Threads and cores, clocks, randomness, names of errors. */
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sched.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

_Static_assert(sizeof(pthread_t) <= sizeof(uint64_t), "a thread id fits 64 bits");

int linux_thread_start(uint64_t *thread, void *(*body)(void *), void *context) {
  pthread_t started;
  int error = pthread_create(&started, NULL, body, context);
  if (error != 0) return -error;
  *thread = (uint64_t)started;
  return 0;
}

int linux_thread_join(uint64_t thread) { return -pthread_join((pthread_t)thread, NULL); }

uint64_t linux_thread_self(void) { return (uint64_t)pthread_self(); }

int linux_thread_name(const char *name) {
  char shortened[16] = {0};
  strncpy(shortened, name, sizeof shortened - 1);
  return -pthread_setname_np(pthread_self(), shortened);
}

int linux_thread_pin(int core) {
  if (core < 0 || core >= CPU_SETSIZE) return -EINVAL;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return -pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int linux_thread_yield_to_others(int niceness) {
  /* On Linux this is of the calling thread alone. */
  return setpriority(PRIO_PROCESS, 0, niceness) == 0 ? 0 : -errno;
}

int linux_allowed_cores(int *cores, int capacity) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
  int count = 0;
  for (int core = 0; core < CPU_SETSIZE && count < capacity; core++) {
    if (CPU_ISSET(core, &set)) cores[count++] = core;
  }
  return count;
}

int64_t linux_wall_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t linux_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int linux_random(void *bytes, size_t count) {
  size_t done = 0;
  while (done < count) {
    ssize_t step = getrandom((char *)bytes + done, count - done, 0);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) return -errno;
    done += (size_t)step;
  }
  return 0;
}

const char *linux_error_name(int error) {
  const char *name = strerrorname_np(error);
  return name != NULL ? name : "unknown error";
}
