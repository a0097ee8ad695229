// SPDX-License-Identifier: Apache-2.0
// The floor that tandemd is compared with: a TDM1 server of N epoll threads that stores nothing. A
// REQUEST is answered by a RESPONSE of a size given per method, which starts with the bytes of the
// request's body; one send per connection and loop turn. It must not look inside a message.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"

enum {
  input_size = 256 * 1024,
  output_size = 4 * 1024 * 1024,
  largest_payload = 64 * 1024,
  largest_threads = 256,
  events_per_turn = 128,
};

struct connection {
  int socket;
  bool preamble_seen;
  bool waiting_to_write;
  uint32_t input_used;  // Bytes of an incomplete frame.
  size_t output_used, output_sent;  // Bytes the kernel did not take.
  unsigned char *input, *output;
};

struct worker {
  int epoll;
  pthread_t thread;
  unsigned char *input, *output;
};

static struct worker workers[largest_threads];
static unsigned worker_count;
static int listener;
static uint32_t reply_sizes[65536];

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "echo: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void *memory(size_t size) {
  void *bytes = calloc(1, size);
  if (bytes == NULL) fail("memory");
  return bytes;
}

/// Hands a new connection to the threads in turn, so that every core has its share of them.
static void accept_all(void) {
  static unsigned turn;
  for (;;) {
    int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return;
    int one = 1;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct connection *connection = memory(sizeof *connection);
    connection->socket = accepted;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int epoll = workers[turn++ % worker_count].epoll;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event) != 0) fail("epoll_ctl");
  }
}

static void end(struct connection *connection) {
  close(connection->socket);
  free(connection->input);
  free(connection->output);
  free(connection);
}

/// Writes the answer to one frame at `out`; returns its size, or -1 if the peer must be cut off.
static ssize_t answer(const unsigned char *frame, struct tdm_header header, unsigned char *out) {
  switch (header.type) {
    case tdm_hello: {
      memcpy(out, tdm_preamble, tdm_preamble_size);
      tdm_write_header(out + tdm_preamble_size, (struct tdm_header){.type = tdm_welcome});
      return tdm_preamble_size + tdm_header_size;
    }
    case tdm_request: {
      uint32_t size = reply_sizes[header.method];
      uint32_t echoed = header.length < size ? header.length : size;
      struct tdm_header reply = {.length = size, .type = tdm_response, .method = header.method,
                                 .call = header.call};
      tdm_write_header(out, reply);
      memcpy(out + tdm_header_size, frame + tdm_header_size, echoed);
      memset(out + tdm_header_size + echoed, 0x5a, size - echoed);
      return (ssize_t)(tdm_header_size + size);
    }
    case tdm_ping: {
      header.type = tdm_pong;
      tdm_write_header(out, header);
      memcpy(out + tdm_header_size, frame + tdm_header_size, header.length);
      return (ssize_t)(tdm_header_size + header.length);
    }
    case tdm_pong:
    case tdm_goaway:
      return 0;
  }
  return -1;
}

static bool watch(struct worker *worker, struct connection *connection, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = connection};
  return epoll_ctl(worker->epoll, EPOLL_CTL_MOD, connection->socket, &event) == 0;
}

/// Sends; what the kernel does not take is kept, and nothing more is read until it is gone.
static bool send_all(struct worker *worker, struct connection *connection, size_t size) {
  ssize_t sent = send(connection->socket, worker->output, size, MSG_NOSIGNAL);
  if (sent == (ssize_t)size) return true;
  if (sent < 0 && errno != EAGAIN) return false;
  size_t done = sent < 0 ? 0 : (size_t)sent;
  connection->output_used = size - done;
  connection->output_sent = 0;
  connection->output = memory(connection->output_used);
  memcpy(connection->output, worker->output + done, connection->output_used);
  connection->waiting_to_write = true;
  return watch(worker, connection, EPOLLOUT);
}

