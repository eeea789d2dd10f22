/* SPDX-License-Identifier: Apache-2.0 */
/* hive_maker.h - the smallest registry hive: a base block, one bin, an empty
 * top key and its security. */
#ifndef HF_TESTS_HIVE_MAKER_H
#define HF_TESTS_HIVE_MAKER_H

#include <stdint.h>
#include <string.h>

#define HIVE_MADE_LEN 8192 /* bytes */
#define HIVE_BINS 4096     /* where the first bin begins */
#define HIVE_TOP 0x20      /* the top key's cell, from there */
#define HIVE_SECURITY 0x80 /* and that of its security */
#define HIVE_GAP 0xE0      /* and what is free */

static inline void hive_put(uint8_t *at, uint64_t n, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(n >> 8 * i);
}

/* Puts the right check sum into a base block. */
static inline void hive_sum(uint8_t *hive)
{
    uint8_t sum[4] = { 0 };

    for (size_t i = 0; i < 508; i++)
        sum[i % 4] ^= hive[i];
    memcpy(hive + 508, sum, 4);
}

static inline void hive_make_base(uint8_t *hive, uint32_t minor)
{
    memcpy(hive, "regf", 4);
    hive_put(hive + 4, 1, 4); /* sequence numbers */
    hive_put(hive + 8, 1, 4);
    hive_put(hive + 12, 132223104000000000, 8); /* 2020-01-01 */
    hive_put(hive + 20, 1, 4);                  /* version 1.minor */
    hive_put(hive + 24, minor, 4);
    hive_put(hive + 32, 1, 4); /* as it lies in memory */
    hive_put(hive + 36, HIVE_TOP, 4);
    hive_put(hive + 40, HIVE_MADE_LEN - HIVE_BINS, 4);
    hive_put(hive + 44, 1, 4); /* sectors at once */
    hive_sum(hive);
}

static inline void hive_make_top(uint8_t *key)
{
    static const char name[] = "ROOT";

    memcpy(key, "nk", 2);
    hive_put(key + 2, 0x2C, 2); /* top, cannot be deleted, Latin-1 name */
    hive_put(key + 4, 132223104000000000, 8);
    hive_put(key + 16, UINT32_MAX, 4); /* none above */
    hive_put(key + 28, UINT32_MAX, 4); /* lists of keys */
    hive_put(key + 32, UINT32_MAX, 4);
    hive_put(key + 40, UINT32_MAX, 4); /* list of values */
    hive_put(key + 44, HIVE_SECURITY, 4);
    hive_put(key + 48, UINT32_MAX, 4); /* class */
    hive_put(key + 72, sizeof(name) - 1, 2);
    memcpy(key + 76, name, sizeof(name) - 1);
}

/* Owner and group are the administrators (S-1-5-32-544), who may do all. */
static inline void hive_make_security(uint8_t *cell)
{
    static const uint8_t administrators[] = { 1,  2, 0, 0, 0,    0, 0, 5,
                                              32, 0, 0, 0, 0x20, 2, 0, 0 };

    memcpy(cell, "sk", 2);
    hive_put(cell + 4, HIVE_SECURITY, 4); /* alone in its ring */
    hive_put(cell + 8, HIVE_SECURITY, 4);
    hive_put(cell + 12, 1, 4); /* keys that share it */
    hive_put(cell + 16, 52, 4);
    cell[20] = 1;                   /* revision */
    hive_put(cell + 22, 0x8000, 2); /* self-relative; no list: everybody */
    hive_put(cell + 24, 20, 4);     /* owner */
    hive_put(cell + 28, 36, 4);     /* group */
    memcpy(cell + 40, administrators, sizeof(administrators));
    memcpy(cell + 56, administrators, sizeof(administrators));
}

/* Fills HIVE_MADE_LEN bytes. minor: 3 (NT 4) or 5 (XP and newer). */
static inline void hive_make(uint8_t *hive, uint32_t minor)
{
    uint8_t *bin = hive + HIVE_BINS;

    memset(hive, 0, HIVE_MADE_LEN);
    hive_make_base(hive, minor);
    memcpy(bin, "hbin", 4);
    hive_put(bin + 8, HIVE_MADE_LEN - HIVE_BINS, 4);
    /* a cell in use has its length as a negative number */
    hive_put(bin + HIVE_TOP, 0u - (HIVE_SECURITY - HIVE_TOP), 4);
    hive_make_top(bin + HIVE_TOP + 4);
    hive_put(bin + HIVE_SECURITY, 0u - (HIVE_GAP - HIVE_SECURITY), 4);
    hive_make_security(bin + HIVE_SECURITY + 4);
    hive_put(bin + HIVE_GAP, HIVE_MADE_LEN - HIVE_BINS - HIVE_GAP, 4);
}

#endif
