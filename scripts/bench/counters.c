// SPDX-License-Identifier: Apache-2.0
// Reads what the server has used so far: CPU time of its threads, its count of allocations, and
// the time that other guests of the machine took away. It must not disturb the server.
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

/// CPU seconds of all living threads, in nanosecond steps; /proc/PID/stat has 10 ms steps.
static double thread_seconds(pid_t process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", (int)process);
  DIR *tasks = opendir(path);
  if (tasks == NULL) fail(exit_failed, "the server with process id %d is gone", (int)process);
  double seconds = 0;
  for (struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
    if (!isdigit((unsigned char)task->d_name[0])) continue;
    char name[512];
    snprintf(name, sizeof name, "%s/%s/schedstat", path, task->d_name);
    FILE *file = fopen(name, "re");
    if (file == NULL) continue;  // The thread ended meanwhile.
    unsigned long long nanoseconds;
    if (fscanf(file, "%llu", &nanoseconds) == 1) seconds += (double)nanoseconds / 1e9;
    fclose(file);
  }
  closedir(tasks);
  return seconds;
}

static uint64_t allocation_count(const char *path) {
  uint64_t count = 0;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || read(file, &count, sizeof count) != (ssize_t)sizeof count) {
    fail(exit_failed, "%s", path);
  }
  close(file);
  return count;
}

static void machine_ticks(struct counters *counters) {
  FILE *file = fopen("/proc/stat", "re");
  if (file == NULL) return;
  unsigned long long ticks[8];
  if (fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &ticks[0], &ticks[1], &ticks[2],
             &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]) == 8) {
    for (int i = 0; i < 8; i += 1) counters->ticks += ticks[i];
    counters->steal = ticks[7];
  }
  fclose(file);
}

struct counters read_counters(const struct options *options) {
  struct counters counters = {0};
  if (options->server > 0) counters.server_seconds = thread_seconds(options->server);
  if (options->allocation_file != NULL) {
    counters.allocations = allocation_count(options->allocation_file);
  }
  machine_ticks(&counters);
  return counters;
}
