// SPDX-License-Identifier: Apache-2.0
// Reads the file of encoded frames that the driver prepared. Lines: `tenant HEX` (a HELLO frame),
// `deal HEX` (an identifier of the tenant above) and `request HEX [deal=N] [key=N] [text=N:SIZE]
// [reply-deal=N]` (a REQUEST frame and the offsets of what changes). It must not know any message.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "load.h"

static int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

/// Decodes `hex` into `bytes`; returns how many bytes, or -1.
static int decode(const char *hex, unsigned char *bytes, size_t room) {
  size_t length = strlen(hex);
  if (length % 2 != 0 || length / 2 > room) return -1;
  for (size_t i = 0; i < length / 2; i += 1) {
    int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return -1;
    bytes[i] = (unsigned char)(high << 4 | low);
  }
  return (int)(length / 2);
}

static void *grown(void *old, size_t count, size_t size) {
  void *bigger = reallocarray(old, count, size);
  if (bigger == NULL) fail(exit_failed, "memory");
  return bigger;
}

static void add_tenant(struct requests *requests, const char *hex) {
  unsigned char frame[largest_request];
  int size = hex == NULL ? -1 : decode(hex, frame, sizeof frame);
  if (size < tdm_header_size) fail(exit_usage, "a tenant line needs a HELLO frame in hex");
  size_t count = requests->tenant_count + 1;
  requests->tenants = grown(requests->tenants, count, sizeof *requests->tenants);
  struct tenant tenant = {.hello = memory((size_t)size), .hello_size = (uint32_t)size};
  memcpy(tenant.hello, frame, (size_t)size);
  requests->tenants[requests->tenant_count++] = tenant;
}

static void add_deal(struct requests *requests, const char *hex) {
  unsigned char identifier[largest_identifier];
  int size = hex == NULL ? -1 : decode(hex, identifier, sizeof identifier);
  if (size < 1) fail(exit_usage, "a deal line needs an identifier in hex");
  if (requests->tenant_count == 0) fail(exit_usage, "a deal line stands before any tenant line");
  if (requests->identifier_size == 0) requests->identifier_size = (uint32_t)size;
  if (requests->identifier_size != (uint32_t)size) {
    fail(exit_usage, "identifiers of different sizes: %u and %d", requests->identifier_size, size);
  }
  struct tenant *tenant = &requests->tenants[requests->tenant_count - 1];
  if (tenant->deal_count == tenant->deal_capacity) {
    tenant->deal_capacity = tenant->deal_capacity == 0 ? 64 : 2 * tenant->deal_capacity;
    tenant->deals = grown(tenant->deals, tenant->deal_capacity, (size_t)size);
  }
  memcpy(tenant->deals + tenant->deal_count * (size_t)size, identifier, (size_t)size);
  tenant->deal_count += 1;
}

static void add_request(struct requests *requests, const char *hex, char **rest) {
  struct request request = {.deal = -1, .key = -1, .text = -1, .reply_deal = -1};
  int size = hex == NULL ? -1 : decode(hex, request.frame, sizeof request.frame);
  if (size < tdm_header_size) fail(exit_usage, "a request line needs a REQUEST frame in hex");
  request.size = (uint32_t)size;
  struct tdm_header header = tdm_read_header(request.frame);
  if (header.type != tdm_request || header.length != request.size - tdm_header_size) {
    fail(exit_usage, "a request line holds something else than one REQUEST frame");
  }
  request.method = header.method;
  for (char *word = strtok_r(NULL, " ", rest); word != NULL; word = strtok_r(NULL, " ", rest)) {
    if (sscanf(word, "deal=%d", &request.deal) == 1) continue;
    if (sscanf(word, "key=%d", &request.key) == 1) continue;
    if (sscanf(word, "text=%d:%d", &request.text, &request.text_size) == 2) continue;
    if (sscanf(word, "reply-deal=%d", &request.reply_deal) == 1) continue;
    fail(exit_usage, "unknown word in a request line: %s", word);
  }
  if (request.key > size - key_size || request.text > size - request.text_size ||
      request.text_size < 0 || request.deal >= size) {
    fail(exit_usage, "an offset lies outside its request");
  }
  size_t count = requests->count + 1;
  requests->list = grown(requests->list, count, sizeof *requests->list);
  requests->list[requests->count++] = request;
}

static void check(const struct requests *requests) {
  if (requests->count == 0) fail(exit_usage, "the request file has no request");
  if (requests->tenant_count == 0) fail(exit_usage, "the request file has no tenant");
  for (uint32_t i = 0; i < requests->count; i += 1) {
    const struct request *request = &requests->list[i];
    if (request->deal < 0) continue;
    if (request->deal + requests->identifier_size > request->size) {
      fail(exit_usage, "an identifier does not fit into its request");
    }
    for (uint32_t j = 0; j < requests->tenant_count; j += 1) {
      if (requests->tenants[j].deal_count == 0) fail(exit_usage, "tenant %u has no deals", j + 1);
    }
  }
}

struct requests read_requests(const char *path) {
  struct requests requests = {0};
  FILE *file = fopen(path, "re");
  if (file == NULL) fail(exit_usage, "%s", path);
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, file) > 0) {
    line[strcspn(line, "\r\n")] = '\0';
    char *rest = NULL;
    const char *word = strtok_r(line, " ", &rest);
    if (word == NULL || word[0] == '#') continue;
    const char *hex = strtok_r(NULL, " ", &rest);
    if (strcmp(word, "tenant") == 0) {
      add_tenant(&requests, hex);
    } else if (strcmp(word, "deal") == 0) {
      add_deal(&requests, hex);
    } else if (strcmp(word, "request") == 0) {
      add_request(&requests, hex, &rest);
    } else {
      fail(exit_usage, "%s: a line begins with %s", path, word);
    }
  }
  free(line);
  fclose(file);
  errno = 0;
  check(&requests);
  return requests;
}
