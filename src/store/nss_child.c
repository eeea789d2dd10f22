/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_child.c - a process apart for NSS: limits, answer, end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plat/clock.h"
#include "plat/file.h"
#include "store/nss.h"

/* ours: a profile with 1,000 certificates takes 0.2 s */
#define TIME_MAX_MS 15000
#define CPU_MAX_S 10
/* bytes of address space beyond what this process has; ours: 1,000
 * certificates need 40 MiB, the libraries 12 of them */
#define SPACE_MAX (256L * 1024 * 1024)
#define PIPE_BYTES (256 * 1024)       /* ours: 200 certificates */
#define ANSWER_MAX (48 * 1024 * 1024) /* bytes */

/* --- in the child --------------------------------------------------------- */

/* Standard streams lead nowhere; nothing but `keep` is open beside them. */
static void shed_files(int keep)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd < 3; fd++)
        if (null >= 0)
            (void)dup2(null, fd);
    for (int fd = 3; fd < keep; fd++)
        (void)close(fd);
    closefrom(keep + 1);
}

static void limit(int what, rlim_t most, rlim_t grace)
{
    struct rlimit now;

    if (getrlimit(what, &now) < 0)
        return;
    now.rlim_cur = most < now.rlim_max ? most : now.rlim_max;
    if (now.rlim_max - now.rlim_cur > grace)
        now.rlim_max = now.rlim_cur + grace;
    (void)setrlimit(what, &now);
}

/* The size of this process: sanitizers reserve terabytes beforehand. */
static rlim_t space_now(void)
{
    char text[64] = "";
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    unsigned long long pages;

    if (fd >= 0)
        (void)close(fd);
    pages = len > 0 ? strtoull(text, NULL, 10) : 0;
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void set_limits(void)
{
    rlim_t space = space_now();

    if (space > 0)
        limit(RLIMIT_AS, space + SPACE_MAX, 0);
    /* at once with SIGKILL, SIGXCPU would not be sent: check_end() */
    limit(RLIMIT_CPU, CPU_MAX_S, 1);
    limit(RLIMIT_FSIZE, 2 * HF_NSS_FILE_MAX, 0);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_NOFILE, 64, 0);
}

/* What NSS, NSPR and SQLite read from the environment is not the caller's. */
static bool set_environment(const struct hf_nss_job *job)
{
    return clearenv() == 0 && setenv("NSS_SDB_USE_CACHE", "no", 1) == 0 &&
           setenv("PATH", "/usr/bin:/bin", 1) == 0 &&
           (!job->folder || (setenv("SQLITE_TMPDIR", job->folder, 1) == 0 &&
                             setenv("TMPDIR", job->folder, 1) == 0));
}

static void be_child(const struct hf_nss_job *job, int fd, pid_t parent)
{
    if (fd < 3) { /* somebody started us without standard streams */
        int up = fcntl(fd, F_DUPFD_CLOEXEC, 3);

        if (up < 0)
            _exit(1);
        fd = up;
    }
    /* the parent may be gone before the signal was asked for */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
        _exit(1);
    shed_files(fd);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGXCPU, SIG_DFL);
    (void)signal(SIGXFSZ, SIG_DFL);
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    set_limits();
    if (set_environment(job))
        hf_nss_work(job, fd);
    _exit(0); /* without NSS's own end: nothing of it is kept */
}

/* --- in the parent -------------------------------------------------------- */

/* Reads to the end. Returns 0, or HF_E_LIMIT when that takes too long: from now
 * on, since a child begun earlier may have waited for us to read. */
static int gather(const struct hf_nss_child *child, struct hf_buf *answer,
                  struct hf_err *err)
{
    const int64_t end_ms = hf_clock_monotonic_ms() + TIME_MAX_MS;
    uint8_t chunk[16 * 1024];

    for (;;) {
        int64_t left_ms = end_ms - hf_clock_monotonic_ms();
        struct pollfd at = { .fd = child->fd, .events = POLLIN };
        ssize_t len;

        if (left_ms <= 0)
            return HF_FAIL(err, HF_E_LIMIT,
                           "NSS did not finish within %d s: the database is "
                           "damaged or made to be slow",
                           TIME_MAX_MS / 1000);
        if (poll(&at, 1, (int)left_ms) <= 0) /* a signal: read() would wait */
            continue;
        len = read(child->fd, chunk, sizeof(chunk));
        if (len == 0)
            return hf_buf_check(answer, err);
        if (len < 0 && errno != EINTR)
            return HF_FAIL_SYS(err, "cannot read what NSS found");
        if (len > 0)
            hf_buf_add(answer, chunk, (size_t)len);
        if (answer->bad)
            return hf_buf_check(answer, err);
    }
}

/* Returns its wait status. */
static int end_child(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static int check_end(int status, struct hf_err *err)
{
    int signal_no = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (signal_no == SIGXCPU)
        return HF_FAIL(err, HF_E_LIMIT,
                       "NSS did not finish within %d s of processor time: the "
                       "database is damaged or made to be slow",
                       CPU_MAX_S);
    if (signal_no == SIGXFSZ)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the database would grow beyond %d "
                       "bytes",
                       2 * HF_NSS_FILE_MAX);
    if (signal_no)
        return HF_FAIL(err, HF_E_PARSE,
                       "NSS crashed on it (signal %d): the database is damaged",
                       signal_no);
    return 0;
}

int hf_nss_start(const struct hf_nss_job *job, struct hf_nss_child *ret_child,
                 struct hf_err *err)
{
    pid_t parent = getpid(), pid;
    int pair[2];

    if (pipe2(pair, O_CLOEXEC) < 0)
        return HF_FAIL_SYS(err, "cannot make a pipe");
    /* so that it need not wait for us to read; less will do */
    (void)fcntl(pair[0], F_SETPIPE_SZ, PIPE_BYTES);
    pid = fork();
    if (pid == 0)
        be_child(job, pair[1], parent);
    (void)close(pair[1]);
    if (pid < 0) {
        int sys = errno;

        (void)close(pair[0]);
        errno = sys;
        return HF_FAIL_SYS(err, "cannot start a process for NSS");
    }
    *ret_child = (struct hf_nss_child){ pid, pair[0] };
    return 0;
}

int hf_nss_finish(struct hf_nss_child *child, struct hf_buf *ret_answer,
                  struct hf_err *err)
{
    int rc, status;

    hf_buf_init(ret_answer, ANSWER_MAX);
    rc = gather(child, ret_answer, err);
    (void)close(child->fd);
    if (rc < 0)
        (void)kill(child->pid, SIGKILL); /* its copy is thrown away with it */
    status = end_child(child->pid);
    *child = (struct hf_nss_child){ 0 };
    return rc < 0 ? rc : check_end(status, err);
}

void hf_nss_give_up(struct hf_nss_child *child)
{
    if (!child->pid)
        return;
    (void)close(child->fd);
    (void)kill(child->pid, SIGKILL);
    (void)end_child(child->pid);
    *child = (struct hf_nss_child){ 0 };
}

int hf_nss_run(const struct hf_nss_job *job, struct hf_buf *ret_answer,
               struct hf_err *err)
{
    struct hf_nss_child child = { 0 };

    hf_buf_init(ret_answer, ANSWER_MAX);
    if (hf_nss_start(job, &child, err) < 0)
        return hf_err_code(err);
    return hf_nss_finish(&child, ret_answer, err);
}