static bool writable(struct worker *worker, struct connection *connection) {
  ssize_t sent = send(connection->socket, connection->output + connection->output_sent,
                      connection->output_used - connection->output_sent, MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN;
  connection->output_sent += (size_t)sent;
  if (connection->output_sent < connection->output_used) return true;
  free(connection->output);
  connection->output = NULL;
  connection->waiting_to_write = false;
  return watch(worker, connection, EPOLLIN);
}

static bool readable(struct worker *worker, struct connection *connection) {
  size_t used = connection->input_used;
  if (used > 0) memcpy(worker->input, connection->input, used);
  ssize_t got = recv(connection->socket, worker->input + used, input_size - used, 0);
  if (got < 0) return errno == EAGAIN;
  if (got == 0) return false;
  const unsigned char *at = worker->input;
  size_t left = used + (size_t)got, written = 0;
  if (!connection->preamble_seen && left >= tdm_preamble_size) {
    if (memcmp(at, tdm_preamble, tdm_preamble_size) != 0) return false;
    at += tdm_preamble_size;
    left -= tdm_preamble_size;
    connection->preamble_seen = true;
  }
  while (connection->preamble_seen && left >= tdm_header_size) {
    struct tdm_header header = tdm_read_header(at);
    if (header.length > largest_payload) return false;
    size_t size = tdm_header_size + header.length;
    if (left < size) break;
    if (written + 2 * tdm_header_size + largest_payload > output_size) return false;
    ssize_t added = answer(at, header, worker->output + written);
    if (added < 0) return false;
    written += (size_t)added;
    at += size;
    left -= size;
  }
  if (left > 0) {
    if (connection->input == NULL) {
      connection->input = memory(largest_payload + tdm_header_size);
    }
    memcpy(connection->input, at, left);
  }
  connection->input_used = (uint32_t)left;
  return written == 0 || send_all(worker, connection, written);
}

static void *serve(void *argument) {
  struct worker *worker = argument;
  struct epoll_event events[events_per_turn];
  for (;;) {
    int count = epoll_wait(worker->epoll, events, events_per_turn, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < count; i += 1) {
      struct connection *connection = events[i].data.ptr;
      if (connection == NULL) {
        accept_all();
        continue;
      }
      bool going = connection->waiting_to_write ? writable(worker, connection)
                                                : readable(worker, connection);
      if (!going) end(connection);
    }
  }
}

static unsigned allowed_cores(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) fail("sched_getaffinity");
  return (unsigned)CPU_COUNT(&set);
}

static void listen_on_loopback(void) {
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) fail("socket");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0) fail("bind");
  if (listen(listener, 4096) != 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("getsockname");
  printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
  fflush(stdout);
}

static _Noreturn void usage(void) {
  fprintf(stderr,
          "usage: echo [--threads N] [--reply METHOD:BYTES]... [--lifetime SECONDS]\n"
          "example: echo --threads 1 --reply 16:650 --reply 17:40\n");
  exit(2);
}

int main(int count, char **arguments) {
  unsigned lifetime = 1800;  // It must not outlive a measurement whose driver was killed.
  worker_count = allowed_cores();
  for (int i = 1; i < count; i += 2) {
    if (i + 1 >= count) usage();
    unsigned method, size;
    if (strcmp(arguments[i], "--threads") == 0) {
      worker_count = (unsigned)strtoul(arguments[i + 1], NULL, 10);
    } else if (strcmp(arguments[i], "--lifetime") == 0) {
      lifetime = (unsigned)strtoul(arguments[i + 1], NULL, 10);
    } else if (strcmp(arguments[i], "--reply") == 0 &&
               sscanf(arguments[i + 1], "%u:%u", &method, &size) == 2 && method < 65536 &&
               size <= largest_payload) {
      reply_sizes[method] = size;
    } else {
      usage();
    }
  }
  if (worker_count < 1 || worker_count > largest_threads || lifetime < 1) usage();
  alarm(lifetime);
  for (unsigned i = 0; i < worker_count; i += 1) {
    workers[i].epoll = epoll_create1(EPOLL_CLOEXEC);
    if (workers[i].epoll < 0) fail("epoll_create1");
    workers[i].input = memory(input_size);
    workers[i].output = memory(output_size);
  }
  listen_on_loopback();
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(workers[0].epoll, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll_ctl");
  for (unsigned i = 1; i < worker_count; i += 1) {
    int error = pthread_create(&workers[i].thread, NULL, serve, &workers[i]);
    if (error != 0) {
      errno = error;
      fail("pthread_create");
    }
  }
  serve(&workers[0]);
}
