/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_graph.c - every certificate that may stand above a leaf, and how
 * far it is from an anchor.
 *
 * The search follows the distances, so that in a mesh of cross-signed
 * authorities it walks towards an anchor and never into a dead end. */
#include <stdlib.h>

#include "crypto/path_parts.h"

#define NODES_MAX 20000 /* ours: see HF_PATH_BUDGET */

void hf_graph_done(struct hf_graph *graph)
{
    free(graph->node);
    *graph = (struct hf_graph){ 0 };
}

static int add(struct hf_graph *graph, struct hf_cert *cert, bool anchor,
               bool served, struct hf_err *err)
{
    if (graph->count == graph->room) {
        size_t room = graph->room ? graph->room * 2 : 16;
        struct hf_graph_node *grown =
            reallocarray(graph->node, room, sizeof(*grown));

        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path search");
        graph->node = grown;
        graph->room = room;
    }
    graph->node[graph->count++] = (struct hf_graph_node){
        .cert = cert,
        .subject = hf_name_hash(hf_cert_subject_der(cert)),
        .issuer = hf_name_hash(hf_cert_issuer_der(cert)),
        .distance = anchor ? 0 : HF_GRAPH_FAR,
        .anchor = anchor,
        .served = served,
    };
    return 0;
}

/* Adds all certificates with this subject; one may be there several times. */
static int add_named(struct hf_graph *graph, uint64_t subject,
                     const struct hf_path_ask *ask,
                     const struct hf_cert_index *served, struct hf_err *err)
{
    const struct hf_cert_index *source[] = { ask->anchors, served, ask->pool };

    for (size_t i = 0; i < HF_COUNT(source); i++) {
        struct hf_cert *const *named;
        size_t count = 0;

        if (source[i])
            named = hf_cert_index_range(source[i], subject, &count);
        for (size_t k = 0; k < count && graph->count < NODES_MAX; k++)
            if (add(graph, named[k], i == 0, i == 1, err) < 0)
                return hf_err_code(err);
    }
    return 0;
}

/* Names that were collected already: a hash table of NAMES numbers. */
#define NAMES 65536 /* a power of two, and over twice NODES_MAX */

/* Returns false when it was there. */
static bool note_name(uint64_t *names, uint64_t subject)
{
    size_t at = subject & (NAMES - 1);

    while (names[at] != 0 && names[at] != subject)
        at = (at + 1) & (NAMES - 1);
    if (names[at] == subject)
        return false;
    names[at] = subject;
    return true;
}

static int by_cert(const void *a, const void *b)
{
    const struct hf_graph_node *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return memcmp(hf_cert_sha256(x->cert), hf_cert_sha256(y->cert),
                  HF_SHA256_LEN);
}

static int by_subject(const void *a, const void *b)
{
    const struct hf_graph_node *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    /* anchors first, then what the server sent */
    if (x->anchor != y->anchor)
        return x->anchor ? -1 : 1;
    if (x->served != y->served)
        return x->served ? -1 : 1;
    return by_cert(a, b);
}

/* Makes one of those that are there several times, and sorts. */
static void settle(struct hf_graph *graph)
{
    struct hf_graph_node *node = graph->node;
    size_t kept = 0;

    if (graph->count == 0)
        return;
    qsort(node, graph->count, sizeof(*node), by_cert);
    for (size_t i = 1; i < graph->count; i++) {
        if (by_cert(&node[kept], &node[i]) != 0) {
            node[++kept] = node[i];
            continue;
        }
        node[kept].anchor |= node[i].anchor;
        node[kept].served |= node[i].served;
        if (node[i].distance < node[kept].distance)
            node[kept].distance = node[i].distance;
    }
    graph->count = kept + 1;
    qsort(node, graph->count, sizeof(*node), by_subject);
}

/* Index of the first node of a name, or `count`. */
static size_t first_of(const struct hf_graph *graph, uint64_t subject)
{
    size_t low = 0, high = graph->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (graph->node[mid].subject < subject)
            low = mid + 1;
        else
            high = mid;
    }
    return low < graph->count && graph->node[low].subject == subject
               ? low
               : graph->count;
}

struct hf_graph_node *hf_graph_range(const struct hf_graph *graph,
                                     uint64_t subject, size_t *ret_count)
{
    size_t first = first_of(graph, subject), end = first;

    while (end < graph->count && graph->node[end].subject == subject)
        end++;
    *ret_count = end - first;
    return graph->node ? graph->node + first : NULL;
}

/* Writes into the first node of each name the least distance under that name.
 */
static void find_nearest(struct hf_graph *graph)
{
    struct hf_graph_node *first = graph->node;

    for (size_t i = 0; i < graph->count; i++) {
        struct hf_graph_node *node = &graph->node[i];

        if (i == 0 || node->subject != first->subject) {
            first = node;
            first->nearest = HF_GRAPH_FAR;
        }
        if (node->distance < first->nearest)
            first->nearest = node->distance;
    }
}

/* Spreads the distances downwards until nothing changes. */
static void measure(struct hf_graph *graph)
{
    bool changed = true;

    for (unsigned round = 0; changed && round < HF_PATH_DEPTH_MAX; round++) {
        changed = false;
        find_nearest(graph);
        for (size_t i = 0; i < graph->count; i++) {
            struct hf_graph_node *node = &graph->node[i];
            size_t above = first_of(graph, node->issuer);

            if (above == graph->count ||
                graph->node[above].nearest + 1 >= node->distance)
                continue;
            node->distance = (uint8_t)(graph->node[above].nearest + 1);
            changed = true;
        }
    }
}

static int collect(struct hf_graph *graph, uint64_t *names,
                   const struct hf_path_ask *ask,
                   const struct hf_cert_index *served, struct hf_err *err)
{
    uint64_t wanted = hf_name_hash(hf_cert_issuer_der(ask->served->cert[0]));

    (void)note_name(names, wanted);
    if (add_named(graph, wanted, ask, served, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < graph->count; i++) {
        wanted = graph->node[i].issuer;
        if (note_name(names, wanted) &&
            add_named(graph, wanted, ask, served, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

int hf_graph_build(struct hf_graph *graph, const struct hf_path_ask *ask,
                   const struct hf_cert_index *served, struct hf_err *err)
{
    uint64_t *names = calloc(NAMES, sizeof(*names));
    int rc;

    if (!names)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path search");
    rc = collect(graph, names, ask, served, err);
    free(names);
    if (rc < 0)
        return rc;
    settle(graph);
    measure(graph);
    return 0;
}
