/* Stands between a process and its disk (LD_PRELOAD): what `__init__.py` calls the recorder.
 *
 *   POWER_ROOT      only what happens below this folder (an absolute path) counts
 *   POWER_RECORD    write every change below it, in the order in which it happened, to this file;
 *                   nothing is really flushed then: the record says what was
 *   POWER_FLUSH_MS  instead of recording, let each flush below it take so much longer
 *
 * A change and its line in the record are one step under one lock, so their orders are the same.
 * What isn't caught here shows at once: the disk that is rebuilt from a whole record must equal the
 * real one byte for byte (`recording.py`).
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FILES 4096 /* numbers of open files that are watched */

enum { OPEN = 1, CLOSE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, LINK };

struct line { /* `recording.py` reads these; then `first` and `second` bytes follow */
    uint32_t what;
    int32_t file;
    int64_t number; /* flags, offset or size */
    uint32_t first;
    uint32_t second;
};

static char root[PATH_MAX];
static size_t root_length;
static int record = -1;
static long flush_ms;
static char watched[FILES];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...)                                    \
    static type (*real)(__VA_ARGS__);                            \
    if (real == NULL)                                            \
        real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("POWER_ROOT"), *file = getenv("POWER_RECORD");
    const char *slow = getenv("POWER_FLUSH_MS");
    if (where == NULL)
        return;
    root_length = strlen(strncpy(root, where, sizeof root - 1));
    flush_ms = slow ? atol(slow) : 0;
    if (file != NULL) {
        int opened = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        record = fcntl(opened, F_DUPFD_CLOEXEC, FILES);
        close(opened);
        if (record < 0)
            abort();
    }
}

static void note(int what, int file, int64_t number, const void *first, size_t first_length,
                 const char *second) {
    size_t second_length = second ? strlen(second) : 0;
    struct line line = {what, file, number, (uint32_t)first_length, (uint32_t)second_length};
    struct iovec parts[] = {{&line, sizeof line},
                            {(void *)first, first_length},
                            {(void *)second, second_length}};
    size_t whole = sizeof line + first_length + second_length;
    if (record >= 0 && writev(record, parts, 3) != (ssize_t)whole)
        abort(); /* half a record proves nothing */
}

/* The absolute path; whether it is below the root. */
static int is_ours(int folder, const char *path, char *whole) {
    char link[40], start[PATH_MAX] = "";
    if (root_length == 0)
        return 0;
    if (path[0] != '/') {
        snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, start, sizeof start - 2);
        if (length < 0)
            return 0;
        start[length] = '/';
        start[length + 1] = 0;
    }
    if (snprintf(whole, PATH_MAX, "%s%s", start, path) >= PATH_MAX)
        return 0;
    return strncmp(whole, root, root_length) == 0 && (whole[root_length] == '/' || whole[root_length] == 0);
}

static int is_watched(int file) { return file >= 0 && file < FILES && watched[file]; }

/* Opening and closing */

static int opened(int file, int folder, const char *path, int flags) {
    char whole[PATH_MAX];
    if (file >= 0 && file < FILES) {
        watched[file] = is_ours(folder, path, whole);
        if (watched[file])
            note(OPEN, file, flags, whole, strlen(whole), NULL);
    }
    return file;
}

static int open_any(int folder, const char *path, int flags, mode_t mode) {
    REAL(int, "openat", int, const char *, int, ...);
    pthread_mutex_lock(&order);
    int file = opened(real(folder, path, flags, mode), folder, path, flags);
    int problem = errno;
    pthread_mutex_unlock(&order);
    errno = problem;
    return file;
}

#define MODE(last)                                               \
    mode_t mode = 0;                                             \
    if (flags & (O_CREAT | O_TMPFILE)) {                         \
        va_list more;                                            \
        va_start(more, last);                                    \
        mode = va_arg(more, mode_t);                             \
        va_end(more);                                            \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_any(folder, path, flags, mode); }

int close(int file) {
    REAL(int, "close", int);
    if (!is_watched(file))
        return real(file);
    pthread_mutex_lock(&order);
    note(CLOSE, file, 0, NULL, 0, NULL);
    watched[file] = 0;
    int said = real(file);
    pthread_mutex_unlock(&order);
    return said;
}

/* Contents */

