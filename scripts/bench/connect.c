// SPDX-License-Identifier: Apache-2.0
// Opens the connections of a worker and waits for each WELCOME, before anything is measured.
// It must not send requests.
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "worker.h"

static void receive_exactly(int socket, unsigned char *bytes, size_t size) {
  while (size > 0) {
    ssize_t got = recv(socket, bytes, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = ECONNRESET;
    if (got <= 0) fail(exit_failed, "waiting for WELCOME");
    bytes += got;
    size -= (size_t)got;
  }
}

static void shake_hands(int socket, const struct tenant *tenant) {
  unsigned char greeting[tdm_preamble_size + largest_request];
  memcpy(greeting, tdm_preamble, tdm_preamble_size);
  memcpy(greeting + tdm_preamble_size, tenant->hello, tenant->hello_size);
  size_t size = tdm_preamble_size + tenant->hello_size;
  if (send(socket, greeting, size, MSG_NOSIGNAL) != (ssize_t)size) fail(exit_failed, "HELLO");
  static _Thread_local unsigned char reply[largest_reply];
  receive_exactly(socket, reply, tdm_preamble_size + tdm_header_size);
  if (memcmp(reply, tdm_preamble, tdm_preamble_size) != 0) {
    errno = 0;
    fail(exit_wrong_answer, "the peer does not speak TDM1");
  }
  struct tdm_header header = tdm_read_header(reply + tdm_preamble_size);
  if (header.length >= sizeof reply) fail(exit_wrong_answer, "a WELCOME of %u bytes", header.length);
  receive_exactly(socket, reply, header.length);
  if (header.type != tdm_welcome) {
    errno = 0;
    fail(exit_wrong_answer, "frame type %u instead of WELCOME: %.*s", header.type,
         (int)header.length, (const char *)reply);
  }
}

static void open_connection(struct worker *worker, struct connection *connection) {
  const struct options *options = worker->options;
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail(exit_failed, "socket");
  struct timeval patience = {.tv_sec = answer_patience};
  int one = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const struct sockaddr *address = (const struct sockaddr *)&options->address;
  if (connect(descriptor, address, sizeof options->address) != 0) fail(exit_failed, "connect");
  shake_hands(descriptor, connection->tenant);
  if (fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) fail(exit_failed, "non-blocking mode");
  connection->socket = descriptor;
  connection->slots = memory(options->depth * sizeof *connection->slots);
  connection->free_slots = memory(options->depth * sizeof *connection->free_slots);
  for (uint32_t i = 0; i < options->depth; i += 1) {
    connection->free_slots[connection->free_count++] = (uint16_t)(options->depth - 1 - i);
  }
  uint32_t largest = 0;
  for (uint32_t i = 0; i < worker->requests->count; i += 1) {
    uint32_t size = worker->requests->list[i].size;
    if (size > largest) largest = size;
  }
  connection->output_room = options->depth * largest + 1024;
  connection->output = memory(connection->output_room);
  connection->input = memory(largest_reply + tdm_header_size);
}

void connect_all(struct worker *worker) {
  const struct options *options = worker->options;
  worker->connections = memory(worker->connection_count * sizeof *worker->connections);
  for (uint32_t i = 0; i < worker->connection_count; i += 1) {
    uint32_t number = i * options->threads + worker->index;
    struct connection *connection = &worker->connections[i];
    connection->tenant = &worker->requests->tenants[number % worker->requests->tenant_count];
    open_connection(worker, connection);
  }
}
