/* SPDX-License-Identifier: Apache-2.0 */
/* net/resolve_child.h - one child process that looks names up. */
#ifndef HF_NET_RESOLVE_CHILD_H
#define HF_NET_RESOLVE_CHILD_H

#include <sys/types.h>

#include "net/resolve.h"

/* A question and an answer are one datagram each on a SOCK_SEQPACKET pair: the
 * kernel keeps the frames apart, none is ever half there. */
struct hf_resolve_question {
    char host[254]; /* NUL included */
    uint16_t port;
};

/* Forks the child. It dies with its parent, holds no descriptor of ours but its
 * end of the pair, and has no standard streams.
 * Returns 0 or HF_E_IO, HF_E_NOMEM; `ret_fd` does not block. */
HF_MUST_USE int hf_resolve_child(hf_resolve_work *work, pid_t *ret_pid,
                                 int *ret_fd, struct hf_err *err);

/* Kills it if it still runs, and takes it off the process table.
 * Returns its wait status. */
int hf_resolve_child_end(pid_t pid);

/* A child has read bytes of strangers: is its answer one that can be? */
bool hf_resolved_sound(const struct hf_resolved *found, size_t len);

#endif
