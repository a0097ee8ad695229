/* SPDX-License-Identifier: Apache-2.0 */
/* Starts this program again with other arguments, and waits for it. */
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define ARGUMENTS_MAX 32

extern char **environ;

int linux_spawn_self(const char *lines) {
  char *copy = strdup(lines);
  if (copy == NULL) return -ENOMEM;
  char *arguments[ARGUMENTS_MAX + 1] = {"self"};
  int count = 1;
  char *rest = NULL;
  for (char *word = strtok_r(copy, "\n", &rest); word != NULL && count < ARGUMENTS_MAX;
       word = strtok_r(NULL, "\n", &rest)) {
    arguments[count++] = word;
  }
  arguments[count] = NULL;
  pid_t child = 0;
  int error = posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, environ);
  free(copy);
  return error == 0 ? child : -error;
}

int linux_wait_child(int child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -errno;
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return 128 + WTERMSIG(status);
}
