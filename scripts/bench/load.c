// SPDX-License-Identifier: Apache-2.0
// The load generator's program: options, the measured part, and one line of JSON at the end.
// `load --help` shows how it is used. Exit codes: 0 fine, 1 failed answers, 2 usage, 3 wrong
// answers. It must not know what a request means; the driver prepares the frames.
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char help[] =
    "usage: load --address 127.0.0.1:PORT --request-file FILE [options]\n"
    "  --connections N      connections, spread over the tenants of the file (64)\n"
    "  --depth N            requests in flight on each connection (1)\n"
    "  --threads N          threads, each with its own connections (1)\n"
    "  --seconds S          measured part (1)\n"
    "  --warm-up S          sent before, not counted (0.3)\n"
    "  --rate R             open loop with R requests per second in all; else closed loop\n"
    "  --arrival KIND       poisson or constant (poisson)\n"
    "  --give-up S          drop an arrival that waited this long for room (1)\n"
    "  --seed N             the same choice of deals each time\n"
    "  --server-pid PID     report the CPU time of this process\n"
    "  --allocation-file F  report the count that allocations.so keeps in F\n"
    "examples:\n"
    "  load --address 127.0.0.1:7411 --request-file get.txt --connections 64 --depth 16\n"
    "  load --address 127.0.0.1:7411 --request-file get.txt --depth 64 --rate 50000 --seconds 5\n";

void fail(int code, const char *what, ...) {
  int error = errno;
  va_list arguments;
  va_start(arguments, what);
  fputs("load: ", stderr);
  vfprintf(stderr, what, arguments);
  va_end(arguments);
  if (error != 0) fprintf(stderr, ": %s", strerror(error));
  fputc('\n', stderr);
  exit(code);
}

void *memory(size_t size) {
  void *bytes = calloc(1, size == 0 ? 1 : size);
  if (bytes == NULL) fail(exit_failed, "memory");
  return bytes;
}

static double number(const char *text, double smallest, double largest) {
  char *rest;
  double value = strtod(text, &rest);
  if (*text == '\0' || *rest != '\0' || !(value >= smallest && value <= largest)) {
    fail(exit_usage, "%s is not a number from %g to %g", text, smallest, largest);
  }
  return value;
}

static struct sockaddr_in address(const char *text) {
  char host[64];
  unsigned port;
  struct sockaddr_in result = {.sin_family = AF_INET};
  if (sscanf(text, "%63[0-9.]:%u", host, &port) != 2 || port < 1 || port > 65535 ||
      inet_pton(AF_INET, host, &result.sin_addr) != 1) {
    fail(exit_usage, "%s is not an address such as 127.0.0.1:7411", text);
  }
  result.sin_port = htons((uint16_t)port);
  return result;
}

static void set_option(struct options *options, int option) {
  switch (option) {
    case 'a': options->address = address(optarg); return;
    case 'f': options->request_file = optarg; return;
    case 'c': options->connections = (uint32_t)number(optarg, 1, 100000); return;
    case 'd': options->depth = (uint32_t)number(optarg, 1, largest_depth); return;
    case 't': options->threads = (uint32_t)number(optarg, 1, 256); return;
    case 's': options->seconds = number(optarg, 0.01, 3600); return;
    case 'w': options->warm_up = number(optarg, 0, 600); return;
    case 'r': options->rate = number(optarg, 1, 1e9); return;
    case 'g': options->give_up = number(optarg, 0.001, 60); return;
    case 'e': options->seed = (uint64_t)number(optarg, 0, 1e15); return;
    case 'p': options->server = (pid_t)number(optarg, 1, 4194304); return;
    case 'm': options->allocation_file = optarg; return;
    case 'k':
      options->constant = strcmp(optarg, "constant") == 0;
      if (!options->constant && strcmp(optarg, "poisson") != 0) {
        fail(exit_usage, "--arrival is poisson or constant");
      }
      return;
    case 'h': fputs(help, stdout); exit(0);
  }
  fputs(help, stderr);
  exit(exit_usage);
}

static struct options read_options(int count, char **arguments) {
  static const struct option names[] = {
      {"address", 1, NULL, 'a'},    {"request-file", 1, NULL, 'f'},
      {"connections", 1, NULL, 'c'}, {"depth", 1, NULL, 'd'},
      {"threads", 1, NULL, 't'},    {"seconds", 1, NULL, 's'},
      {"warm-up", 1, NULL, 'w'},    {"rate", 1, NULL, 'r'},
      {"arrival", 1, NULL, 'k'},    {"give-up", 1, NULL, 'g'},
      {"seed", 1, NULL, 'e'},       {"server-pid", 1, NULL, 'p'},
      {"allocation-file", 1, NULL, 'm'}, {"help", 0, NULL, 'h'},
      {NULL, 0, NULL, 0}};
  struct options options = {.connections = 64, .depth = 1, .threads = 1, .seconds = 1,
                            .warm_up = 0.3, .give_up = 1};
  if (getrandom(&options.seed, sizeof options.seed, 0) != sizeof options.seed) {
    fail(exit_failed, "getrandom");
  }
  for (int option; (option = getopt_long(count, arguments, "", names, NULL)) != -1;) {
    set_option(&options, option);
  }
  if (options.address.sin_port == 0 || options.request_file == NULL || optind != count) {
    set_option(&options, '?');
  }
  if (options.threads > options.connections) options.threads = options.connections;
  return options;
}

static void sleep_until(uint64_t time) {
  struct timespec moment = {.tv_sec = (time_t)(time / 1000000000u),
                            .tv_nsec = (long)(time % 1000000000u)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL) == EINTR) continue;
}

