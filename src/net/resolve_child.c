/* SPDX-License-Identifier: Apache-2.0 */
/* net/resolve_child.c - one child process that looks names up. */
#include "net/resolve_child.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void hf_resolve_system(const char *host, uint16_t port,
                       struct hf_resolved *ret_found)
{
    /* no AI_ADDRCONFIG: a host that has only addresses we have no route to is
     * then told as that, not as a name that does not exist */
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list = NULL;
    int rc = getaddrinfo(host, NULL, &hints, &list);

    if (rc != 0) {
        snprintf(ret_found->why, sizeof(ret_found->why), "%s",
                 rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
        return;
    }
    for (const struct addrinfo *one = list; one; one = one->ai_next)
        hf_addrs_add(&ret_found->addrs, one->ai_addr, port);
    freeaddrinfo(list);
    if (ret_found->addrs.count == 0)
        snprintf(ret_found->why, sizeof(ret_found->why),
                 "the name has no IP address");
}

/* Leaves the child nothing but `keep`. */
static void shed_files(int keep)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd < 3; fd++) {
        if (null >= 0)
            dup2(null, fd);
    }
    for (int fd = 3; fd < keep; fd++)
        close(fd);
    closefrom(keep + 1);
}

static void serve(int fd, hf_resolve_work *work)
{
    struct hf_resolve_question ask;

    while (recv(fd, &ask, sizeof(ask), 0) == (ssize_t)sizeof(ask)) {
        struct hf_resolved found;

        memset(&found, 0, sizeof(found));
        ask.host[sizeof(ask.host) - 1] = '\0';
        work(ask.host, ask.port, &found);
        if (send(fd, &found, sizeof(found), MSG_NOSIGNAL) < 0)
            break;
    }
}

static void be_child(int fd, pid_t parent, hf_resolve_work *work)
{
    if (fd < 3) { /* somebody started us without standard streams */
        int up = fcntl(fd, F_DUPFD_CLOEXEC, 3);

        if (up < 0)
            _exit(1);
        fd = up;
    }
    /* the parent may be gone before the signal was asked for */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent) {
        shed_files(fd);
        signal(SIGTERM, SIG_DFL);
        serve(fd, work);
    }
    _exit(0);
}

int hf_resolve_child(hf_resolve_work *work, pid_t *ret_pid, int *ret_fd,
                     struct hf_err *err)
{
    int pair[2];
    pid_t parent = getpid(), pid;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return HF_FAIL_SYS(err, "cannot make a socket pair for a resolver");
    pid = fork();
    if (pid == 0)
        be_child(pair[1], parent, work);
    close(pair[1]);
    if (pid < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0) {
        int sys = errno;

        close(pair[0]);
        if (pid > 0)
            (void)hf_resolve_child_end(pid);
        errno = sys;
        return HF_FAIL_SYS(err, "cannot start a resolver");
    }
    *ret_pid = pid;
    *ret_fd = pair[0];
    return 0;
}

int hf_resolve_child_end(pid_t pid)
{
    int status = 0;

    kill(pid, SIGKILL); /* it keeps nothing that a kill could spoil */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

bool hf_resolved_sound(const struct hf_resolved *found, size_t len)
{
    if (len != sizeof(*found) || found->addrs.count > HF_ADDRS_MAX ||
        !memchr(found->why, '\0', sizeof(found->why)))
        return false;
    for (unsigned i = 0; i < found->addrs.count; i++) {
        int family = found->addrs.addr[i].at.any.sa_family;

        if (family != AF_INET && family != AF_INET6)
            return false;
    }
    /* either addresses or a reason */
    return (found->addrs.count > 0) == (found->why[0] == '\0');
}
