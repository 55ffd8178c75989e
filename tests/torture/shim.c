/* Stands between a program and the disk, by LD_PRELOAD. What the program does to files below SHIM_ROOT is written
   into SHIM_JOURNAL, so that disks.py can tell what a power cut at any moment would have left; and what SHIM_CONTROL
   says goes wrong: calls fail, and the clock on the wall is off. shim.py is its other side. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITES = 1, SYNCS = 2 };

struct control {
  int64_t clock;                /* nanoseconds by which the clock on the wall is off */
  int32_t calls, error;         /* which calls fail, and with what */
  _Atomic int64_t spared, left; /* so many more succeed, then so many fail */
};

struct entry {
  uint8_t kind, padding;
  uint16_t name;    /* bytes that follow */
  uint32_t content; /* bytes that follow those */
  uint64_t inode;
  int64_t at;
};

static struct control healthy, *control = &healthy;
static const char *root;
static size_t root_length;
static int journal = -1;

__attribute__((constructor)) static void begin(void) {
  const char *name;
  root = getenv("SHIM_ROOT");
  root_length = root ? strlen(root) : 0;
  if (root && (name = getenv("SHIM_JOURNAL"))) {
    int low = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    journal = fcntl(low, F_DUPFD_CLOEXEC, 900); /* out of the way of who counts its files */
    if (journal < 0) journal = low; else close(low);
  }
  if ((name = getenv("SHIM_CONTROL"))) {
    int fd = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC);
    void *page = mmap(NULL, sizeof healthy, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED) control = page;
    if (fd >= 0) close(fd);
  }
}

static int below(const char *path) {
  return root && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

/* Whether this is an open file below the root; its path, and its state. */
static int ours(int fd, char *path, struct stat *state) {
  char link[32];
  int saved = errno, found = 0;
  if (root && !fstat(fd, state) && (S_ISREG(state->st_mode) || S_ISDIR(state->st_mode))) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length > 0) {
      path[length] = 0;
      found = below(path);
    }
  }
  errno = saved;
  return found;
}

static int whole(int folder, const char *name, char *path) {
  char link[64], place[PATH_MAX];
  if (!root) return 0;
  if (*name == '/') {
    snprintf(path, PATH_MAX, "%s", name);
  } else {
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, place, sizeof place - 1);
    if (length <= 0) return 0;
    place[length] = 0;
    if (snprintf(path, PATH_MAX, "%s/%s", place, name) >= PATH_MAX) return 0;
  }
  return below(path);
}

/* Calls that succeeded are noted afterwards, so that what a later sync covers stands before the beginning of it. */
static void note(int kind, const char *name, size_t named, uint64_t inode, int64_t at, const void *content, size_t size) {
  struct entry entry = {.kind = kind, .name = named, .content = size, .inode = inode, .at = at};
  struct iovec parts[] = {{&entry, sizeof entry}, {(void *)name, named}, {(void *)content, size}};
  int saved = errno;
  if (journal >= 0) syscall(SYS_writev, journal, parts, 3);
  errno = saved;
}

static int64_t place(void) {
  struct stat state;
  return journal >= 0 && !fstat(journal, &state) ? state.st_size : 0;
}

static int fails(int call) {
  if (!(control->calls & call)) return 0;
  if (atomic_fetch_sub(&control->spared, 1) > 0) return 0;
  if (atomic_fetch_sub(&control->left, 1) <= 0) return 0;
  errno = control->error;
  return 1;
}

static int open_below(int folder, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  struct stat state;
  int changes = flags & (O_CREAT | O_TRUNC) && (flags & O_TMPFILE) != O_TMPFILE && whole(folder, name, path);
  int there = changes && !fstatat(folder, name, &state, AT_SYMLINK_NOFOLLOW);
  if (changes && !there && fails(WRITES)) return -1;
  int fd = syscall(SYS_openat, folder, name, flags, mode);
  if (fd >= 0 && changes && ours(fd, path, &state)) {
    if (!there) note('c', path, strlen(path), state.st_ino, 0, NULL, 0);
    else if (flags & O_TRUNC) note('t', NULL, 0, state.st_ino, 0, NULL, 0);
  }
  return fd;
}

#define MODE(last) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, last); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *name, int flags, ...) { MODE(flags) return open_below(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return open_below(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE(flags) return open_below(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE(flags) return open_below(folder, name, flags, mode); }

static void written(int fd, struct stat *state, off_t at, const void *content, ssize_t size) {
  if (size <= 0) return;
  note('w', NULL, 0, state->st_ino, at, content, size);
  if (fcntl(fd, F_GETFL) & O_DSYNC) note('s', NULL, 0, state->st_ino, place(), NULL, 0);
}

ssize_t write(int fd, const void *content, size_t size) {
  char path[PATH_MAX];
  struct stat state;
  if (!ours(fd, path, &state)) return syscall(SYS_write, fd, content, size);
  if (fails(WRITES)) return -1;
  ssize_t done = syscall(SYS_write, fd, content, size);
  written(fd, &state, lseek(fd, 0, SEEK_CUR) - done, content, done);
  return done;
}

