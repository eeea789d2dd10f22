/* SPDX-License-Identifier: Apache-2.0 */
/* hf_oom.h - what a function does when memory runs out, at every allocation.
 *
 * Include it in one file of a test program: it stands in for malloc. The first
 * allocation fails, then the second, and so on until the call succeeds. */
#ifndef HF_OOM_H
#define HF_OOM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "hf_test.h"

#define HF_OOM_MAX 100000 /* allocations; ours: more would take too long */

enum hf_oom_scope {
    HF_OOM_ALL, /* whoever allocates: we, the C library, OpenSSL */
    HF_OOM_OURS /* only calls that our own code makes itself */
};

/* One whole use of what is tested, its clean-up included.
 * Returns 0, or what the failing call returned, with `err` filled. */
typedef int hf_oom_attempt(void *arg, struct hf_err *err);

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define HF_OOM_ABSENT 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HF_OOM_ABSENT 1
#endif

#ifdef HF_OOM_ABSENT

/* A sanitizer has taken malloc's place already. */
static inline void hf_oom_test(const char *name, enum hf_oom_scope scope,
                               hf_oom_attempt *attempt, void *arg)
{
    struct hf_err err = { 0 };
    int status = attempt(arg, &err);

    (void)scope;
    HF_CHECK(status == 0, "%s: with memory; without it: see other builds",
             name);
}

#else

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

/* where the program's own code lies; given by the linker */
extern const char __executable_start[], etext[];

static struct {
    bool armed, ours_only, refused;
    size_t until_failure; /* allocations that still succeed, plus one */
    long live;            /* blocks taken and not given back while armed */
} hf_oom;

/* Is this allocation to fail? `caller` is the return address. */
static bool hf_oom_refuses(const void *caller)
{
    uintptr_t at = (uintptr_t)caller;

    if (!hf_oom.armed)
        return false;
    if (hf_oom.ours_only &&
        (at < (uintptr_t)__executable_start || at >= (uintptr_t)etext))
        return false;
    if (hf_oom.until_failure == 0 || --hf_oom.until_failure > 0)
        return false;
    hf_oom.refused = true;
    return true;
}

void *malloc(size_t size)
{
    void *block = hf_oom_refuses(__builtin_return_address(0))
                      ? NULL
                      : __libc_malloc(size);

    hf_oom.live += hf_oom.armed && block;
    return block;
}

void *calloc(size_t count, size_t size)
{
    void *block = hf_oom_refuses(__builtin_return_address(0))
                      ? NULL
                      : __libc_calloc(count, size);

    hf_oom.live += hf_oom.armed && block;
    return block;
}

void *realloc(void *old, size_t size)
{
    void *block = hf_oom_refuses(__builtin_return_address(0))
                      ? NULL
                      : __libc_realloc(old, size);

    hf_oom.live += hf_oom.armed && block && !old;
    hf_oom.live -= hf_oom.armed && !block && old && size == 0;
    return block;
}

void free(void *block)
{
    hf_oom.live -= hf_oom.armed && block;
    __libc_free(block);
}

/* One attempt with the allocation number `n` failing, none when n is 0.
 * Returns what is wrong, or NULL; `*ret_done` when nothing was refused. */
static const char *hf_oom_once(hf_oom_attempt *attempt, void *arg, size_t n,
                               bool *ret_done)
{
    struct hf_err err = { 0 };
    int status;

    hf_oom.live = 0;
    hf_oom.refused = false;
    hf_oom.until_failure = n;
    hf_oom.armed = true;
    status = attempt(arg, &err);
    hf_oom.armed = false;
    *ret_done = !hf_oom.refused;
    if (hf_oom.live > 0)
        return "memory is lost";
    if (!hf_oom.refused)
        return status == 0 ? NULL : "it fails though it has memory";
    if (status >= 0)
        return "it says it succeeded";
    return status == HF_E_NOMEM && err.code == HF_E_NOMEM && err.n > 0
               ? NULL
               : "it does not say HF_E_NOMEM";
}

/* Are the functions above in use? Valgrind puts its own in their place. */
static bool hf_oom_in_place(void)
{
    /* by a pointer: of malloc itself the compiler knows that it changes
     * nothing of ours, and takes the answer for certain */
    void *(*volatile take)(size_t) = malloc;
    void *volatile block;

    hf_oom.ours_only = false;
    hf_oom.until_failure = 2;
    hf_oom.armed = true;
    block = take(1);
    hf_oom.armed = false;
    free(block);
    return hf_oom.until_failure == 1;
}

/* One row: the attempt fails with HF_E_NOMEM and loses nothing, whichever of
 * its allocations fails, and at least one can. */
static inline void hf_oom_test(const char *name, enum hf_oom_scope scope,
                               hf_oom_attempt *attempt, void *arg)
{
    const char *fault;
    size_t n = 0;
    bool done = false;
    struct hf_err warm = { 0 };

    /* what libraries allocate once and keep is not a loss */
    if (attempt(arg, &warm) == 0 && !hf_oom_in_place()) {
        HF_CHECK(true, "%s: with memory; without it: not under valgrind", name);
        return;
    }
    hf_oom.ours_only = scope == HF_OOM_OURS;
    fault = hf_oom_once(attempt, arg, 0, &done);
    for (done = false; !fault && !done && n < HF_OOM_MAX;)
        fault = hf_oom_once(attempt, arg, ++n, &done);
    if (!fault && (!done || n < 2))
        fault = done ? "it never allocates" : "it allocates without end";
    if (fault)
        printf("# %s: allocation %zu fails: %s\n", name, n, fault);
    HF_CHECK(!fault, "%s: each of its %zu allocations may fail", name, n - 1);
}

#endif
#endif
