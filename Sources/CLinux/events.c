/* SPDX-License-Identifier: Apache-2.0 */
/* epoll, eventfd, and signals turned into readable bytes. */
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS_PER_WAIT 256

static int result_or_error(int result) { return result < 0 ? -errno : result; }

int linux_poll_create(void) { return result_or_error(epoll_create1(EPOLL_CLOEXEC)); }

static int control(int poll, int operation, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return result_or_error(epoll_ctl(poll, operation, fd, &event));
}

static uint32_t events_of(uint32_t interest) {
  uint32_t events = 0;
  if (interest & LINUX_READABLE) events |= EPOLLIN | EPOLLRDHUP;
  if (interest & LINUX_WRITABLE) events |= EPOLLOUT;
  return events;
}

int linux_poll_add(int poll, int fd, uint32_t interest, uint64_t token) {
  return control(poll, EPOLL_CTL_ADD, fd, events_of(interest), token);
}

int linux_poll_add_wake(int poll, int fd, uint64_t token) {
  return control(poll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET, token);
}

int linux_poll_change(int poll, int fd, uint32_t interest, uint64_t token) {
  return control(poll, EPOLL_CTL_MOD, fd, events_of(interest), token);
}

int linux_poll_remove(int poll, int fd) { return control(poll, EPOLL_CTL_DEL, fd, 0, 0); }

int linux_poll_wait(int poll, struct linux_event *events, int capacity, int milliseconds) {
  struct epoll_event ready[EVENTS_PER_WAIT];
  if (capacity > EVENTS_PER_WAIT) capacity = EVENTS_PER_WAIT;
  int count = epoll_wait(poll, ready, capacity, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int index = 0; index < count; index++) {
    uint32_t seen = ready[index].events;
    uint32_t readiness = 0;
    if (seen & (EPOLLIN | EPOLLRDHUP)) readiness |= LINUX_READABLE;
    if (seen & EPOLLOUT) readiness |= LINUX_WRITABLE;
    if (seen & (EPOLLHUP | EPOLLRDHUP)) readiness |= LINUX_HUNG_UP;
    if (seen & EPOLLERR) readiness |= LINUX_FAILED;
    events[index] = (struct linux_event){.token = ready[index].data.u64, .readiness = readiness};
  }
  return count;
}

int linux_wake_create(void) { return result_or_error(eventfd(0, EFD_CLOEXEC)); }

int linux_wake(int fd) {
  uint64_t one = 1;
  ssize_t result;
  do { result = write(fd, &one, sizeof one); } while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : 0;
}

int linux_wake_wait(int fd) {
  uint64_t count;
  ssize_t result;
  do { result = read(fd, &count, sizeof count); } while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : 0;
}

int linux_ignore_broken_pipes(void) {
  struct sigaction action = {.sa_handler = SIG_IGN};
  return result_or_error(sigaction(SIGPIPE, &action, NULL));
}

static atomic_int signal_pipe = -1;

/* Runs inside a signal: only `write`, and errno is put back. */
static void pass_on(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  /* A full pipe already holds the news, so a failed write loses nothing. */
  ssize_t ignored = write(atomic_load(&signal_pipe), &byte, 1);
  (void)ignored;
  errno = saved;
}

int linux_signals_watch(void) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return -errno;
  int before = -1;
  if (!atomic_compare_exchange_strong(&signal_pipe, &before, ends[1])) {
    close(ends[0]);
    close(ends[1]);
    return -EBUSY;
  }
  struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
  if (sigaction(SIGTERM, &action, NULL) < 0 || sigaction(SIGINT, &action, NULL) < 0) return -errno;
  return ends[0];
}

int linux_signals_next(int fd) {
  unsigned char byte;
  ssize_t result;
  do { result = read(fd, &byte, 1); } while (result < 0 && errno == EINTR);
  if (result == 1) return byte;
  if (result == 0 || errno == EAGAIN) return 0;
  return -errno;
}
