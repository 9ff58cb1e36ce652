/* Between a program and its C library: counts what is done to the files below one folder, and makes the
 * n-th call fail, be cut short, be the last one (SIGKILL) or bring a signal; or notes every call down.
 *
 * Preloaded (LD_PRELOAD), so that it stands below Python and below SQLite alike. Idle until `shim_arm`
 * is called. Calls are noted down whatever else it does, when it is given a log. File descriptors that lead below the folder are remembered from their opening on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, FAIL, KILL, SIGNAL, RECORD, BUDGET };
enum { OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, LINK = 16, UNLINK = 32, MKDIR = 64, CUT = 128, LOCK = 256,
       CLOSE = 512, MARK = 1024, READ_OPEN = 2048 };

#define FDS 65536
static char watched[FDS];
static char root[PATH_MAX];
static size_t root_length;
static int mode = COUNT, number, log_fd = -1, armed, kinds = ~0;
static long at = -1, count, budget, lasting;
static char last[PATH_MAX + 64];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static ssize_t plain_write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    return real(fd, data, size);
}

/* what: 0 count, 1 fail, 2 kill, 3 signal, 4 record, 5 budget. n: the call, from 1. value: errno, signal,
 * for a kill whether a write is torn. lasting: whether the calls after the n-th fail too. */
void shim_arm(const char *folder, int what, long n, int value, int last_for_ever, int log, int mask) {
    strncpy(root, folder, sizeof root - 1);
    root_length = strlen(root);
    mode = what; at = n; number = value; lasting = last_for_ever; log_fd = log; kinds = mask;
    budget = n; count = 0; last[0] = 0; armed = 1;
}

long shim_count(void) { return count; }
const char *shim_last(void) { return last; }

static int below(const char *path) {
    return !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

/* The absolute path of `path` in `folder`, when it is below the root; else NULL. */
static const char *ours(int folder, const char *path, char *buffer) {
    if (!armed || !path) return NULL;
    if (path[0] == '/') return below(path) ? path : NULL;
    char base[PATH_MAX], link[64];
    ssize_t size;
    if (folder == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) return NULL;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        if ((size = readlink(link, base, sizeof base - 1)) < 0) return NULL;
        base[size] = 0;
    }
    if (snprintf(buffer, PATH_MAX, "%.2000s/%.2000s", base, path) >= PATH_MAX) return NULL;
    return below(buffer) ? buffer : NULL;
}

static int mine(int fd) { return armed && fd >= 0 && fd < FDS && watched[fd]; }

/* One call: 0 to go on, else the errno that it fails with; may not return at all. */
static int step(int kind, const char *path) {
    if (mode == RECORD || mode == BUDGET || !(kind & kinds)) return 0;
    pthread_mutex_lock(&lock);
    long now = ++count;
    int hit = now == at || (lasting && at > 0 && now > at);
    if (hit && !last[0]) snprintf(last, sizeof last, "%d %s", kind, path);
    pthread_mutex_unlock(&lock);
    if (!hit || mode == COUNT) return 0;
    if (mode == KILL && !(number && kind == WRITE)) kill(getpid(), SIGKILL);
    if (mode == SIGNAL) kill(getpid(), number);
    return mode == FAIL ? number : 0;
}

static int torn(void) { return mode == KILL && number && count == at; }

struct head { uint32_t kind; int32_t fd; int64_t offset; uint32_t first, second; };

static void note(int kind, int fd, int64_t offset, const void *a, size_t na, const void *b, size_t nb) {
    if (!armed || log_fd < 0) return;
    struct head head = {kind, fd, offset, (uint32_t)na, (uint32_t)nb};
    int before = errno;
    pthread_mutex_lock(&lock);
    plain_write(log_fd, &head, sizeof head);
    if (na) plain_write(log_fd, a, na);
    if (nb) plain_write(log_fd, b, nb);
    pthread_mutex_unlock(&lock);
    errno = before;
}

static void remember(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= FDS) return;
    watched[fd] = path != NULL;
    struct stat status = {0};
    uint32_t access = path && !fstat(fd, &status) ? status.st_mode & 07777 : 0;
    if (path) note(OPEN, fd, flags, path, strlen(path), &access, sizeof access);
}

static int opened(const char *name, int folder, const char *path, int flags, mode_t access) {
    char buffer[PATH_MAX];
    const char *own = ours(folder, path, buffer);
    int writes = flags & (O_CREAT | O_TRUNC) || (flags & O_ACCMODE) != O_RDONLY;
    int error = own ? step(writes ? OPEN : READ_OPEN, own) : 0;
    if (error) { errno = error; return -1; }
    int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, name);
    int fd = real(folder, path, flags, access);
    remember(fd, own, flags);
    return fd;
}

#define MODE_OF(flags) \
    mode_t access = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); access = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opened("openat", AT_FDCWD, path, flags, access); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened("openat64", AT_FDCWD, path, flags, access); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags) return opened("openat", folder, path, flags, access); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags) return opened("openat64", folder, path, flags, access); }

int close(int fd) {
    REAL(int, close, int);
    if (mine(fd)) { watched[fd] = 0; note(CLOSE, fd, 0, NULL, 0, NULL, 0); }
    return real(fd);
}

/* How many of `size` bytes are written: all, or by a budget some, or -1 with errno. */
static ssize_t room(size_t size) {
    if (mode != BUDGET) return size;
    if (budget <= 0 && size) { errno = number; return -1; }
    size_t may = (long)size > budget ? (size_t)budget : size;
    budget -= may;
    return may;
}

