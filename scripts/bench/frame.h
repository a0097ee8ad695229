// SPDX-License-Identifier: Apache-2.0
// The TDM1 frame header as the echo server and the load generator need it: 16 bytes, little endian.
// It must not know any message inside a frame.
#ifndef BENCH_FRAME_H
#define BENCH_FRAME_H

#include <stdint.h>
#include <string.h>

static const unsigned char tdm_preamble[8] = {'T', 'D', 'M', '1', '\r', '\n', 0x1a, '\n'};

enum { tdm_preamble_size = 8, tdm_header_size = 16 };

enum tdm_type {
  tdm_hello = 0x01,
  tdm_welcome = 0x02,
  tdm_request = 0x03,
  tdm_response = 0x04,
  tdm_ping = 0x08,
  tdm_pong = 0x09,
  tdm_goaway = 0x0a,
  tdm_first_ignorable = 0x80,
};

struct tdm_header {
  uint32_t length;
  uint8_t type;
  uint8_t flags;
  uint16_t method;
  uint32_t call;
  uint32_t arg;
};
_Static_assert(sizeof(struct tdm_header) == tdm_header_size, "the header is packed by nature");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "frames are copied without swapping");

static inline struct tdm_header tdm_read_header(const unsigned char *bytes) {
  struct tdm_header header;
  memcpy(&header, bytes, sizeof header);
  return header;
}

static inline void tdm_write_header(unsigned char *bytes, struct tdm_header header) {
  memcpy(bytes, &header, sizeof header);
}

#endif