static ssize_t written(ssize_t length, int file, const void *bytes, int64_t offset) {
    if (length > 0)
        note(WRITE, file, offset, bytes, (size_t)length, NULL);
    return length;
}

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!is_watched(file))
        return real(file, bytes, length);
    pthread_mutex_lock(&order);
    ssize_t done = real(file, bytes, length);
    int problem = errno;
    written(done, file, bytes, lseek(file, 0, SEEK_CUR) - done);
    pthread_mutex_unlock(&order);
    errno = problem;
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    if (!is_watched(file))
        return real(file, bytes, length, offset);
    pthread_mutex_lock(&order);
    ssize_t done = real(file, bytes, length, offset);
    int problem = errno;
    written(done, file, bytes, offset);
    pthread_mutex_unlock(&order);
    errno = problem;
    return done;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
    return pwrite(file, bytes, length, offset);
}

int ftruncate(int file, off_t length) {
    REAL(int, "ftruncate", int, off_t);
    if (!is_watched(file))
        return real(file, length);
    pthread_mutex_lock(&order);
    int said = real(file, length);
    if (said == 0)
        note(TRUNCATE, file, length, NULL, 0, NULL);
    pthread_mutex_unlock(&order);
    return said;
}

int ftruncate64(int file, off64_t length) { return ftruncate(file, length); }

int posix_fallocate(int file, off_t offset, off_t length) {
    REAL(int, "posix_fallocate", int, off_t, off_t);
    if (!is_watched(file))
        return real(file, offset, length);
    pthread_mutex_lock(&order);
    int said = real(file, offset, length);
    struct stat found;
    if (said == 0 && fstat(file, &found) == 0)
        note(TRUNCATE, file, found.st_size, NULL, 0, NULL);
    pthread_mutex_unlock(&order);
    return said;
}

int posix_fallocate64(int file, off64_t offset, off64_t length) { return posix_fallocate(file, offset, length); }

/* Copies in the kernel would pass by: whoever asks is told to read and write. */

ssize_t sendfile(int to, int from, off_t *offset, size_t length) {
    REAL(ssize_t, "sendfile", int, int, off_t *, size_t);
    if (!is_watched(to))
        return real(to, from, offset, length);
    errno = ENOTSOCK;
    return -1;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) { return sendfile(to, from, offset, length); }

ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *offset, size_t length, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    if (!is_watched(to))
        return real(from, at, to, offset, length, flags);
    errno = ENOSYS;
    return -1;
}

/* Flushing: of a file, or of the names in a folder */

static int flush(int file, int (*real)(int)) {
    if (!is_watched(file))
        return real(file);
    if (record < 0) {
        struct timespec wait = {flush_ms / 1000, flush_ms % 1000 * 1000000};
        int said = real(file);
        nanosleep(&wait, NULL);
        return said;
    }
    pthread_mutex_lock(&order);
    note(SYNC, file, 0, NULL, 0, NULL);
    pthread_mutex_unlock(&order);
    return 0;
}

int fsync(int file) {
    REAL(int, "fsync", int);
    return flush(file, real);
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    return flush(file, real);
}

/* Names */

static int named(int what, int said, int folder, const char *path, int other_folder, const char *other) {
    char whole[PATH_MAX], second[PATH_MAX];
    int problem = errno;
    if (said == 0 && is_ours(folder, path, whole)) {
        if (other == NULL)
            note(what, -1, 0, whole, strlen(whole), NULL);
        else if (is_ours(other_folder, other, second))
            note(what, -1, 0, whole, strlen(whole), second);
        else
            abort(); /* nothing leaves the node's folder by renaming */
    }
    pthread_mutex_unlock(&order);
    errno = problem;
    return said;
}

static int unlink_any(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    pthread_mutex_lock(&order);
    return named(flags & AT_REMOVEDIR ? RMDIR : UNLINK, real(folder, path, flags), folder, path, 0, NULL);
}

int unlinkat(int folder, const char *path, int flags) { return unlink_any(folder, path, flags); }
int unlink(const char *path) { return unlink_any(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlink_any(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    pthread_mutex_lock(&order);
    return named(MKDIR, real(folder, path, mode), folder, path, 0, NULL);
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int renameat(int folder, const char *path, int other_folder, const char *other) {
    REAL(int, "renameat", int, const char *, int, const char *);
    pthread_mutex_lock(&order);
    return named(RENAME, real(folder, path, other_folder, other), folder, path, other_folder, other);
}

int rename(const char *path, const char *other) { return renameat(AT_FDCWD, path, AT_FDCWD, other); }

int linkat(int folder, const char *path, int other_folder, const char *other, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    pthread_mutex_lock(&order);
    return named(LINK, real(folder, path, other_folder, other, flags), folder, path, other_folder, other);
}

int link(const char *path, const char *other) { return linkat(AT_FDCWD, path, AT_FDCWD, other, 0); }