static ssize_t written(int fd, const void *data, size_t size, int64_t offset) {
    char name[32];
    snprintf(name, sizeof name, "fd %d", fd);
    int error = step(WRITE, name);
    if (error) { errno = error; return -1; }
    REAL(ssize_t, pwrite64, int, const void *, size_t, int64_t);
    int64_t place = offset;
    if (offset < 0) {
        struct stat status;
        int append = fcntl(fd, F_GETFL) & O_APPEND;
        place = append && !fstat(fd, &status) ? status.st_size : lseek(fd, 0, SEEK_CUR);
    }
    if (torn()) {
        if (offset < 0) plain_write(fd, data, size / 2);
        else real(fd, data, size / 2, offset);
        note(WRITE, fd, place, data, size / 2, NULL, 0);
        kill(getpid(), SIGKILL);
    }
    ssize_t may = room(size);
    if (may < 0) return -1;
    ssize_t done = offset < 0 ? plain_write(fd, data, may) : real(fd, data, may, offset);
    if (done > 0) note(WRITE, fd, place, data, done, NULL, 0);
    return done;
}

ssize_t write(int fd, const void *data, size_t size) {
    if (armed && fd == 1) note(MARK, 1, 0, data, size, NULL, 0);
    return mine(fd) ? written(fd, data, size, -1) : plain_write(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    return mine(fd) ? written(fd, data, size, offset) : real(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    return mine(fd) ? written(fd, data, size, offset) : real(fd, data, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (!mine(fd)) return real(fd, parts, n);
    return written(fd, parts[0].iov_base, parts[0].iov_len, -1);
}

#define SYNCS(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        if (!mine(fd)) return real(fd); \
        char text[32]; snprintf(text, sizeof text, "fd %d", fd); \
        int error = step(SYNC, text); \
        if (error) { errno = error; return -1; } \
        int done = real(fd); \
        if (!done) note(SYNC, fd, 0, NULL, 0, NULL, 0); \
        return done; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

static int cut(const char *name, int fd, int64_t size) {
    char text[32];
    snprintf(text, sizeof text, "fd %d", fd);
    int error = mine(fd) ? step(CUT, text) : 0;
    if (error) { errno = error; return -1; }
    int (*real)(int, int64_t) = (int (*)(int, int64_t))dlsym(RTLD_NEXT, name);
    int done = real(fd, size);
    if (!done && mine(fd)) note(CUT, fd, size, NULL, 0, NULL, 0);
    return done;
}
int ftruncate(int fd, off_t size) { return cut("ftruncate", fd, size); }
int ftruncate64(int fd, off64_t size) { return cut("ftruncate64", fd, size); }

/* Calls with one path, and with two. */
#define ONE(kind, own, call) \
    int error = own ? step(kind, own) : 0; \
    if (error) { errno = error; return -1; } \
    int done = call; \
    if (!done && own) note(kind, 0, 0, own, strlen(own), NULL, 0); \
    return done;
#define TWO(kind, from, to, call) \
    int error = to ? step(kind, to) : 0; \
    if (error) { errno = error; return -1; } \
    int done = call; \
    if (!done && from && to) note(kind, 0, 0, from, strlen(from), to, strlen(to)); \
    return done;

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    char b[PATH_MAX]; const char *own = ours(AT_FDCWD, path, b);
    ONE(UNLINK, own, real(path))
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    char b[PATH_MAX]; const char *own = ours(folder, path, b);
    ONE(UNLINK, own, real(folder, path, flags))
}
int rmdir(const char *path) {
    REAL(int, rmdir, const char *);
    char b[PATH_MAX]; const char *own = ours(AT_FDCWD, path, b);
    ONE(UNLINK, own, real(path))
}
int mkdir(const char *path, mode_t access) {
    REAL(int, mkdir, const char *, mode_t);
    char b[PATH_MAX]; const char *own = ours(AT_FDCWD, path, b);
    ONE(MKDIR, own, real(path, access))
}
int mkdirat(int folder, const char *path, mode_t access) {
    REAL(int, mkdirat, int, const char *, mode_t);
    char b[PATH_MAX]; const char *own = ours(folder, path, b);
    ONE(MKDIR, own, real(folder, path, access))
}
int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    char b1[PATH_MAX], b2[PATH_MAX];
    const char *a = ours(AT_FDCWD, from, b1), *b = ours(AT_FDCWD, to, b2);
    TWO(RENAME, a, b, real(from, to))
}
int renameat(int f1, const char *from, int f2, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *);
    char b1[PATH_MAX], b2[PATH_MAX];
    const char *a = ours(f1, from, b1), *b = ours(f2, to, b2);
    TWO(RENAME, a, b, real(f1, from, f2, to))
}
int renameat2(int f1, const char *from, int f2, const char *to, unsigned flags) {
    REAL(int, renameat2, int, const char *, int, const char *, unsigned);
    char b1[PATH_MAX], b2[PATH_MAX];
    const char *a = ours(f1, from, b1), *b = ours(f2, to, b2);
    TWO(RENAME, a, b, real(f1, from, f2, to, flags))
}
int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *);
    char b1[PATH_MAX], b2[PATH_MAX];
    const char *a = ours(AT_FDCWD, from, b1), *b = ours(AT_FDCWD, to, b2);
    TWO(LINK, a, b, real(from, to))
}
int linkat(int f1, const char *from, int f2, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    char b1[PATH_MAX], b2[PATH_MAX];
    const char *a = ours(f1, from, b1), *b = ours(f2, to, b2);
    TWO(LINK, a, b, real(f1, from, f2, to, flags))
}
int flock(int fd, int operation) {
    REAL(int, flock, int, int);
    char text[32]; snprintf(text, sizeof text, "fd %d", fd);
    int error = mine(fd) ? step(LOCK, text) : 0;
    if (error) { errno = error; return -1; }
    return real(fd, operation);
}
