/* SPDX-License-Identifier: Apache-2.0 */
/* Non-blocking TCP over IPv4 and IPv6; every socket is close-on-exec and never raises SIGPIPE. */
#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int result_or_error(int result) { return result < 0 ? -errno : result; }

static void put_v6(struct linux_address *address, const struct in6_addr *from) {
  uint64_t halves[2];
  memcpy(halves, from, sizeof halves);
  address->high = be64toh(halves[0]);
  address->low = be64toh(halves[1]);
  address->version = 6;
}

static void get_v6(const struct linux_address *address, struct in6_addr *to) {
  uint64_t halves[2] = {htobe64(address->high), htobe64(address->low)};
  memcpy(to, halves, sizeof halves);
}

static socklen_t to_socket(const struct linux_address *address, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  if (address->version == 4) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address->port);
    v4->sin_addr.s_addr = htonl((uint32_t)address->low);
    return sizeof *v4;
  }
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(address->port);
  get_v6(address, &v6->sin6_addr);
  return sizeof *v6;
}

static void from_socket(const struct sockaddr_storage *socket, struct linux_address *out) {
  memset(out, 0, sizeof *out);
  if (socket->ss_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)socket;
    out->low = ntohl(v4->sin_addr.s_addr);
    out->port = ntohs(v4->sin_port);
    out->version = 4;
  } else {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)socket;
    put_v6(out, &v6->sin6_addr);
    out->port = ntohs(v6->sin6_port);
  }
}

bool linux_address_parse(const char *host, struct linux_address *address) {
  struct in_addr v4;
  struct in6_addr v6;
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, host, &v4) == 1) {
    address->low = ntohl(v4.s_addr);
    address->version = 4;
    return true;
  }
  if (inet_pton(AF_INET6, host, &v6) != 1) return false;
  put_v6(address, &v6);
  return true;
}

void linux_address_text(const struct linux_address *address, char text[46]) {
  struct in_addr v4 = {.s_addr = htonl((uint32_t)address->low)};
  struct in6_addr v6;
  get_v6(address, &v6);
  if (address->version == 4) {
    inet_ntop(AF_INET, &v4, text, 46);
  } else {
    inet_ntop(AF_INET6, &v6, text, 46);
  }
}

static int open_socket(const struct linux_address *address) {
  int family = address->version == 4 ? AF_INET : AF_INET6;
  return result_or_error(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

static int set_option(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof value);
}

int linux_listen(const struct linux_address *address, bool reuse_port, int backlog) {
  int fd = open_socket(address);
  if (fd < 0) return fd;
  struct sockaddr_storage name;
  socklen_t length = to_socket(address, &name);
  int failed = set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0 ||
               (reuse_port && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) < 0) ||
               bind(fd, (struct sockaddr *)&name, length) < 0 || listen(fd, backlog) < 0;
  if (!failed) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int linux_accept(int listener, struct linux_address *peer) {
  struct sockaddr_storage name;
  socklen_t length = sizeof name;
  int fd;
  do {
    fd = accept4(listener, (struct sockaddr *)&name, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return -errno;
  from_socket(&name, peer);
  return fd;
}

int linux_connect(const struct linux_address *address) {
  int fd = open_socket(address);
  if (fd < 0) return fd;
  struct sockaddr_storage name;
  socklen_t length = to_socket(address, &name);
  if (connect(fd, (struct sockaddr *)&name, length) == 0) return fd;
  /* After a signal the attempt goes on by itself, as after EINPROGRESS. */
  if (errno == EINPROGRESS || errno == EINTR) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int linux_connect_result(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
  return -error;
}

int linux_local_address(int fd, struct linux_address *address) {
  struct sockaddr_storage name;
  socklen_t length = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &length) < 0) return -errno;
  from_socket(&name, address);
  return 0;
}

int linux_tune(int fd, uint32_t user_timeout_milliseconds) {
  if (set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1) < 0) return -errno;
  if (user_timeout_milliseconds == 0) return 0;
  return result_or_error(
      set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)user_timeout_milliseconds));
}

static int64_t receive(int fd, void *bytes, size_t capacity, int flags) {
  ssize_t result;
  do { result = recv(fd, bytes, capacity, flags); } while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : result;
}

int64_t linux_receive(int fd, void *bytes, size_t capacity) {
  return receive(fd, bytes, capacity, 0);
}

int64_t linux_peek(int fd, void *bytes, size_t capacity) {
  return receive(fd, bytes, capacity, MSG_PEEK);
}

int64_t linux_discard(int fd, size_t count) { return receive(fd, NULL, count, MSG_TRUNC); }

int64_t linux_send(int fd, const void *bytes, size_t count) {
  ssize_t result;
  do { result = send(fd, bytes, count, MSG_NOSIGNAL); } while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : result;
}

int linux_shutdown_write(int fd) { return result_or_error(shutdown(fd, SHUT_WR)); }