ssize_t pwrite64(int fd, const void *content, size_t size, off_t at) {
  char path[PATH_MAX];
  struct stat state;
  if (!ours(fd, path, &state)) return syscall(SYS_pwrite64, fd, content, size, at);
  if (fails(WRITES)) return -1;
  ssize_t done = syscall(SYS_pwrite64, fd, content, size, at);
  written(fd, &state, at, content, done);
  return done;
}
ssize_t pwrite(int fd, const void *content, size_t size, off_t at) { return pwrite64(fd, content, size, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  char path[PATH_MAX];
  struct stat state;
  if (!ours(fd, path, &state)) return syscall(SYS_writev, fd, parts, count);
  for (int each = 0; each < count; each++)
    if (parts[each].iov_len) return write(fd, parts[each].iov_base, parts[each].iov_len);
  return 0;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) {
  for (int each = 0; each < count; each++)
    if (parts[each].iov_len) return pwrite64(fd, parts[each].iov_base, parts[each].iov_len, at);
  return 0;
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

/* Whoever would copy inside the kernel has to write instead. */
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
  char path[PATH_MAX];
  struct stat state;
  if (!ours(to, path, &state)) return syscall(SYS_sendfile, to, from, at, size);
  errno = EINVAL;
  return -1;
}
ssize_t sendfile64(int to, int from, off_t *at, size_t size) { return sendfile(to, from, at, size); }

ssize_t copy_file_range(int from, off_t *at, int to, off_t *there, size_t size, unsigned flags) {
  char path[PATH_MAX];
  struct stat state;
  if (!ours(to, path, &state)) return syscall(SYS_copy_file_range, from, at, to, there, size, flags);
  errno = ENOSYS;
  return -1;
}

int ftruncate64(int fd, off_t size) {
  char path[PATH_MAX];
  struct stat state;
  int known = ours(fd, path, &state);
  if (known && size > state.st_size && fails(WRITES)) return -1;
  int done = syscall(SYS_ftruncate, fd, size);
  if (!done && known) note('t', NULL, 0, state.st_ino, size, NULL, 0);
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, long call) {
  char path[PATH_MAX];
  struct stat state;
  if (!ours(fd, path, &state)) return syscall(call, fd);
  int64_t before = place();
  int failed = fails(SYNCS) ? -1 : syscall(call, fd);
  note(failed ? 'f' : 's', NULL, 0, state.st_ino, before, NULL, 0);
  return failed;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int mkdirat(int folder, const char *name, mode_t mode) {
  char path[PATH_MAX];
  struct stat state;
  int known = whole(folder, name, path);
  if (known && fails(WRITES)) return -1;
  int done = syscall(SYS_mkdirat, folder, name, mode);
  if (!done && known && !lstat(path, &state)) note('d', path, strlen(path), state.st_ino, 0, NULL, 0);
  return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int unlinkat(int folder, const char *name, int flags) {
  char path[PATH_MAX];
  int known = whole(folder, name, path);
  int done = syscall(SYS_unlinkat, folder, name, flags);
  if (!done && known) note('u', path, strlen(path), 0, 0, NULL, 0);
  return done;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

/* Both names, with a zero between them. */
static void note_both(int kind, const char *from, const char *to) {
  char both[2 * PATH_MAX];
  struct stat state;
  size_t first = strlen(from) + 1, second = strlen(to);
  memcpy(both, from, first);
  memcpy(both + first, to, second);
  if (!lstat(to, &state)) note(kind, both, first + second, state.st_ino, 0, NULL, 0);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
  char before[PATH_MAX], after[PATH_MAX];
  int known = whole(from, old, before) & whole(to, new, after);
  if (known && fails(WRITES)) return -1;
  int done = syscall(SYS_renameat2, from, old, to, new, flags);
  if (!done && known) note_both(flags & RENAME_EXCHANGE ? 'x' : 'r', before, after);
  return done;
}
int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }
int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }

int linkat(int from, const char *old, int to, const char *new, int flags) {
  char before[PATH_MAX], after[PATH_MAX];
  int known = whole(from, old, before) & whole(to, new, after);
  if (known && fails(WRITES)) return -1;
  int done = syscall(SYS_linkat, from, old, to, new, flags);
  if (!done && known) note_both('l', before, after);
  return done;
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int clock_gettime(clockid_t clock, struct timespec *found) {
  int done = syscall(SYS_clock_gettime, clock, found);
  if (!done && control->clock && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t told = found->tv_sec * 1000000000 + found->tv_nsec + control->clock;
    found->tv_sec = told / 1000000000;
    found->tv_nsec = told % 1000000000;
  }
  return done;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  found->tv_sec = now.tv_sec;
  found->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *found) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (found) *found = now.tv_sec;
  return now.tv_sec;
}