static double thread_seconds(pthread_t thread) {
  clockid_t clock;
  struct timespec used = {0};
  if (pthread_getcpuclockid(thread, &clock) == 0) clock_gettime(clock, &used);
  return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/// What happened between the two readings.
struct measured {
  struct counters first, last;
  double seconds;
  double busiest;  // Share of a core that the busiest worker used.
};

/// Takes both readings and waits for the last answers.
static struct measured measure(const struct options *options, struct worker *workers) {
  struct measured measured = {0};
  double *before = memory(options->threads * sizeof *before);
  sleep_until(workers[0].start);
  uint64_t began = now();
  measured.first = read_counters(options);
  for (uint32_t i = 0; i < options->threads; i += 1) before[i] = thread_seconds(workers[i].thread);
  sleep_until(workers[0].end);
  measured.last = read_counters(options);
  measured.seconds = (double)(now() - began) / 1e9;
  for (uint32_t i = 0; i < options->threads; i += 1) {
    pthread_join(workers[i].thread, NULL);
    double share = (workers[i].cpu_seconds - before[i]) / measured.seconds;
    if (share > measured.busiest) measured.busiest = share;
  }
  free(before);
  return measured;
}

static void print_counters(const struct options *options, const struct measured *measured,
                           double answered) {
  double ticks = (double)(measured->last.ticks - measured->first.ticks);
  double steal = (double)(measured->last.steal - measured->first.steal);
  printf(", \"generator_busy\": %.3f, \"steal\": %.4f", measured->busiest,
         ticks > 0 ? steal / ticks : 0);
  if (options->server > 0) {
    double used = measured->last.server_seconds - measured->first.server_seconds;
    printf(", \"server_busy\": %.3f, \"server_cpu_us\": %.4f", used / measured->seconds,
           answered > 0 ? used * 1e6 / answered : 0);
  }
  if (options->allocation_file != NULL) {
    double made = (double)(measured->last.allocations - measured->first.allocations);
    printf(", \"allocations\": %.0f, \"allocations_per_request\": %.4f", made,
           answered > 0 ? made / answered : 0);
  }
}

/// Prints the line of JSON; returns the exit code.
static int report(const struct options *options, const struct worker *workers,
                  const struct measured *measured) {
  struct worker *sum = memory(sizeof *sum);
  for (uint32_t i = 0; i < options->threads; i += 1) {
    const struct worker *worker = &workers[i];
    histogram_add(&sum->response, &worker->response);
    histogram_add(&sum->service, &worker->service);
    histogram_add(&sum->lag, &worker->lag);
    sum->answered += worker->answered;
    sum->answer_bytes += worker->answer_bytes;
    sum->failed += worker->failed;
    sum->wrong += worker->wrong;
    sum->dropped += worker->dropped;
    sum->lost += worker->lost;
    sum->sends += worker->sends;
    if (worker->complaint[0] != '\0') fprintf(stderr, "load: %s\n", worker->complaint);
  }
  double answered = (double)sum->answered;
  printf("{\"requests_per_second\": %.1f, \"answered\": %llu, \"seconds\": %.3f",
         answered / options->seconds, (unsigned long long)sum->answered, options->seconds);
  printf(", \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f",
         histogram_microseconds(&sum->response, 0.50), histogram_microseconds(&sum->response, 0.99),
         histogram_microseconds(&sum->response, 0.999), (double)sum->response.largest / 1e3);
  printf(", \"service_p50_us\": %.1f, \"service_p99_us\": %.1f, \"lag_p50_us\": %.1f",
         histogram_microseconds(&sum->service, 0.50), histogram_microseconds(&sum->service, 0.99),
         histogram_microseconds(&sum->lag, 0.50));
  printf(", \"lag_p99_us\": %.1f, \"answer_bytes\": %.1f",
         histogram_microseconds(&sum->lag, 0.99),
         answered > 0 ? (double)sum->answer_bytes / answered : 0);
  printf(", \"failed\": %llu, \"wrong\": %llu, \"dropped\": %llu, \"sends\": %llu",
         (unsigned long long)sum->failed, (unsigned long long)sum->wrong,
         (unsigned long long)sum->dropped, (unsigned long long)sum->sends);
  print_counters(options, measured, answered);
  puts("}");
  if (sum->wrong > 0) return exit_wrong_answer;
  return sum->failed > 0 || sum->lost > 0 || sum->answered == 0 ? exit_failed : 0;
}

int main(int count, char **arguments) {
  struct options options = read_options(count, arguments);
  struct requests requests = read_requests(options.request_file);
  struct worker *workers = memory(options.threads * sizeof *workers);
  for (uint32_t i = 0; i < options.threads; i += 1) {
    struct worker *worker = &workers[i];
    worker->options = &options;
    worker->requests = &requests;
    worker->index = i;
    worker->connection_count = options.connections / options.threads;
    if (i < options.connections % options.threads) worker->connection_count += 1;
    connect_all(worker);
  }
  uint64_t begin = now() + 1000000;
  for (uint32_t i = 0; i < options.threads; i += 1) {
    struct worker *worker = &workers[i];
    worker->begin = begin;
    worker->start = begin + (uint64_t)(options.warm_up * 1e9);
    worker->end = worker->start + (uint64_t)(options.seconds * 1e9);
    errno = pthread_create(&worker->thread, NULL, run_worker, worker);
    if (errno != 0) fail(exit_failed, "pthread_create");
  }
  struct measured measured = measure(&options, workers);
  return report(&options, workers, &measured);
}
