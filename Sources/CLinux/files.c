/* SPDX-License-Identifier: Apache-2.0 */
/* File calls: close-on-exec, private modes, whole reads and writes, retried after signals. */
#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define RETRY(result, call) \
  do { (result) = (call); } while ((result) < 0 && errno == EINTR)

static int result_or_error(int result) { return result < 0 ? -errno : result; }

int linux_close(int fd) {
  /* Linux has released the descriptor even when a signal interrupts, so this is never repeated. */
  return result_or_error(close(fd));
}

int linux_open_root(const char *path) {
  int fd;
  RETRY(fd, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return result_or_error(fd);
}

int linux_open_at(int root, const char *path, int mode) {
  int flags = O_CLOEXEC;
  switch (mode) {
    case LINUX_OPEN_READ: flags |= O_RDONLY; break;
    case LINUX_OPEN_CREATE_NEW: flags |= O_RDWR | O_CREAT | O_EXCL; break;
    case LINUX_OPEN_READ_WRITE: flags |= O_RDWR | O_CREAT; break;
    case LINUX_OPEN_DIRECTORY: flags |= O_RDONLY | O_DIRECTORY; break;
    case LINUX_OPEN_DIRECT_READ: flags |= O_RDONLY | O_DIRECT; break;
    case LINUX_OPEN_DIRECT_READ_WRITE: flags |= O_RDWR | O_DIRECT; break;
    default: return -EINVAL;
  }
  int fd;
  RETRY(fd, openat(root, path, flags, 0600));
  return result_or_error(fd);
}

/* Goes on while what was read is a multiple of the unit: behind any other place may not be asked. */
static int64_t read_units_at(int fd, void *bytes, size_t count, int64_t offset, size_t unit) {
  size_t done = 0;
  while (done < count) {
    ssize_t step;
    RETRY(step, pread(fd, (char *)bytes + done, count - done, offset + (off_t)done));
    if (step < 0) return -errno;
    done += (size_t)step;
    if (step == 0 || done % unit != 0) break;
  }
  return (int64_t)done;
}

int64_t linux_read_at(int fd, void *bytes, size_t count, int64_t offset) {
  return read_units_at(fd, bytes, count, offset, 1);
}

int64_t linux_read_blocks_at(int fd, void *bytes, size_t count, int64_t offset) {
  /* No whole sector: the file ends there. */
  return read_units_at(fd, bytes, count, offset, 512);
}

int64_t linux_write_at(int fd, const void *bytes, size_t count, int64_t offset) {
  size_t done = 0;
  while (done < count) {
    ssize_t step;
    RETRY(step, pwrite(fd, (const char *)bytes + done, count - done, offset + (off_t)done));
    if (step < 0) return -errno;
    if (step == 0) return -EIO;
    done += (size_t)step;
  }
  return (int64_t)done;
}

/* A sync is not retried: after a failure the kernel may have dropped the pages. */
int linux_sync_data(int fd) { return result_or_error(fdatasync(fd)); }

int linux_sync(int fd) { return result_or_error(fsync(fd)); }

int64_t linux_size(int fd) {
  struct stat status;
  if (fstat(fd, &status) < 0) return -errno;
  return status.st_size;
}

int linux_truncate(int fd, int64_t size) {
  int result;
  RETRY(result, ftruncate(fd, size));
  return result_or_error(result);
}

void *linux_pages_map(size_t count) {
  void *pages = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

void linux_pages_unmap(void *pages, size_t count) { munmap(pages, count); }

void linux_pages_prefer_large(void *bytes, size_t count) {
  const uintptr_t large = 2 << 20;
  uintptr_t start = ((uintptr_t)bytes + large - 1) / large * large;
  uintptr_t end = ((uintptr_t)bytes + count) / large * large;
  /* Only a wish: a kernel without large pages gives small ones. */
  if (start < end) madvise((void *)start, end - start, MADV_HUGEPAGE);
}

int linux_lock(int fd) {
  int result;
  RETRY(result, flock(fd, LOCK_EX | LOCK_NB));
  return result_or_error(result);
}

int linux_rename_at(int root, const char *from, const char *to) {
  return result_or_error(renameat(root, from, root, to));
}

int linux_remove_at(int root, const char *path) {
  if (unlinkat(root, path, 0) == 0) return 0;
  if (errno != EISDIR) return -errno;
  return result_or_error(unlinkat(root, path, AT_REMOVEDIR));
}

int linux_exists_at(int root, const char *path) {
  if (faccessat(root, path, F_OK, 0) == 0) return 1;
  return errno == ENOENT ? 0 : -errno;
}

int linux_make_directory(const char *path) { return linux_make_directory_at(AT_FDCWD, path); }

int linux_make_directory_at(int root, const char *path) {
  return result_or_error(mkdirat(root, path, 0700));
}

int64_t linux_free_bytes(int fd) {
  struct statvfs status;
  int result;
  RETRY(result, fstatvfs(fd, &status));
  if (result < 0) return -errno;
  return (int64_t)status.f_bavail * (int64_t)status.f_frsize;
}

int linux_directory_open(int root, const char *path, void **directory) {
  int fd = linux_open_at(root, path, LINUX_OPEN_DIRECTORY);
  if (fd < 0) return fd;
  DIR *stream = fdopendir(fd);
  if (stream == NULL) {
    int error = errno;
    close(fd);
    return -error;
  }
  *directory = stream;
  return 0;
}

const char *linux_directory_next(void *directory, int *error) {
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(directory);
    if (entry == NULL) {
      *error = errno;
      return NULL;
    }
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) return entry->d_name;
  }
}

void linux_directory_close(void *directory) { closedir(directory); }
