// SPDX-License-Identifier: Apache-2.0
// Answers on their way in: every one is matched with its call and checked before it counts, since a
// fast wrong answer is not a result. It must not allocate.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "worker.h"

enum { flag_meta = 0x01, flag_replayed = 0x08 };

/// The first refusal is shown with the readable letters of its error message.
static void refused(struct worker *worker, struct tdm_header header, const unsigned char *body) {
  worker->failed += 1;
  if (worker->complaint[0] != '\0') return;
  char text[320];
  size_t used = 0;
  for (uint32_t i = 0; i < header.length && used + 1 < sizeof text; i += 1) {
    text[used++] = body[i] >= ' ' && body[i] <= '~' ? (char)body[i] : '.';
  }
  text[used] = '\0';
  complain(worker, "method %u answered with status %u: %s", header.method, header.arg, text);
}

/// True if the body repeats the identifier that was asked for.
static bool names_the_deal(const struct worker *worker, const struct slot *slot,
                           struct tdm_header header, const unsigned char *payload) {
  if (slot->request->reply_deal < 0 || slot->request->deal < 0) return true;
  uint64_t start = (uint64_t)slot->request->reply_deal;
  if ((header.flags & flag_meta) != 0) {
    uint32_t meta;
    if (header.length < sizeof meta) return false;
    memcpy(&meta, payload, sizeof meta);
    start += sizeof meta + meta;
  }
  uint32_t size = worker->requests->identifier_size;
  return start + size <= header.length && memcmp(payload + start, slot->deal, size) == 0;
}

static void answered(struct loop *loop, struct connection *connection, struct tdm_header header,
                     const unsigned char *payload, uint64_t time) {
  struct worker *worker = loop->worker;
  uint32_t index = (header.call & ((1u << slot_bits) - 1)) - 1;
  struct slot *slot = index < worker->options->depth ? &connection->slots[index] : NULL;
  if (slot == NULL || slot->call != header.call || header.call == 0) {
    worker->wrong += 1;
    return give_up(loop, connection, "an answer to a call that is not open");
  }
  slot->call = 0;
  connection->free_slots[connection->free_count++] = (uint16_t)index;
  loop->in_flight -= 1;
  bool open_loop = worker->options->rate > 0;
  uint64_t decisive = open_loop ? slot->intended : time;
  bool measured = decisive >= worker->start && decisive < worker->end;
  if (header.method != slot->request->method || (header.flags & flag_replayed) != 0 ||
      (header.arg == 0 && !names_the_deal(worker, slot, header, payload))) {
    worker->wrong += 1;
    complain(worker, "wrong answer: method %u, flags 0x%02x, %u bytes, to a request of method %u",
             header.method, header.flags, header.length, slot->request->method);
  } else if (header.arg != 0) {
    refused(worker, header, payload);
  } else if (measured) {
    worker->answered += 1;
    worker->answer_bytes += header.length;
    histogram_record(&worker->response, time - slot->intended);
    histogram_record(&worker->service, time - slot->written);
  }
}

static void pong(struct connection *connection, struct tdm_header header,
                 const unsigned char *payload) {
  uint32_t size = tdm_header_size + header.length;
  if (header.length > 64 || connection->output_used + size > connection->output_room) return;
  header.type = tdm_pong;
  tdm_write_header(connection->output + connection->output_used, header);
  memcpy(connection->output + connection->output_used + tdm_header_size, payload, header.length);
  connection->output_used += size;
}

static void frame(struct loop *loop, struct connection *connection, struct tdm_header header,
                  const unsigned char *payload, uint64_t time) {
  switch (header.type) {
    case tdm_response:
      return answered(loop, connection, header, payload, time);
    case tdm_ping:
      return pong(connection, header, payload);
    case tdm_pong:
      return;
    case tdm_goaway: {
      char why[160];
      int size = header.length < 120 ? (int)header.length : 120;
      snprintf(why, sizeof why, "GOAWAY, reason %u: %.*s", header.arg, size, (const char *)payload);
      return give_up(loop, connection, why);
    }
  }
  if (header.type < tdm_first_ignorable) {
    loop->worker->wrong += 1;
    give_up(loop, connection, "a frame of an unknown type");
  }
}

uint64_t read_answers(struct loop *loop, struct connection *connection) {
  uint32_t used = connection->input_used;
  if (used > 0) memcpy(loop->input, connection->input, used);
  ssize_t got = recv(connection->socket, loop->input + used, input_size - used, 0);
  uint64_t time = now();
  if (got < 0 && errno == EAGAIN) return time;
  if (got <= 0) {
    give_up(loop, connection, got == 0 ? "closed by the server" : strerror(errno));
    return time;
  }
  const unsigned char *at = loop->input;
  size_t left = used + (size_t)got;
  while (left >= tdm_header_size && !connection->closed) {
    struct tdm_header header = tdm_read_header(at);
    size_t size = tdm_header_size + header.length;
    if (header.length > largest_reply) {
      loop->worker->wrong += 1;
      give_up(loop, connection, "a frame larger than 64 KiB");
      return time;
    }
    if (left < size) break;
    frame(loop, connection, header, at + tdm_header_size, time);
    at += size;
    left -= size;
  }
  if (connection->closed) return time;
  memcpy(connection->input, at, left);
  connection->input_used = (uint32_t)left;
  return time;
}
