/* SPDX-License-Identifier: Apache-2.0 */
/* load_fuzz.c - what is loaded lies in the file, and loads again as PEM. */
#include "crypto/load.h"
#include "fuzz.h"

static void check_places(const struct hf_load *load, size_t size)
{
    for (size_t i = 0; i < load->count; i++) {
        const struct hf_loaded *item = &load->item[i];

        HF_PROMISE(item->offset < item->end && item->end <= size);
        HF_PROMISE(i == 0 || item->offset >= item[-1].offset);
        HF_PROMISE((load->kind == HF_LOAD_PEM) == (item->line_no > 0));
    }
    for (size_t i = 0; i < load->fault_count; i++)
        HF_PROMISE(load->fault[i].text && load->fault[i].offset < size);
}

/* The same certificates, in the same order. */
static void check_again(const struct hf_load *load)
{
    struct hf_load again = { 0 };
    struct hf_buf pem;
    struct hf_err err;

    hf_buf_init(&pem, HF_LOAD_MAX);
    for (size_t i = 0; i < load->count; i++)
        hf_cert_pem(&pem, load->item[i].cert);
    HF_PROMISE(pem.bad == 0);
    HF_PROMISE(hf_load_certs(hf_buf_peek(&pem), NULL, &again, &err) == 0);
    HF_PROMISE(again.count == load->count && again.fault_count == 0);
    for (size_t i = 0; i < load->count; i++)
        HF_PROMISE(hf_cert_same(again.item[i].cert, load->item[i].cert));
    hf_load_done(&again);
    hf_buf_done(&pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_load load = { 0 };
    struct hf_err err = { 0 };

    if (hf_load_certs(hf_view(data, size), NULL, &load, &err) < 0) {
        HF_PROMISE(err.n > 0 && !load.item && !load.fault);
        return 0;
    }
    HF_PROMISE(load.kind == HF_LOAD_PEM || load.fault_count == 0);
    check_places(&load, size);
    if (load.count > 0)
        check_again(&load);
    hf_load_done(&load);
    return 0;
}
