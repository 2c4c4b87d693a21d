/* Stands before the C library: what is written to a colony's log fails as a disk would fail.

   The file that COLONY_FAULT names holds a number, the errno to fail with; while there is none,
   everything goes on. It is looked at with each write, so that a test turns it on and off in a
   process that runs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fault(int fd) {
  char link[64], path[4096], text[16] = "";
  const char *said = getenv("COLONY_FAULT");
  ssize_t size;
  int file;
  if (!said) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return 0;
  path[size] = 0;
  if (!strstr(path, "/log.sqlite")) return 0;
  file = open(said, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  size = read(file, text, sizeof text - 1);
  close(file);
  return size > 0 ? atoi(text) : 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(fd) do { int said = fault(fd); if (said) { errno = said; return -1; } } while (0)

ssize_t write(int fd, const void *data, size_t size) { FAIL(fd); return REAL(write)(fd, data, size); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  FAIL(fd);
  return REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  FAIL(fd);
  return REAL(pwrite64)(fd, data, size, at);
}
int fsync(int fd) { FAIL(fd); return REAL(fsync)(fd); }
int fdatasync(int fd) { FAIL(fd); return REAL(fdatasync)(fd); }
