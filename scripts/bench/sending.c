// SPDX-License-Identifier: Apache-2.0
// Requests on their way out: copies of prepared frames with a few bytes replaced, and one send per
// connection and loop turn. It must not allocate.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "worker.h"

void complain(struct worker *worker, const char *what, ...) {
  if (worker->complaint[0] != '\0') return;
  va_list arguments;
  va_start(arguments, what);
  vsnprintf(worker->complaint, sizeof worker->complaint, what, arguments);
  va_end(arguments);
}

void give_up(struct loop *loop, struct connection *connection, const char *why) {
  if (connection->closed) return;
  complain(loop->worker, "connection lost: %s", why);
  uint32_t open = loop->worker->options->depth - connection->free_count;
  loop->worker->lost += 1;
  loop->worker->failed += open;
  loop->in_flight -= open;
  connection->closed = true;
  close(connection->socket);
}

/// A UUIDv7: the server may refuse a key whose time is long past, so the time must be right.
static void write_key(struct loop *loop, unsigned char *key, uint64_t time) {
  uint64_t milliseconds = (time + loop->realtime_offset) / 1000000;
  uint64_t first = random_number(loop), second = random_number(loop);
  memcpy(key, &first, 8);
  memcpy(key + 8, &second, 8);
  for (int i = 0; i < 6; i += 1) key[i] = (unsigned char)(milliseconds >> (40 - 8 * i));
  key[6] = (unsigned char)(0x70 | (key[6] & 0x0f));
  key[8] = (unsigned char)(0x80 | (key[8] & 0x3f));
}

static void write_text(struct loop *loop, unsigned char *text, int size) {
  uint64_t letters = 0;
  for (int i = 0; i < size; i += 1) {
    if (i % 12 == 0) letters = random_number(loop);
    text[i] = (unsigned char)('a' + (letters & 15));
    letters >>= 5;
  }
}

void put_request(struct loop *loop, struct connection *connection, uint64_t intended,
                 uint64_t time) {
  const struct requests *requests = loop->worker->requests;
  uint32_t index = connection->free_slots[--connection->free_count];
  struct slot *slot = &connection->slots[index];
  uint32_t choice = requests->count > 1 ? random_below(loop, requests->count) : 0;
  const struct request *request = &requests->list[choice];
  slot->request = request;
  slot->generation += 1;
  slot->call = slot->generation << slot_bits | (index + 1);
  slot->intended = intended;
  slot->written = time;
  if (connection->output_sent > 0) {
    connection->output_used -= connection->output_sent;
    memmove(connection->output, connection->output + connection->output_sent,
            connection->output_used);
    connection->output_sent = 0;
  }
  unsigned char *frame = connection->output + connection->output_used;
  memcpy(frame, request->frame, request->size);
  memcpy(frame + 8, &slot->call, sizeof slot->call);
  if (request->deal >= 0) {
    uint32_t deal = random_below(loop, connection->tenant->deal_count);
    slot->deal = connection->tenant->deals + (size_t)deal * requests->identifier_size;
    memcpy(frame + request->deal, slot->deal, requests->identifier_size);
  }
  if (request->key >= 0) write_key(loop, frame + request->key, time);
  if (request->text >= 0) write_text(loop, frame + request->text, request->text_size);
  connection->output_used += request->size;
  loop->in_flight += 1;
}

void flush(struct loop *loop, struct connection *connection) {
  uint32_t size = connection->output_used - connection->output_sent;
  if (connection->closed || size == 0) return;
  ssize_t sent =
      send(connection->socket, connection->output + connection->output_sent, size, MSG_NOSIGNAL);
  loop->worker->sends += 1;
  if (sent < 0 && errno != EAGAIN) return give_up(loop, connection, strerror(errno));
  if (sent > 0) connection->output_sent += (uint32_t)sent;
  bool waits = connection->output_sent < connection->output_used;
  if (!waits) connection->output_used = connection->output_sent = 0;
  if (waits == connection->waiting_to_write) return;
  connection->waiting_to_write = waits;
  struct epoll_event event = {.events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN,
                              .data.ptr = connection};
  epoll_ctl(loop->epoll, EPOLL_CTL_MOD, connection->socket, &event);
}
